"""P1–P23 of posthog-document.md 5.1, after anything that people do to cells."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import nbformat
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode

from jupyter_posthog.document import (
    CellIdentity,
    Ledger,
    document_to_notebook,
    node_id_of,
    read_document,
    write_document,
)
from jupyter_posthog.document.changes import is_unsaved_empty
from jupyter_posthog.document.code_cells import view_of_cell
from jupyter_posthog.document.ledger import seen_digest_of
from jupyter_posthog.document.markdown.reading import language_of
from jupyter_posthog.document.markdown.tags import parse_tag
from jupyter_posthog.document.matching import match_cells
from jupyter_posthog.document.values import canonical
from jupyter_posthog.document.white_space import with_lf
from jupyter_posthog.errors import CellNotWritableError
from tests.document.edits import edited_notebooks
from tests.document.readers.backend import read_tags
from tests.document.readers.browser_blocks import read_blocks
from tests.document.strategies import documents, markdown_texts, rich_documents, wrapped

Session = tuple[NotebookNode, Ledger]


@st.composite
def sessions(draw: st.DrawFn, stored: st.SearchStrategy[Any]) -> Session:
    """A document, opened, and its notebook after some gestures."""
    read = read_document(draw(stored))
    return draw(edited_notebooks(read.notebook)), read.ledger


markdown_sessions = sessions(markdown_texts().map(wrapped))
rich_sessions = sessions(rich_documents)


def written_or_none(notebook: NotebookNode, ledger: Ledger) -> Any:
    before = copy.deepcopy(notebook)
    try:
        written = write_document(notebook, ledger)
    except CellNotWritableError as error:
        assert notebook.cells[error.cell_number - 1]["id"] == error.cell_id
        written = None
    assert notebook == before
    return written


def kept_ids(notebook: NotebookNode) -> list[CellIdentity]:
    return [
        CellIdentity(cell_id=cell["id"], node_id=node_id_of(cell), cell_type=cell["cell_type"], source=cell["source"])
        for cell in notebook.cells
    ]


def without_id(tag: str) -> str:
    """Copies get an id of their own, and an anchor needs something below it."""
    return re.sub(r'nodeId="[^"]*"|<!--ph:[A-Za-z0-9._-]+-->', "", tag)


def letters(text: str) -> str:
    """The letters of a text; numbers may be those of a list, which are counted anew."""
    return "".join(character for character in text if character.isalpha())


def stored_cells(notebook: NotebookNode, ledger: Ledger) -> list[Any]:
    """Leave out what is not stored by decision 4: new cells that hold nothing."""
    matched = match_cells(notebook.cells, ledger)
    return [
        cell
        for cell, match in zip(notebook.cells, matched, strict=True)
        if match is not None or not is_unsaved_empty(cell)
    ]


def is_code_tag(cell: Any) -> bool:
    """A raw cell into which somebody wrote the tag of a code cell comes back as that cell."""
    tag = parse_tag(cell["source"].strip()) if cell["cell_type"] == "raw" else None
    return tag is not None and language_of(tag) is not None


def shown_code(cell: Any) -> tuple[Any, ...]:
    view = view_of_cell(cell)
    # A Markdown notebook knows one SQL tag (design.md §4); no name, or a default one, is the default.
    name = None if view.name in {"df", "sql_df", "duck_df", "hogql_df"} else view.name
    return (view.language == "python", view.code, name, view.title)


def read_cells_of(document: Any) -> list[Any]:
    cells = document_to_notebook(document).cells
    return [cell for cell in cells if "placeholder" not in cell["metadata"]["posthog"]]


@given(session=markdown_sessions)
def test_markdown_reads_back_as_the_same_cells(session: Session) -> None:
    """P7, P11: types, code, names and words of every cell."""
    notebook, ledger = session
    written = written_or_none(notebook, ledger)
    if written is None:
        return
    expected = stored_cells(notebook, ledger)
    if any(map(is_code_tag, expected)):
        return

    again = read_cells_of(written.document)

    assert [cell["cell_type"] for cell in again] == [cell["cell_type"] for cell in expected]
    for cell, other in zip(again, expected, strict=True):
        if cell["cell_type"] == "code":
            assert shown_code(cell) == shown_code(other)
        else:
            assert letters(without_id(cell["source"])) == letters(without_id(other["source"]))


@given(session=rich_sessions)
def test_rich_cells_read_back_as_the_same_cells(session: Session) -> None:
    """P7; borders between two prose cells are not stored in a rich document (4.7)."""
    notebook, ledger = session
    written = written_or_none(notebook, ledger)
    if written is None:
        return
    expected = stored_cells(notebook, ledger)

    again = read_cells_of(written.document)

    assert joined_prose(again) == joined_prose(expected)


def joined_prose(cells: list[Any]) -> list[Any]:
    joined: list[Any] = []
    for cell in cells:
        if cell["cell_type"] == "code":
            joined.append(shown_code(cell))
        elif cell["cell_type"] == "markdown" and joined and isinstance(joined[-1], str):
            joined[-1] += letters(without_id(cell["source"]))
        elif cell["cell_type"] == "markdown":
            joined.append(letters(without_id(cell["source"])))
        else:
            tag = parse_tag(cell["source"].strip())
            assert tag is not None
            joined.append([tag.name, {prop.name: prop.value for prop in tag.props if prop.name != "nodeId"}])
    return [each for each in joined if each]


@given(session=markdown_sessions)
def test_both_readers_of_posthog_find_the_cells_that_are_meant(session: Session) -> None:
    """P6: where both agree about the stored text, they agree about the written one, and it is what the cells say."""
    notebook, ledger = session
    if browser_tags(ledger.stored.text) != backend_tags(ledger.stored.text):
        return
    written = written_or_none(notebook, ledger)
    if written is None:
        return
    text = ledger.stored.text if written.text_content is None else written.text_content

    if any(block.is_literal for block in read_blocks(text)):
        return  # a stored tag without an end, which the server tries anew at each of its lines (7.1 D11)
    if any("```" in block.text or "```" in str(block.props.get("text")) for block in read_blocks(text)):
        return  # the server ends such a fence early, and finds one in a note, however it is written (4.6)
    assert browser_tags(text) == backend_tags(text)


CELL_TAGS = {"PythonV2", "SQLV2", "Python", "DuckSQL", "HogQLSQL"}


def browser_tags(text: str) -> list[Any]:
    return [
        (block.tag_name, block.props.get("nodeId"), block.props.get("code"), block.props.get("returnVariable"))
        for block in read_blocks(text)
        if block.tag_name in CELL_TAGS
    ]


def backend_tags(text: str) -> list[Any]:
    return [
        (tag.name, tag.props.get("nodeId"), tag.props.get("code"), tag.props.get("returnVariable"))
        for tag in read_tags(text)
        if tag.name in CELL_TAGS
    ]


@given(session=st.one_of(markdown_sessions, rich_sessions))
def test_a_save_and_a_save_again_sends_nothing(session: Session) -> None:
    """P19, P20; and P13: a node id stands once, unless it stood twice before."""
    notebook, ledger = session
    written = written_or_none(notebook, ledger)
    if written is None or not written.is_changed:
        return
    again = read_document(written.document, kept_cells=kept_ids(notebook))

    assert not write_document(again.notebook, again.ledger).is_changed
    before, after = node_ids(ledger), node_ids(again.ledger)
    assert all(after.count(node_id) <= max(1, before.count(node_id)) for node_id in after)
    if ledger.shape == "markdown":
        assert again.ledger.stored.text == written.text_content


def node_ids(ledger: Ledger) -> list[str]:
    return [cell.node_id for cell in ledger.cells if cell.node_id is not None]


@given(session=st.one_of(markdown_sessions, rich_sessions))
def test_cells_that_nobody_touched_keep_their_segments(session: Session) -> None:
    """P5, P15: every untouched cell's segments stand in the written document as they were."""
    notebook, ledger = session
    written = written_or_none(notebook, ledger)
    if written is None:
        return
    stored = read_document(written.document).ledger.stored
    for cell, match in zip(notebook.cells, match_cells(notebook.cells, ledger), strict=True):
        if match is None or seen_digest_of(cell) != ledger.cells[match].seen:
            continue
        if ledger.shape == "markdown":
            assert ledger.raw_text(ledger.cells[match]) in stored.text
        else:
            raw = canonical(ledger.raw_nodes(ledger.cells[match]))[1:-1]
            assert raw in canonical(list(stored.nodes))


@given(session=st.one_of(markdown_sessions, rich_sessions), data=st.data())
def test_a_cell_deleted_or_moved_and_brought_back_is_no_change(session: Session, data: st.DataObject) -> None:
    """P8, P9."""
    _, ledger = session
    notebook = read_document(ledger.stored.document).notebook
    place = data.draw(st.integers(0, len(notebook.cells) - 1))
    other = data.draw(st.integers(0, len(notebook.cells) - 1))
    notebook.cells.insert(other, notebook.cells.pop(place))
    notebook.cells.insert(place, notebook.cells.pop(other))

    assert not write_document(notebook, ledger).is_changed


@given(document=rich_documents)
def test_no_form_of_ours_reaches_posthog(document: Any) -> None:
    """P18: tags that stand for atoms and marks of rich prose become these again."""
    read = read_document(document)
    for cell in read.notebook.cells:
        if cell["cell_type"] == "markdown":
            cell["source"] = f"Before.\n\n{cell['source']}"
    written = written_or_none(read.notebook, read.ledger)
    if written is None:
        return
    text = canonical(written.document)

    assert "digests" not in text
    assert text.count("<ph-") == canonical(document).count("<ph-")


@given(document=documents)
def test_a_page_of_javascript_changes_nothing(document: Any) -> None:
    """P3, P4: numbers as JavaScript holds them, keys in another order, LF line ends, what Lab adds."""
    read = read_document(document)
    notebook = nbformat.from_dict(through_javascript(json.loads(json.dumps(read.notebook))))
    for cell in notebook.cells:
        cell["source"] = with_lf(cell["source"])
        cell["metadata"]["trusted"] = True

    assert not write_document(notebook, read.ledger).is_changed


def through_javascript(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: through_javascript(value[key]) for key in sorted(value, reverse=True)}
    if isinstance(value, list):
        return [through_javascript(item) for item in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        number = float(value) if abs(value) < 1e308 else 0.0
        return int(number) if number.is_integer() else number
    return value


@given(session=rich_sessions)
def test_new_nodes_keep_to_the_schema_of_posthogs_editor(session: Session) -> None:
    """P14: no empty text nodes, no mark twice, items begin with a paragraph, code blocks hold plain text."""
    notebook, ledger = session
    written = written_or_none(notebook, ledger)
    shown = {cell.seen for cell in ledger.cells}
    if any(cell["cell_type"] == "raw" and seen_digest_of(cell) not in shown for cell in notebook.cells):
        return  # a typed tag is stored as it stands
    if written is None or not written.is_changed:
        return
    known = {canonical(node) for node in nodes_below(list(ledger.stored.nodes))}
    for node in nodes_below(read_document(written.document).ledger.stored.nodes):
        if not isinstance(node, dict) or canonical(node) in known:
            continue
        content: Any = node.get("content") or []
        match node.get("type"):
            case "text":
                assert node["text"]
                kinds = [mark["type"] for mark in node.get("marks", [])]
                assert len(kinds) == len(set(kinds))
            case "listItem" | "taskItem":
                assert content[0]["type"] == "paragraph"
            case "codeBlock":
                assert all(child["type"] == "text" and "marks" not in child for child in content)
            case "bulletList" | "orderedList" | "taskList" | "table" | "blockquote":
                assert content


def nodes_below(value: Any) -> list[Any]:
    """Every node in a document's nodes, at any depth."""
    found: list[Any] = []
    waiting = list(value)
    while waiting:
        node = waiting.pop()
        found.append(node)
        if isinstance(node, dict) and isinstance(node.get("content"), list):
            waiting += node["content"]
    return found


def test_a_colleagues_new_cell_takes_no_id_from_the_cells_around_it() -> None:
    shown = [("a", "# One"), ("b", "Two, edited"), ("c", "Three")]
    kept = [
        CellIdentity(cell_id=cell_id, node_id=None, cell_type="markdown", source=source) for cell_id, source in shown
    ]

    read = read_document("Above\n\n\n# One\n\n\nTwo, edited\n\n\nThree", kept_cells=kept)
    ids = {cell["source"]: cell["id"] for cell in read.notebook.cells}

    assert {text: ids[text] for _, text in shown} == {text: cell_id for cell_id, text in shown}
    assert ids["Above"] not in {"a", "b", "c"}


def test_a_cell_that_was_replaced_by_another_leaves_the_other_ids_in_place() -> None:
    shown = [("a", "Gone from there entirely"), ("b", "# Two"), ("c", "Three")]
    kept = [
        CellIdentity(cell_id=cell_id, node_id=None, cell_type="markdown", source=source) for cell_id, source in shown
    ]

    read = read_document("# Two\n\n\nNew between\n\n\nThree", kept_cells=kept)

    assert [cell["id"] for cell in read.notebook.cells][::2] == ["b", "c"]
    assert read.notebook.cells[1]["id"] not in {"a", "b", "c"}
