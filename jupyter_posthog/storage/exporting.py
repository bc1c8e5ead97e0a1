"""Remote notebooks as files to keep: notebook, Markdown, web page, Python."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import anyio

from jupyter_posthog.document import upgrade_to_markdown
from jupyter_posthog.errors import ExportUnknownError, PackageMissingError
from jupyter_posthog.storage.paths import SUFFIX

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_posthog.storage.notebooks import NotebookFacts, OpenNotebook, RemoteNotebooks
    from jupyter_posthog.storage.paths import NotebookAddress

#: What file systems refuse, and characters that turn the direction of a name around.
_UNSAFE = re.compile(r'[\\:*?"<>|\x00-\x1f\x7f-\x9f\u2400-\u2421\u200e\u200f\u202a-\u202e\u2066-\u2069]')
#: File systems take 255 bytes; the short_id and the ending come behind.
_LONGEST_TITLE_BYTES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """One file to keep, with a name that every file system takes."""

    name: str
    media_type: str
    body: bytes


class Exports:
    """Makes files of remote notebooks."""

    def __init__(self, remote_notebooks: RemoteNotebooks) -> None:
        self._remote_notebooks = remote_notebooks

    async def export(self, address: NotebookAddress, *, format: str) -> ExportedFile:
        """Return one notebook as a file.

        Args:
            format: One of ``ipynb``, ``markdown``, ``html`` and ``python``.

        Raises:
            ExportUnknownError: The format is none of these.
            PackageMissingError: nbconvert, which makes two of them, is not installed.
        """
        if format not in _FORMATS:
            raise ExportUnknownError(format=format, known=", ".join(_FORMATS))
        suffix, media_type, write = _FORMATS[format]
        opened = await self._remote_notebooks.open(address)
        # Jinja and nbconvert take their time; the server goes on meanwhile.
        text = await anyio.to_thread.run_sync(write, opened)
        name = kept_name(opened.facts)
        return ExportedFile(name=f"{name}{suffix}", media_type=media_type, body=_whole_characters(text).encode())


def _notebook_text(opened: OpenNotebook) -> str:
    return json.dumps(opened.notebook, indent=1) + "\n"


def _markdown_text(opened: OpenNotebook) -> str:
    """Return PostHog's own Markdown: the stored text, or what a rich notebook becomes."""
    return upgrade_to_markdown(opened.document).text


def _html_text(opened: OpenNotebook) -> str:
    # What others wrote must not run scripts from a file on this machine.
    return _converted(opened, "html", sanitize_html=True)


def _python_text(opened: OpenNotebook) -> str:
    return _converted(opened, "python")


def _converted(opened: OpenNotebook, exporter_name: str, **options: bool) -> str:
    try:
        from nbconvert.exporters.base import get_exporter
    except ImportError as error:
        raise PackageMissingError(packages="nbconvert", purpose="This export") from error
    exporter = get_exporter(exporter_name)(**options)
    resources = {"metadata": {"name": opened.facts.title or "Untitled"}}
    text, _ = exporter.from_notebook_node(_with_visible_components(opened.notebook), resources=resources)
    return str(text)


def _with_visible_components(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook whose raw cells are shown as text: exporters drop what is of a format they do not know."""
    cells = [_shown(cell) if cell["cell_type"] == "raw" else cell for cell in notebook["cells"]]
    from nbformat import from_dict

    shown: NotebookNode = from_dict({**notebook, "cells": cells})
    return shown


def _shown(cell: NotebookNode) -> dict[str, object]:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", str(cell["source"]))), default=0))
    source = f"{fence}text\n{cell['source']}\n{fence}"
    return {"cell_type": "markdown", "id": cell["id"], "metadata": {}, "source": source}


def kept_name(facts: NotebookFacts) -> str:
    """Return the name of a notebook's file, without its ending, as every file system takes it."""
    title = facts.path.rpartition("/")[2].removesuffix(SUFFIX).rpartition(" [")[0]
    title = _UNSAFE.sub("_", title).lstrip(".") or "Untitled"
    title = title.encode()[:_LONGEST_TITLE_BYTES].decode(errors="ignore")
    return f"{title} [{facts.address.short_id}]"


def _whole_characters(text: str) -> str:
    """Return a text in which half a character, which JSON allows, is shown as U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


_FORMATS: dict[str, tuple[str, str, Callable[[OpenNotebook], str]]] = {
    "ipynb": (SUFFIX, "application/x-ipynb+json", _notebook_text),
    "markdown": (".md", "text/markdown; charset=utf-8", _markdown_text),
    "html": (".html", "text/html; charset=utf-8", _html_text),
    "python": (".py", "text/x-python; charset=utf-8", _python_text),
}
