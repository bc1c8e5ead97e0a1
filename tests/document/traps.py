"""What the tests of the trap list share (posthog-document.md 5.2)."""

from __future__ import annotations

import copy
import json
from typing import Any

import nbformat
import pytest

from jupyter_posthog.document import Ledger, read_document, write_document
from jupyter_posthog.document.values import canonical
from tests.document.readers.backend import read_tags
from tests.document.readers.browser_blocks import read_blocks
from tests.document.strategies import wrapped

CELL = '<PythonV2 nodeId="a" code="1" />'


def trap(name: str, *values: object) -> Any:
    """Return one row under the name that the list gives it."""
    return pytest.param(*values, id=name)


def cells_of(document: Any) -> list[tuple[str, str]]:
    return [(cell["cell_type"], cell["source"]) for cell in read_document(document).notebook.cells]


def ids_of(document: Any) -> list[tuple[str, str | None]]:
    cells = read_document(document).notebook.cells
    return [(cell["id"], cell["metadata"].get("posthog", {}).get("node_id")) for cell in cells]


def assert_survives(document: Any) -> None:
    """Open, write to a file, read again, save: nothing may differ."""
    read = read_document(document)
    notebook = nbformat.reads(nbformat.writes(read.notebook), as_version=4)
    ledger = Ledger.from_json(json.loads(json.dumps(read.ledger.to_json())))

    written = write_document(notebook, ledger)

    assert not written.is_changed
    assert canonical(written.document) == canonical(document)


def with_source(document: Any, number: int, source: str) -> Any:
    """Return the document after one cell, counted from 0, was edited."""
    read = read_document(document)
    notebook = copy.deepcopy(read.notebook)
    notebook.cells[number]["source"] = source
    return write_document(notebook, read.ledger).document


def markdown_with(text: str, number: int, source: str) -> str:
    """Return a Markdown notebook's text after one cell, counted from 0, was edited."""
    document = with_source(wrapped(text), number, source)
    written: str = document["content"][0]["attrs"]["markdown"]
    return written


def tags_of_browser(markdown: str) -> list[tuple[str | None, Any, Any]]:
    """Return name, node id and code of each code tag that the browser sees."""
    return [
        (block.tag_name, block.props.get("nodeId"), block.props.get("code"))
        for block in read_blocks(markdown)
        if block.kind == "component" and not block.has_prop_errors and "code" in block.props
    ]


def tags_of_backend(markdown: str) -> list[tuple[str | None, Any, Any]]:
    return [(tag.name, tag.props.get("nodeId"), tag.props.get("code")) for tag in read_tags(markdown)]
