"""The edits of one pulled file, on their way to PostHog."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_posthog.cli.documents import read_notebook, read_text
from jupyter_posthog.cli.workplace import Workplace
from jupyter_posthog.errors import SaveConflictError
from jupyter_posthog.storage.backup_folders import mine_beside
from jupyter_posthog.storage.notebook_files import digest_of, write_notebook_file
from jupyter_posthog.storage.page_parts import with_page_parts
from jupyter_posthog.storage.save_requests import SaveRequest

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_posthog.storage.notebooks import NotebookFacts
    from jupyter_posthog.storage.paths import NotebookAddress
    from jupyter_posthog.storage.saving import MergeNote, SavedNotebook


class WayOut(StrEnum):
    """What to do where both sides changed one block."""

    #: Save nothing, and show the blocks.
    ASK = "ask"
    #: In these blocks the file's, everywhere else both.
    MERGE = "merge"
    #: The file's as a notebook of its own.
    COPY = "copy"
    #: The file takes what PostHog holds; its own is kept beside it.
    THEIRS = "theirs"


class PushStatus(StrEnum):
    """What became of a file's edits."""

    SAVED = "saved"
    UNCHANGED = "unchanged"
    COPIED = "copied"
    TOOK_THEIRS = "took_theirs"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True, kw_only=True)
class PushedFile:
    """The outcome of one file.

    Attributes:
        version: What the file stands on now.
        facts: Of the notebook that the file holds now, where the file was written.
        digest: Of the file's text, where it was written.
        copy: The short_id of the notebook that was made of the edits.
        mine: Where the edits lie now.
        conflict: The blocks that need a person.
    """

    status: PushStatus
    short_id: str
    version: int | None = None
    facts: NotebookFacts | None = None
    digest: str = ""
    merged: MergeNote | None = None
    copy: str = ""
    mine: Path | None = None
    conflict: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A file as it was read."""

    path: Path
    text: str
    notebook: NotebookNode


def read_file(path: Path) -> ReadFile:
    """Read a notebook's file.

    Raises:
        WrongNotebookError: It is no notebook.
    """
    text = read_text(str(path))
    return ReadFile(path=path, text=text, notebook=read_notebook(text, name=path.name))


async def push_file(workplace: Workplace, file: ReadFile, way_out: WayOut) -> PushedFile:
    """Save, then make the file stand on the version that PostHog has now.

    Raises:
        PosthogError: Nothing was saved, or PostHog does not say so; the file and a draft keep the edits.
    """
    address, version = await workplace.address_of(file.notebook)
    request = SaveRequest(address=address, notebook=file.notebook, base_version=version)
    try:
        saved = await workplace.storage.saver.save(request)
    except SaveConflictError as error:
        return await _conflict(workplace, file, address, error, way_out)
    return await _saved(workplace, file, address, saved)


async def _saved(workplace: Workplace, file: ReadFile, address: NotebookAddress, saved: SavedNotebook) -> PushedFile:
    short_id = address.short_id
    if saved.facts is None:
        return PushedFile(status=PushStatus.UNCHANGED, short_id=short_id, version=saved.base_version)
    facts, digest = await _rewrite(workplace, file, address)
    return PushedFile(
        status=PushStatus.SAVED,
        short_id=short_id,
        version=saved.base_version,
        facts=facts,
        digest=digest,
        merged=saved.merged,
    )


async def _conflict(
    workplace: Workplace, file: ReadFile, address: NotebookAddress, error: SaveConflictError, way_out: WayOut
) -> PushedFile:
    conflicts = workplace.storage.conflicts
    conflict = (await conflicts.describe(error.draft_id)).to_json()
    blocks: Any = conflict["blocks"]
    if way_out is WayOut.COPY:
        copy = await conflicts.keep_as_copy(error.draft_id)
        return PushedFile(status=PushStatus.COPIED, short_id=address.short_id, copy=copy.address.short_id)
    if way_out is WayOut.THEIRS:
        opened = await workplace.storage.remote_notebooks.open(address)
        mine = mine_beside(file.path)
        facts, digest = opened.facts, digest_of(write_notebook_file(file.path, opened.notebook))
        conflicts.take_theirs(error.draft_id)
        return PushedFile(
            status=PushStatus.TOOK_THEIRS, short_id=address.short_id, facts=facts, digest=digest, mine=mine
        )
    if way_out is WayOut.MERGE and all(block["can_edit"] or block["mine"] is not None for block in blocks):
        answers = {str(block["id"]): "mine" for block in blocks}
        saved = await conflicts.resolve(error.draft_id, answers, saver=workplace.storage.saver)
        return await _saved(workplace, file, address, saved)
    return PushedFile(status=PushStatus.CONFLICT, short_id=address.short_id, conflict=conflict)


async def _rewrite(workplace: Workplace, file: ReadFile, address: NotebookAddress) -> tuple[NotebookFacts | None, str]:
    opened = await workplace.storage.remote_notebooks.open(address)
    if read_text(str(file.path)) != file.text:
        return None, ""  # somebody saved the file meanwhile; the next push merges that
    text = write_notebook_file(file.path, with_page_parts(opened.notebook, file.notebook))
    return opened.facts, digest_of(text)
