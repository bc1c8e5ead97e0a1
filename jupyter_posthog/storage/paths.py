"""Paths on the drive: ``<connection>/<project_id>/<title> [<short_id>].ipynb`` (design.md §3)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jupyter_posthog.errors import InvalidPathError, TitleNotUsableError

SUFFIX = ".ipynb"
UNTITLED = "Untitled"
MAXIMUM_TITLE = 256  # posthog-api.md 6.1
_SLASH = "/"
# What no file name can hold is shown by a character of its own and turned back on rename: slashes, control characters.
_SHOWN = {_SLASH: "∕", "\x7f": "␡"} | {chr(code): chr(0x2400 + code) for code in range(0x20)}
_SHOW = str.maketrans(_SHOWN)
_TURN_BACK = str.maketrans({shown: character for character, shown in _SHOWN.items()})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# A title may hold half a character, as JSON allows; no address and no header can.
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_WITH_TITLE = re.compile(r"(?s)(?P<title>.*) \[(?P<short_id>[A-Za-z0-9]{1,12})\]\.ipynb")
_BARE = re.compile(r"(?P<short_id>[A-Za-z0-9]{1,12})\.ipynb")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookAddress:
    """Where one remote notebook is: connection by name, project, short_id."""

    connection: str
    project_id: int
    short_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderAddress:
    """A folder of the drive: everything, one connection, or one project of a connection."""

    connection: str | None = None
    project_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotebookAddress:
    """A file name without a short_id: a notebook that PostHog does not have yet."""

    connection: str
    project_id: int
    title: str


Address = NotebookAddress | FolderAddress | NewNotebookAddress


def parse_path(path: str) -> Address:
    """Read a drive path, without the drive's own prefix.

    Raises:
        InvalidPathError: The path has no known form.
    """
    parts = [part for part in path.strip(_SLASH).split(_SLASH) if part]
    if not parts:
        return FolderAddress()
    if len(parts) > 3 or any(part in {".", ".."} for part in parts):
        raise InvalidPathError(path=path)
    if len(parts) == 1:
        return FolderAddress(connection=parts[0])
    if not (parts[1].isascii() and parts[1].isdigit()):
        raise InvalidPathError(path=path)
    project_id = int(parts[1])
    if len(parts) == 2:
        return FolderAddress(connection=parts[0], project_id=project_id)
    return _parse_file(parts[0], project_id, parts[2], path)


def _parse_file(connection: str, project_id: int, name: str, path: str) -> Address:
    found = _WITH_TITLE.fullmatch(name) or _BARE.fullmatch(name)
    if found:
        return NotebookAddress(connection=connection, project_id=project_id, short_id=found["short_id"])
    if not name.endswith(SUFFIX):
        raise InvalidPathError(path=path)
    return NewNotebookAddress(connection=connection, project_id=project_id, title=title_of(name))


def title_of(file_name: str, short_id: str = "") -> str:
    """Return the title a person typed as a file name, whether or not they kept the short_id in it."""
    title = file_name.removesuffix(SUFFIX)
    title = title.removesuffix(f" [{short_id}]") if short_id else title
    return "" if title == UNTITLED else title.translate(_TURN_BACK)


def check_typed(file_name: str, title: str) -> None:
    """Check what a person typed as the name of a notebook.

    Raises:
        TitleNotUsableError: PostHog would not take it as a title; the name says what is wrong with it.
    """
    if _CONTROL.search(file_name):
        raise TitleNotUsableError(problem="it holds a control character, such as a tab or a line break")
    if _LONE_SURROGATE.search(file_name):
        raise TitleNotUsableError(problem="it holds half a character")
    if len(title) > MAXIMUM_TITLE:
        raise TitleNotUsableError(problem=f"it has {len(title)} characters, and PostHog takes {MAXIMUM_TITLE}")


def known_title(path: str) -> str | None:
    """Return the title that a path names beside its short_id; None where it names the short_id alone."""
    found = _WITH_TITLE.fullmatch(path.rsplit(_SLASH, 1)[-1])
    return None if found is None else title_of(f"{found['title']}{SUFFIX}")


def as_new_title(path: str, address: NotebookAddress) -> NewNotebookAddress | None:
    """Return what a bare ``Plan.ipynb`` is where no notebook has that short_id: a new notebook's title."""
    name = path.rsplit(_SLASH, 1)[-1]
    if _BARE.fullmatch(name) is None:
        return None
    return NewNotebookAddress(connection=address.connection, project_id=address.project_id, title=title_of(name))


def file_name(title: str | None, short_id: str) -> str:
    """Return the one canonical file name of a notebook."""
    shown = _LONE_SURROGATE.sub("\ufffd", (title or "").strip().translate(_SHOW)) or UNTITLED
    return f"{shown} [{short_id}]{SUFFIX}"


def notebook_path(address: NotebookAddress, title: str | None) -> str:
    """Return the one canonical path of a notebook."""
    return f"{address.connection}/{address.project_id}/{file_name(title, address.short_id)}"
