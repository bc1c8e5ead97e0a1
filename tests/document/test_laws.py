"""The laws of design.md §4, for every document of the corpus and for any other."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_posthog.document import (
    CellIdentity,
    Ledger,
    document_to_notebook,
    node_id_of,
    notebook_to_document,
    read_document,
    shows_cells_of,
    write_document,
)
from jupyter_posthog.document.values import canonical
from jupyter_posthog.errors import CellNotWritableError, DocumentTooDeepError
from tests.document.corpus import FILES, document_of, name_of
from tests.document.rich_strategies import any_rich_documents
from tests.document.strategies import documents, markdown_texts, wrapped


def assert_same_document(found: Any, expected: Any) -> None:
    assert canonical(found) == canonical(expected)


def check_identity(document: Any) -> None:
    before = copy.deepcopy(document)
    notebook = document_to_notebook(document)

    assert_same_document(notebook_to_document(notebook, document), document)
    assert_same_document(document, before)
    nbformat.validate(notebook)
    ids = [cell["id"] for cell in notebook.cells]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_an_untouched_document_survives(file: Path) -> None:
    check_identity(document_of(file))


@given(document=documents)
def test_any_untouched_document_survives(document: Any) -> None:
    check_identity(document)


@given(document=documents)
def test_it_survives_a_file_and_a_ledger_on_disk_too(document: Any) -> None:
    read = read_document(document)
    notebook = nbformat.reads(nbformat.writes(read.notebook), as_version=4)
    ledger = Ledger.from_json(json.loads(json.dumps(read.ledger.to_json())))

    written = write_document(notebook, ledger)

    assert not written.is_changed
    assert_same_document(written.document, document)


@given(text=markdown_texts())
def test_every_character_of_markdown_belongs_to_one_cell_or_the_space_between(text: str) -> None:
    ledger = read_document(wrapped(text)).ledger

    position = 0
    for cell in ledger.cells:
        assert cell.start >= position
        assert not text[position : cell.start].strip() or "<!--ph:" in text[position : cell.start]
        position = cell.end
    assert not text[position:].strip() or "<!--ph:" in text[position:]


@given(document=documents)
def test_ids_are_the_same_at_each_open(document: Any) -> None:
    first, second = document_to_notebook(document), document_to_notebook(document)

    assert [cell["id"] for cell in first.cells] == [cell["id"] for cell in second.cells]


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_an_edit_of_one_cell_changes_only_its_own_segments(file: Path) -> None:
    document = document_of(file)
    read = read_document(document)
    for number, shown in enumerate(read.ledger.cells):
        notebook = copy.deepcopy(read.notebook)
        cell = notebook.cells[number]
        cell["source"] = edited(cell)
        try:
            written = write_document(notebook, read.ledger)
        except CellNotWritableError as error:
            assert error.cell_number == number + 1
            continue

        assert written.is_changed
        if read.ledger.shape == "markdown":
            old, new = read.ledger.stored.text, written.text_content or ""
            assert new.startswith(old[: shown.start])
            assert new.endswith(old[shown.end :])
        else:
            after = read_document(written.document).ledger.stored.nodes
            nodes = read.ledger.stored.nodes
            assert canonical(list(after[: shown.start])) == canonical(list(nodes[: shown.start]))
            tail = len(nodes) - shown.end
            assert canonical(list(after[len(after) - tail :])) == canonical(list(nodes[shown.end :]))


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_an_edited_cell_reads_back_as_edited_and_a_second_save_sends_nothing(file: Path) -> None:
    read = read_document(document_of(file))
    for number in range(len(read.ledger.cells)):
        notebook = copy.deepcopy(read.notebook)
        notebook.cells[number]["source"] = edited(notebook.cells[number])
        try:
            written = write_document(notebook, read.ledger)
        except CellNotWritableError:
            continue
        kept = [
            CellIdentity(
                cell_id=cell["id"], node_id=node_id_of(cell), cell_type=cell["cell_type"], source=cell["source"]
            )
            for cell in notebook.cells
        ]

        again = read_document(written.document, kept_cells=kept)

        assert [cell["id"] for cell in again.notebook.cells] == [cell["id"] for cell in notebook.cells]
        assert lf(again.notebook.cells[number]["source"]) == lf(notebook.cells[number]["source"])
        assert not write_document(again.notebook, again.ledger).is_changed


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_an_edit_undone_is_no_edit(file: Path) -> None:
    document = document_of(file)
    read = read_document(document)
    for cell in read.notebook.cells:
        source = cell["source"]
        cell["source"] = edited(cell)
        cell["source"] = source

    assert not write_document(read.notebook, read.ledger).is_changed


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_deleting_a_cell_and_bringing_it_back_is_no_change(file: Path) -> None:
    document = document_of(file)
    read = read_document(document)
    for number in range(len(read.ledger.cells)):
        cells = list(read.notebook.cells)
        removed = cells.pop(number)
        without = nbformat.from_dict({**read.notebook, "cells": cells})
        assert write_document(without, read.ledger).is_changed
        cells.insert(number, removed)
        restored = nbformat.from_dict({**read.notebook, "cells": cells})
        assert_same_document(write_document(restored, read.ledger).document, document)


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_cells_written_without_a_base_are_the_same_cells(file: Path) -> None:
    notebook = document_to_notebook(document_of(file))

    again = document_to_notebook(notebook_to_document(notebook, None))

    assert shown_cells(again) == shown_cells(notebook)
    claims = {node_id_of(cell) for cell in notebook.cells} - {None}
    assert claims <= {node_id_of(cell) for cell in again.cells}


@given(document=st.one_of(documents, any_rich_documents))
def test_any_cells_written_without_a_base_are_the_same_cells(document: Any) -> None:
    """Not where JSON storage cannot hold them, which is refused; U+2028 in prose becomes a space (5.2, traps)."""
    notebook = document_to_notebook(document)
    try:
        written = notebook_to_document(notebook, None)
    except CellNotWritableError as error:
        assert "is no JSON" in error.problem or "cannot be stored" in error.problem
        return

    again = document_to_notebook(written)

    assert shown_cells(again) == shown_cells(notebook)


def shown_cells(notebook: Any) -> list[Any]:
    cells = []
    for cell in notebook.cells:
        own = cell["metadata"]["posthog"]
        source = (
            re.sub("[\u2028\u2029]", " ", lf(cell["source"])) if cell["cell_type"] == "markdown" else cell["source"]
        )
        if cell["cell_type"] == "raw":
            source = re.sub(r' nodeId="[^"]*"', "", source)  # of two with one node id, the second takes its own
        cells.append([cell["cell_type"], lf(source), own.get("return_variable"), own.get("title")])
    return cells


def test_a_document_that_is_too_deep_names_the_place() -> None:
    document: Any = {"type": "doc", "content": []}
    inner = document
    for _ in range(600):
        child: dict[str, Any] = {"type": "blockquote", "content": []}
        inner["content"].append(child)
        inner = child

    with pytest.raises(DocumentTooDeepError, match="document"):
        document_to_notebook(document)


def test_a_notebook_shows_its_document_whatever_its_outputs() -> None:
    read = read_document(wrapped('Prose.\n\n\n<PythonV2 nodeId="p" code="1" />'))
    notebook = read.notebook
    notebook.cells[1]["outputs"] = [nbformat.v4.new_output("stream", text="x")]
    notebook.cells.append(nbformat.v4.new_code_cell(""))

    assert shows_cells_of(notebook, read.ledger)
    notebook.cells[1]["metadata"]["posthog"]["title"] = "Other"
    assert not shows_cells_of(notebook, read.ledger)


def lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def edited(cell: Any) -> str:
    source: str = lf(cell["source"])
    if cell["cell_type"] == "raw":
        inside = next(place for place in (" nodeContent=", " />", "/>", " ", ">") if place in source)
        return source.replace(inside, f' added="1"{inside}', 1)
    if cell["cell_type"] == "code":
        return f"{source}\n# edited & &lt; \\n"
    first, *others = source.split("\n")
    if first.startswith("#"):
        return "\n".join([f"{first} edited", *others])
    is_plain = not source.split("\n")[-1].startswith(("`", "-", "|", "<", ">", "*", "_", "\\"))
    return f"{source} edited" if is_plain else f"Edited\n\n{source}"


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_document_survives_tools_that_strip_metadata_or_rename_cells(file: Path) -> None:
    document = document_of(file)
    notebook = document_to_notebook(document)
    for cell in notebook.cells:
        cell["metadata"].pop("posthog", None)

    assert_same_document(notebook_to_document(notebook, document), document)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"new-{number}"
    assert_same_document(notebook_to_document(notebook, document), document)


def test_a_name_that_a_person_removed_is_removed() -> None:
    document = wrapped('<PythonV2 nodeId="p" title="T" code="1" returnVariable="x" />')
    notebook = document_to_notebook(document)
    del notebook.cells[0]["metadata"]["posthog"]["title"]

    written: Any = notebook_to_document(notebook, document)

    assert written == wrapped('<PythonV2 nodeId="p" code="1" returnVariable="x" />')


def test_json_text_that_is_too_deep_names_the_place() -> None:
    with pytest.raises(DocumentTooDeepError, match="document"):
        document_to_notebook("[" * 5_000 + "]" * 5_000)
