"""Files that the commands read and write: notebooks, and PostHog documents as JSON or Markdown."""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_posthog.document import JsonValue
from jupyter_posthog.errors import DocumentTooDeepError, WrongNotebookError

if TYPE_CHECKING:
    from nbformat import NotebookNode

STANDARD = "-"


def read_text(file: str) -> str:
    """Return the text of a file, or of standard input.

    Raises:
        WrongNotebookError: It is no text.
    """
    try:
        return sys.stdin.read() if file == STANDARD else Path(file).read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise WrongNotebookError(problem=f"{file} is not text in UTF-8") from error


def read_notebook(text: str, *, name: str) -> NotebookNode:
    """Return the notebook that a text holds, brought to nbformat 4.

    Raises:
        WrongNotebookError: It is no notebook.
    """
    import nbformat  # seconds, where jsonschema checks formats: only for the commands that need it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what nbformat repairs, such as an id that stands twice
            notebook: NotebookNode = nbformat.reads(text, as_version=4)
    except (nbformat.ValidationError, ValueError, AttributeError, LookupError, TypeError, RecursionError) as error:
        raise WrongNotebookError(problem=f"{name} is not a notebook") from error
    if not isinstance(notebook["metadata"], dict) or not all(map(_is_cell, notebook["cells"])):
        raise WrongNotebookError(problem=f"{name} is not a notebook")
    return notebook


def _is_cell(cell: object) -> bool:
    return (
        isinstance(cell, dict)
        and isinstance(cell.get("cell_type"), str)
        and isinstance(cell.get("source"), str)
        and isinstance(cell.get("metadata"), dict)
    )


def read_document_file(text: str, *, name: str) -> JsonValue:
    """Return the document that a text holds: a record's ``content``, a whole record, or PostHog's Markdown.

    Raises:
        WrongNotebookError: It should be JSON, and is not.
    """
    if name.endswith(".md"):
        return text
    try:
        value: JsonValue = json.loads(text)
    except ValueError as error:
        place = "standard input" if name == STANDARD else name
        raise WrongNotebookError(problem=f"{place} is not JSON") from error
    except RecursionError as error:
        raise DocumentTooDeepError(place=name) from error
    if isinstance(value, dict) and "short_id" in value and "content" in value:
        return value["content"]
    return value


def holds_notebook(text: str, *, name: str) -> bool:
    """Whether a text is a Jupyter notebook rather than a document of PostHog's."""
    if name != STANDARD:
        return name.endswith(".ipynb")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and "nbformat" in value


def write_text(file: str, text: str) -> None:
    """Write a file, or to standard output."""
    if file == STANDARD:
        print(text, end="")
    else:
        Path(file).write_bytes(text.encode("utf-8", "surrogatepass"))
