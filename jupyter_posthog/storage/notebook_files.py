"""Notebooks as files of a person: the same text for the same notebook, whole or not at all."""

from __future__ import annotations

import hashlib
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_posthog.records.files import write_text

if TYPE_CHECKING:
    from nbformat import NotebookNode

_FOR_EVERYONE = 0o666
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def notebook_text(notebook: NotebookNode) -> str:
    """Return a notebook as the text of an .ipynb file."""
    import nbformat

    text: str = nbformat.writes(notebook)
    # Half a character, which JSON allows and UTF-8 does not, is written as JSON's own escape.
    text = _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return text if text.endswith("\n") else f"{text}\n"


def digest_of(text: str) -> str:
    """Return what tells two texts apart; the line ends that git may write differently do not count."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode("utf-8", "surrogatepass")).hexdigest()


def replace_notebook_text(file: Path, text: str) -> None:
    """Replace a file, a link included; nobody else may read it than before.

    Raises:
        OSError: The disk is full or not writable; the old file is untouched.
    """
    mode = stat.S_IMODE(file.stat().st_mode) if file.exists() else _FOR_EVERYONE
    write_text(file, text, mode=mode)


def write_notebook_file(file: Path, notebook: NotebookNode) -> str:
    """Write a notebook to the file that a person named, or to what that links to, and return its text.

    Raises:
        OSError: The disk is full or not writable; the old file is untouched.
    """
    text = notebook_text(notebook)
    replace_notebook_text(file.resolve(), text)
    return text
