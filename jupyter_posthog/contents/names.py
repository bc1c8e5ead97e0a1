"""What a request names: its kind, the title somebody typed, the title of a copy."""

from __future__ import annotations

from dataclasses import replace

from jupyter_posthog.contents.models import Model
from jupyter_posthog.errors import InvalidPathError, WrongKindError
from jupyter_posthog.storage.paths import (
    MAXIMUM_TITLE,
    Address,
    FolderAddress,
    NewNotebookAddress,
    NotebookAddress,
    check_typed,
    title_of,
)

_COPY = " (copy)"


def check_kind(path: str, address: Address, type: str | None, format: str | None) -> None:
    """Check that a path names what is asked for, in Jupyter's words for types and formats.

    Raises:
        WrongKindError: It names something else.
    """
    kind = "folder" if isinstance(address, FolderAddress) else "notebook"
    asked = kind if type is None else "folder" if type == "directory" else type
    if asked == kind == "notebook" and format not in {None, "json"}:
        asked = f"file of format {format}"
    if asked != kind:
        raise WrongKindError(path=path.strip("/"), kind=kind, asked=asked)


def with_usable_title(path: str, address: NewNotebookAddress) -> NewNotebookAddress:
    """Return the address of a new notebook, whose title has no spaces around it.

    A name that would be a notebook's own, such as ``Plan.ipynb``, is a new title with a space behind it.

    Raises:
        TitleNotUsableError: PostHog would not take its title.
    """
    check_typed(path.rpartition("/")[2], address.title)
    return replace(address, title=address.title.strip())


def new_title(model: Model, address: NotebookAddress) -> str | None:
    """Return the title that a renaming asks for; None where it asks for none.

    Raises:
        InvalidPathError: It asks for another project, where a notebook cannot be moved to.
        TitleNotUsableError: PostHog would not take the title.
    """
    new_path = model.get("path")
    if new_path is None:
        return None
    folder, _, name = new_path.strip("/").rpartition("/")
    if folder and folder != f"{address.connection}/{address.project_id}":
        raise InvalidPathError(path=new_path)
    title = title_of(name, address.short_id)
    check_typed(name, title)
    return title


def title_of_copy(title: str) -> str:
    """Return the title of a copy, short enough for PostHog."""
    return f"{title[: MAXIMUM_TITLE - len(_COPY)]}{_COPY}".strip()
