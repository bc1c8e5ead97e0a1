"""A new notebook in PostHog, made of a file that PostHog does not have."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_posthog.cli.workplace import Workplace
from jupyter_posthog.document import new_document
from jupyter_posthog.errors import WrongNotebookError
from jupyter_posthog.storage.backup_folders import BackupFolder
from jupyter_posthog.storage.exporting import kept_name
from jupyter_posthog.storage.notebook_files import digest_of, write_notebook_file
from jupyter_posthog.storage.page_parts import with_outputs_of
from jupyter_posthog.storage.paths import SUFFIX, check_typed, title_of

if TYPE_CHECKING:
    from nbformat import NotebookNode


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedFile:
    """The file of the new notebook, which has taken the place of the person's own.

    Attributes:
        notes: What PostHog's notebook does not hold.
    """

    short_id: str
    version: int | None
    file: Path
    notes: tuple[str, ...]


async def create_of_file(
    workplace: Workplace, path: Path, notebook: NotebookNode, folder: BackupFolder | None
) -> CreatedFile:
    """Make the notebook in the folder's project, titled as the file is named.

    Raises:
        PosthogError: Nothing was made; the file is as it was.
    """
    connection = workplace.connection
    project_id = folder.project_id if folder is not None else await workplace.project_id()
    if folder is not None and folder.origin != workplace.connections.origin(connection):
        raise WrongNotebookError(problem=f"its folder belongs to {folder.origin}, which is not the connected PostHog")
    title = title_of(path.name)
    check_typed(path.name, title)
    notes = tuple(map(str, new_document(notebook).notes))
    storage = workplace.storage
    facts = await storage.new_notebooks.create_from(connection, project_id, title=title, notebook=notebook)
    opened = await storage.remote_notebooks.open(facts.address)
    target = path.with_name(f"{kept_name(opened.facts)}{SUFFIX}")
    text = _put_in_place(path, target, with_outputs_of(opened.notebook, notebook))
    if folder is not None:
        target = folder.note(target, opened.facts, digest_of(text))
        folder.keep()
    return CreatedFile(short_id=facts.address.short_id, version=opened.facts.version, file=target, notes=notes)


def _put_in_place(path: Path, target: Path, notebook: NotebookNode) -> str:
    text = write_notebook_file(target, notebook)
    path.unlink()
    return text
