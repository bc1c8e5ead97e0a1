"""Rich documents: prose is ordinary Markdown, and an edit leaves everything else as it was stored."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jupyter_posthog.document import document_to_notebook, read_document, write_document
from jupyter_posthog.document.rich.block_parsing import cut_blocks, parse_block
from jupyter_posthog.document.rich.blocks import block_text
from jupyter_posthog.errors import CellNotWritableError
from tests.document.strategies import headings, paragraphs


def text(value: str, *marks: Any) -> Any:
    return {"type": "text", "text": value} | ({"marks": list(marks)} if marks else {})


def paragraph(*content: Any) -> Any:
    return {"type": "paragraph", "content": list(content)}


def document(*nodes: Any) -> Any:
    return {"type": "doc", "content": list(nodes)}


ITALIC, COMMENT = {"type": "italic"}, {"type": "comment", "attrs": {"id": "m-1"}}
BACKLINK = {"type": "ph-backlink", "attrs": {"id": "12", "type": "dashboards", "title": "KPIs"}}
EXAMPLE = paragraph(text("See ", COMMENT), BACKLINK, {"type": "hardBreak"}, text("snake_case and *stars*", ITALIC))


def edit(source: Any, change: Any, cell: int = 0) -> Any:
    read = read_document(source)
    notebook = copy.deepcopy(read.notebook)
    notebook.cells[cell]["source"] = change(notebook.cells[cell]["source"])
    return write_document(notebook, read.ledger).document


def test_prose_with_atoms_and_marks_reads_as_one_text() -> None:
    shown = document_to_notebook(document(EXAMPLE)).cells[0]["source"]

    assert shown == (
        '<ref id="m-1">See </ref><ph-backlink id="12" type="dashboards" title="KPIs" />\n*snake_case and \\*stars\\**'
    )


def test_changing_a_word_changes_only_its_text_node() -> None:
    changed = edit(document(EXAMPLE), lambda source: source.replace("stars", "moons"))

    expected = copy.deepcopy(EXAMPLE)
    expected["content"][3]["text"] = "snake_case and *moons*"
    assert json.dumps(changed["content"]) == json.dumps([expected])


def test_an_edit_keeps_the_other_blocks_of_its_cell_as_stored() -> None:
    split = paragraph(text("adja"), text("cent"))
    odd = {"type": "paragraph", "attrs": {"textAlign": "left"}, "content": [text("kept")]}
    first = {"type": "heading", "attrs": {"level": 1, "id": "h", "data-toc-id": "t"}, "content": [text("Title")]}

    changed = edit(document(first, split, odd), lambda source: source.replace("Title", "Other title"))

    assert changed["content"][1:] == [split, odd]
    assert changed["content"][0] == {**first, "content": [text("Other title")]}


def test_empty_paragraphs_at_the_end_stay_unseen_and_stay() -> None:
    source = document(paragraph(text("One")), {"type": "paragraph"}, {"type": "paragraph"})

    assert len(document_to_notebook(source).cells) == 1
    assert edit(source, lambda shown: shown + ", two")["content"][1:] == [{"type": "paragraph"}] * 2


def test_a_code_node_keeps_its_other_attributes() -> None:
    node = {
        "type": "ph-python",
        "attrs": {"nodeId": "p", "code": "1", "pythonExecution": '{"status":"ok"}', "height": 3},
    }

    changed = edit(document(node), lambda source: "2")

    assert changed["content"] == [{**node, "attrs": {**node["attrs"], "code": "2"}}]


def test_an_unknown_node_is_a_tag_that_can_be_edited() -> None:
    node = {"type": "ph-new", "attrs": {"nodeId": "n", "size": 2, "items": [1.5, None]}}
    read = read_document(document(node))

    assert (
        read.notebook.cells[0]["source"] == '<UnknownNode nodeType="ph-new" nodeId="n" size={2} items={[1.5,null]} />'
    )
    changed = edit(document(node), lambda source: source.replace("{2}", "{3}"))
    assert changed["content"] == [{**node, "attrs": {**node["attrs"], "size": 3}}]


def test_what_stands_in_an_unknown_block_can_be_seen_and_edited() -> None:
    node = {"type": "callout", "attrs": {"emoji": "!"}, "content": [paragraph(text("inside"))]}

    changed = edit(document(node), lambda source: source.replace("inside", "outside"))

    assert changed["content"] == [{**node, "content": [paragraph(text("outside"))]}]


def test_a_node_that_its_tag_cannot_say_is_kept_but_not_edited() -> None:
    node = {"type": "ph-new", "attrs": {"emoji": "!"}, "version": 2}

    with pytest.raises(CellNotWritableError):
        edit(document(node), lambda source: source.replace("!", "?"))


def test_a_typed_mention_keeps_its_label_where_nobody_knows_a_better_one() -> None:
    known = {"type": "ph-mention", "attrs": {"id": 7}}
    added = '<mention id="7">@Ann</mention> and <mention id="8">@Bob</mention>'

    changed = edit(document(paragraph(text("Ask "), known)), lambda source: f"{source} {added}")

    mentions = [node for node in changed["content"][0]["content"] if node["type"] == "ph-mention"]
    assert mentions == [known, known, {"type": "ph-mention", "attrs": {"id": 8, "label": "Bob"}}]


def test_a_typed_image_is_an_image_of_posthogs() -> None:
    changed = edit(
        document(paragraph(text("One"))), lambda source: f"{source}\n\n![a \\] plot](https://example.com/p.png)"
    )

    assert changed["content"][1] == {
        "type": "ph-image",
        "attrs": {"src": "https://example.com/p.png", "alt": "a ] plot"},
    }


def test_string_encoded_attributes_stay_strings() -> None:
    node = {
        "type": "ph-query",
        "attrs": {"query": '{"kind":"DataTableNode","source":{"kind":"HogQLQuery","query":"select 1"}}'},
    }

    changed = edit(document(node), lambda source: source.replace("select 1", "select 2"))

    assert changed["content"][0]["attrs"]["query"] == node["attrs"]["query"].replace("select 1", "select 2")


def test_a_new_code_cell_in_a_rich_notebook_is_a_rich_node() -> None:
    read = read_document(document(paragraph(text("One"))))
    notebook = copy.deepcopy(read.notebook)
    notebook.cells.append(copy.deepcopy(notebook.cells[0]))
    notebook.cells[1].update(
        cell_type="code", id="fresh", source="%%hogql x\nSELECT 1", metadata={}, outputs=[], execution_count=None
    )

    changed = write_document(notebook, read.ledger).document

    assert changed["content"][1] == {
        "type": "ph-hogql-sql",
        "attrs": {"nodeId": "fresh", "title": None, "code": "SELECT 1", "returnVariable": "x"},
    }


@pytest.mark.parametrize(
    "node",
    [
        {
            "type": "bulletList",
            "content": [
                {
                    "type": "listItem",
                    "content": [
                        paragraph(text("a")),
                        {
                            "type": "orderedList",
                            "attrs": {"start": 1},
                            "content": [{"type": "listItem", "content": [paragraph(text("b"))]}],
                        },
                    ],
                },
                {"type": "listItem", "content": [paragraph(text("c"))]},
            ],
        },
        {
            "type": "taskList",
            "content": [
                {"type": "taskItem", "attrs": {"checked": True}, "content": [paragraph(text("done"))]},
                {"type": "taskItem", "attrs": {"checked": False}, "content": [paragraph(text("open"))]},
            ],
        },
        {
            "type": "orderedList",
            "attrs": {"start": 4},
            "content": [{"type": "listItem", "content": [paragraph(text("d"))]}],
        },
        {"type": "blockquote", "content": [paragraph(text("a")), paragraph(text("b"))]},
        {"type": "codeBlock", "attrs": {"language": "sql"}, "content": [text("select `x`\n```")]},
        {"type": "codeBlock", "attrs": {"language": None}},
        {"type": "horizontalRule"},
        {"type": "heading", "attrs": {"level": 3}, "content": [text("# not twice")]},
        {
            "type": "table",
            "content": [
                {"type": "tableRow", "content": [{"type": "tableHeader", "content": [paragraph(text("a|b"))]}]},
                {"type": "tableRow", "content": [{"type": "tableCell", "content": [paragraph()]}]},
            ],
        },
    ],
    ids=lambda node: node["type"],
)
def test_every_prose_block_is_said_by_its_text(node: Any) -> None:
    shown = block_text(node)
    assert shown is not None

    ((kind, cut),) = cut_blocks(shown)

    assert normal(parse_block(kind, cut, None)) == normal(node)


@given(node=st.one_of(paragraphs, headings))
@example(node=paragraph({"type": "hardBreak"}, text(" ")))
@example(node=paragraph(text("\\~", {"type": "strike"})))
@example(node=paragraph(text("~"), text("1", {"type": "bold"}, {"type": "strike"}), text("~2")))
def test_a_text_that_we_make_of_a_node_reads_back_as_the_same_text(node: Any) -> None:
    """What a person sees does not change by being parsed and shown again."""
    shown = block_text(node)
    if shown is None or not shown.strip():
        return
    blocks = cut_blocks(shown)
    assert len(blocks) == 1

    again = block_text(parse_block(*blocks[0], None))

    assert again is None or plain(again) == plain(shown)


def plain(shown: str) -> str:
    """The letters a person sees: without tags and link targets, which may stand around parts of a run."""
    words = re.sub(r"<[^>]*>|\]\((?:\\.|[^)\\])*\)", "", shown)
    return "".join(character for character in words if character.isalnum())


def normal(node: Any) -> Any:
    """Drop what means nothing: empty content, adjacent equal text."""
    if isinstance(node, dict):
        return {key: normal(value) for key, value in node.items() if value not in ([], None)}
    return [normal(item) for item in node] if isinstance(node, list) else node


def test_braces_that_hold_no_json_are_refused_rather_than_stored_as_text() -> None:
    node = {"type": "ph-query", "attrs": {"nodeId": "q", "query": {"kind": "SavedInsightNode"}}}

    with pytest.raises(CellNotWritableError, match="query is no JSON"):
        edit(document(node), lambda source: source.replace("}}", ",}}"))


def test_a_block_that_lost_its_type_is_refused() -> None:
    node = {"type": "callout", "attrs": {"emoji": "!"}, "content": []}

    with pytest.raises(CellNotWritableError):
        edit(document(node), lambda source: source.replace("nodeType=", "odeType="))


@pytest.mark.parametrize(
    "mark", [{"type": "code"}, {"type": "link", "attrs": {"href": "http://a.b/`|\\"}}], ids=["code", "address"]
)
def test_a_pipe_that_would_cut_a_table_cell_in_two_makes_the_table_a_component(mark: Any) -> None:
    words = "a|b" if mark["type"] == "code" else "words"
    header = {"type": "tableHeader", "content": [paragraph(text(words, mark))]}
    table = {"type": "table", "content": [{"type": "tableRow", "content": [header]}]}

    (cell,) = document_to_notebook(document(table)).cells

    assert cell["cell_type"] == "raw"
    assert edit(document(table), lambda source: source.replace(words, "other"))["content"][0]["type"] == "table"
