"""Files that carry digests only, merged by cell into what PostHog holds now (design.md §4)."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from jupyter_posthog.document import document_to_notebook, merge_file
from tests.document.edits import new_cell
from tests.document.strategies import wrapped

MARKDOWN = wrapped(
    '# Title\n\nWords.\n\n<PythonV2 nodeId="p" code="x = 1" height={3} />\n\nBetween.\n\n'
    '<SQLV2 nodeId="q" code="SELECT 1" returnVariable="orders" />\n\nLast.'
)


def text(value: str) -> Any:
    return {"type": "paragraph", "content": [{"type": "text", "text": value}]}


RICH = {
    "type": "doc",
    "content": [
        {"type": "heading", "attrs": {"level": 1}, "content": [{"type": "text", "text": "Title"}]},
        text("Words."),
        {"type": "ph-python", "attrs": {"nodeId": "p", "code": "x = 1", "height": 3}},
        text("Between."),
        {"type": "ph-hogql-sql", "attrs": {"nodeId": "q", "code": "SELECT 1", "returnVariable": "orders"}},
        text("Last."),
    ],
}
both_shapes = pytest.mark.parametrize("document", [MARKDOWN, RICH], ids=["markdown", "rich"])


def pulled(document: Any) -> NotebookNode:
    """A file that went over another machine: only what nbformat keeps."""
    return nbformat.reads(nbformat.writes(document_to_notebook(document)), as_version=4)


def changed(document: Any, before: str, after: str) -> Any:
    return nbformat.from_dict(_replaced(document, before, after))


def _replaced(value: Any, before: str, after: str) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(child, before, after) for key, child in value.items()}
    if isinstance(value, list):
        return [_replaced(child, before, after) for child in value]
    return value.replace(before, after) if isinstance(value, str) else value


def sources(document: Any) -> list[str]:
    return [cell["source"] for cell in document_to_notebook(document).cells]


@both_shapes
def test_edits_of_different_cells_merge(document: Any) -> None:
    mine = pulled(document)
    mine.cells[1]["source"] = "x = 2"
    theirs = changed(document, "SELECT 1", "SELECT 2")

    outcome = merge_file(mine, theirs)

    assert outcome.written is not None
    assert outcome.written.document == changed(theirs, "x = 1", "x = 2")
    assert outcome.taken == 1


@both_shapes
def test_a_file_without_edits_takes_everything_of_theirs(document: Any) -> None:
    theirs = changed(changed(document, "SELECT 1", "SELECT 2"), "Between.", "Between us.")

    outcome = merge_file(pulled(document), theirs)

    assert outcome.written is not None
    assert not outcome.written.is_changed


@both_shapes
def test_edits_of_one_cell_are_a_conflict_with_both_texts(document: Any) -> None:
    mine = pulled(document)
    mine.cells[1]["source"] = "x = 2"
    theirs = changed(document, "x = 1", "x = 3")

    outcome = merge_file(mine, theirs)

    (conflict,) = outcome.conflicts
    assert outcome.written is None
    assert (conflict.kind, conflict.node_id) == ("edited_by_both", "p")
    assert (conflict.mine, conflict.theirs) == ("x = 2", "x = 3")


@both_shapes
@pytest.mark.parametrize(("answer", "code"), [("mine", "x = 2"), ("theirs", "x = 3")])
def test_an_answered_conflict_is_written(document: Any, answer: str, code: str) -> None:
    mine = pulled(document)
    mine.cells[1]["source"] = "x = 2"
    theirs = changed(document, "x = 1", "x = 3")
    (conflict,) = merge_file(mine, theirs).conflicts

    outcome = merge_file(mine, theirs, answers={conflict.conflict_id: answer})

    assert outcome.written is not None
    assert outcome.written.document == changed(document, "x = 1", code)


@both_shapes
def test_what_was_deleted_here_stays_deleted(document: Any) -> None:
    mine = pulled(document)
    del mine.cells[1]

    outcome = merge_file(mine, changed(document, "SELECT 1", "SELECT 2"))

    assert outcome.written is not None
    assert "x = 1" not in sources(outcome.written.document)
    assert "%%hogql orders\nSELECT 2" in sources(outcome.written.document)


@both_shapes
def test_what_was_added_there_is_not_deleted_by_a_file_that_never_saw_it(document: Any) -> None:
    theirs = changed(document, "Last.", "Last.")
    nodes = theirs["content"]
    if nodes[0]["type"] == "ph-markdown-notebook":
        nodes[0]["attrs"]["markdown"] += '\n\n<PythonV2 nodeId="n" code="new = 1" />'
    else:
        nodes.append({"type": "ph-python", "attrs": {"nodeId": "n", "code": "new = 1"}})
    mine = pulled(document)
    mine.cells[1]["source"] = "x = 2"
    mine.cells.append(new_cell("code", "mine", "own = 1"))

    outcome = merge_file(mine, theirs)

    assert outcome.written is not None
    found = sources(outcome.written.document)
    assert {"x = 2", "new = 1", "own = 1"} <= set(found)


@both_shapes
def test_deleted_here_and_edited_there_is_a_conflict(document: Any) -> None:
    mine = pulled(document)
    del mine.cells[1]

    (conflict,) = merge_file(mine, changed(document, "x = 1", "x = 3")).conflicts

    assert (conflict.kind, conflict.mine, conflict.theirs) == ("deleted_here", None, "x = 3")


@both_shapes
def test_a_tool_that_gives_every_cell_a_new_id_changes_nothing(document: Any) -> None:
    mine = pulled(document)
    for number, cell in enumerate(mine.cells):
        cell["id"] = f"other-{number}"

    outcome = merge_file(mine, document)

    assert outcome.written is not None
    assert not outcome.written.is_changed


def test_a_file_that_says_nothing_of_its_base_is_refused() -> None:
    mine = pulled(MARKDOWN)
    del mine.metadata["posthog"]["base"]

    (conflict,) = merge_file(mine, MARKDOWN).conflicts

    assert conflict.kind == "base_unknown"


def test_a_notebook_that_changed_its_shape_is_refused() -> None:
    (conflict,) = merge_file(pulled(RICH), MARKDOWN).conflicts

    assert conflict.kind == "shape_changed"


@pytest.mark.parametrize(("renderer", "expected"), [(None, True), (0, True)])
def test_a_file_of_another_renderer_is_merged_and_told(renderer: int | None, expected: bool) -> None:
    mine = pulled(MARKDOWN)
    mine.metadata["posthog"]["renderer"] = renderer

    outcome = merge_file(mine, MARKDOWN)

    assert outcome.is_of_other_renderer is expected
