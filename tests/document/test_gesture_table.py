"""The table of docs/gestures.md, a test for each of its fields."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from nbformat import NotebookNode

from jupyter_posthog.document import read_document, write_document
from tests.document.edits import new_cell
from tests.document.strategies import wrapped

RUN = 'runId="r" runStatus="done" result={{"columns":["a"],"first_page":[[1]]}}'
SQL = f'<SQLV2 nodeId="q" title="Orders" code="SELECT 1" returnVariable="orders" connectionId="c" {RUN} />'
TEXT = f'# One\n\n{SQL}\n\n\n\n<PythonV2 nodeId="p" code="x = 1\\ny = 2" {RUN} />\n\n \n\nFirst half.\n\nSecond half.\n'
RICH = {
    "type": "doc",
    "content": [
        {"type": "heading", "attrs": {"level": 1, "id": "h"}, "content": [{"type": "text", "text": "One"}]},
        {
            "type": "ph-python",
            "attrs": {"nodeId": "p", "code": "x = 1", "height": 9, "pythonExecution": {"status": "ok"}},
        },
        {"type": "ph-query", "attrs": {"nodeId": "w", "query": "{}", "height": 4}},
    ],
}


def opened(document: Any) -> tuple[NotebookNode, Any]:
    read = read_document(document)
    return copy.deepcopy(read.notebook), read.ledger


def stored(notebook: NotebookNode, ledger: Any) -> Any:
    document = write_document(notebook, ledger).document
    nodes: Any = document["content"]  # type: ignore[index, call-overload]
    return nodes[0]["attrs"]["markdown"] if ledger.shape == "markdown" else nodes


def with_id(cell: Any, cell_id: str) -> NotebookNode:
    copied: NotebookNode = copy.deepcopy(cell)
    copied["id"] = cell_id
    return copied


def test_copy_inside() -> None:
    notebook, ledger = opened(wrapped(TEXT))
    notebook.cells.insert(2, with_id(notebook.cells[1], "copy"))

    text = stored(notebook, ledger)

    copied = SQL.replace('"q"', '"copy"').replace(RUN, "runId={null} runStatus={null} result={null}")
    assert f"{SQL}\n\n{copied}\n\n<PythonV2" in text


def test_copy_inside_a_rich_notebook() -> None:
    notebook, ledger = opened(RICH)
    notebook.cells += [with_id(cell, f"copy-{number}") for number, cell in enumerate(notebook.cells)]

    nodes = stored(notebook, ledger)

    assert nodes[:3] == RICH["content"]
    assert nodes[3] == RICH["content"][0]
    assert nodes[4] == {"type": "ph-python", "attrs": {"nodeId": "copy-1", "code": "x = 1", "height": 9}}
    assert nodes[5] == {"type": "ph-query", "attrs": {"nodeId": "copy-2", "query": "{}", "height": 4}}


def test_copy_between() -> None:
    source, _ = opened(wrapped(TEXT))
    notebook, ledger = opened(wrapped("# Other"))
    notebook.cells.append(with_id(source.cells[1], "copy"))

    text = stored(notebook, ledger)

    assert text == (
        '# Other\n\n<SQLV2 nodeId="copy" title="Orders" code="SELECT 1" returnVariable="orders" showFilters />'
    )


@pytest.mark.parametrize("cell_id", ["q", "new"])
def test_cut_and_paste_inside(cell_id: str) -> None:
    notebook, ledger = opened(wrapped(TEXT))
    notebook.cells.append(with_id(notebook.cells.pop(1), cell_id))

    text = stored(notebook, ledger)

    assert text.startswith("# One\n\n<PythonV2")
    assert text.endswith(f"Second half.\n\n{SQL}")


def test_cut_and_paste_between() -> None:
    notebook, ledger = opened(wrapped(TEXT))
    other, other_ledger = opened(wrapped("# Other"))
    other.cells.append(with_id(notebook.cells.pop(2), "pasted"))

    assert "PythonV2" not in stored(notebook, ledger)
    assert stored(other, other_ledger) == '# Other\n\n<PythonV2 nodeId="pasted" code="x = 1\\ny = 2" showFilters />'


def test_split_of_code() -> None:
    notebook, ledger = opened(wrapped(TEXT))
    second = with_id(notebook.cells[2], "second")  # Lab copies the metadata to both parts
    notebook.cells[2]["source"], second["source"] = "x = 1", "y = 2"
    notebook.cells.insert(3, second)

    text = stored(notebook, ledger)

    assert f'<PythonV2 nodeId="p" code="x = 1" {RUN} />' in text
    assert '<PythonV2 nodeId="second" code="y = 2" runId={null} runStatus={null} result={null} />' in text


def test_split_of_prose() -> None:
    notebook, ledger = opened(wrapped(TEXT))
    notebook.cells[3]["source"] = " \n\nFirst half."
    notebook.cells.insert(4, new_cell("markdown", "second", "Second half."))

    assert stored(notebook, ledger).endswith("First half.\n\n\nSecond half.")


def test_merge() -> None:
    notebook, ledger = opened(wrapped('<PythonV2 nodeId="a" code="1" />\n\n<PythonV2 nodeId="b" code="2" />\n\nEnd.'))
    notebook.cells[0]["source"] += "\n" + notebook.cells.pop(1)["source"]

    assert stored(notebook, ledger) == '<PythonV2 nodeId="a" code="1\\n2" />\n\nEnd.'


def test_move_and_back() -> None:
    notebook, ledger = opened(wrapped(TEXT))
    notebook.cells.insert(0, notebook.cells.pop(2))
    moved = stored(notebook, ledger)
    notebook.cells.insert(2, notebook.cells.pop(0))

    assert moved.startswith('<PythonV2 nodeId="p"')
    assert f"{RUN} />\n\n# One\n\n<SQLV2" in moved
    assert stored(notebook, ledger) == TEXT


def test_a_new_cell_in_the_place_of_a_deleted_one_takes_nothing_over() -> None:
    notebook, ledger = opened(wrapped(TEXT))
    notebook.cells[2] = new_cell("code", "fresh", "other = 1")

    text = stored(notebook, ledger)

    assert 'nodeId="p"' not in text
    assert '<PythonV2 nodeId="fresh" code="other = 1" showFilters />' in text


def test_a_tool_that_gives_every_cell_a_new_id_loses_no_result() -> None:
    notebook, ledger = opened(wrapped(TEXT))
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"other-{number}"
        cell["metadata"].pop("posthog", None)
    notebook.cells[2]["source"] += "\nz = 3"

    assert stored(notebook, ledger) == TEXT.replace("y = 2", "y = 2\\nz = 3")
