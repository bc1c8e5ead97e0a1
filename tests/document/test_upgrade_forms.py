"""What each kind of rich block becomes in Markdown, and what is said about it (posthog-document.md 3.9; section 7)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jupyter_posthog.document import document_to_notebook, upgrade_to_markdown
from tests.document.traps import trap

BOLD, ITALIC = {"type": "bold"}, {"type": "italic"}
EXECUTION = {
    "status": "ok",
    "stdout": "3\n",
    "stderr": "",
    "result": "3",
    "media": [{"mimeType": "image/png", "data": "aGk="}],
    "executionCount": 1,
}
TAG_OVER_LINES = '<PythonV2 nodeId="a" code="x'


def text(value: str, *marks: Any) -> dict[str, Any]:
    return {
        "type": "text",
        "text": value,
        "marks": [{"type": mark} if isinstance(mark, str) else mark for mark in marks],
    }


def link(href: Any) -> dict[str, Any]:
    return {"type": "link", "attrs": {"href": href}}


def comment(**attributes: str) -> dict[str, Any]:
    return {"type": "comment", "attrs": attributes}


def paragraph(*content: Any) -> dict[str, Any]:
    return {"type": "paragraph", "content": list(content)}


def holding(kind: str, *content: Any, **attributes: Any) -> dict[str, Any]:
    return {"type": kind, "attrs": attributes, "content": list(content)}


def item(*content: Any) -> dict[str, Any]:
    return holding("listItem", *content)


def node(kind: str, **attributes: Any) -> dict[str, Any]:
    return {"type": kind, "attrs": attributes}


BREAK = {"type": "hardBreak"}
CODE_WITH_FENCE = '```\n<SQLV2 nodeId="s" code="1" />'


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        trap("bold and italic", [paragraph(text("a"), text("b", BOLD, ITALIC), text("c"))], "a**_b_**c"),
        trap("overlapping marks", [paragraph(text("ab", BOLD), text("cd", BOLD, ITALIC), text("ef", ITALIC))], "**ab****_cd_***ef*"),
        trap("white space at the edges of bold", [paragraph(text("a"), text(" b ", BOLD), text("c"))], "a **b** c"),
        trap("bold before code", [paragraph(text("a", BOLD, "code"))], "**`a`**"),
        trap("a web link", [paragraph(text("a [b]", link("https://c.d/e_(f)")))], "[a \\[b\\]](https://c.d/e_\\(f\\))"),
        trap("exclamation mark before a link", [paragraph(text("!"), text("a", link("https://b.c")))], "\\![a](https://b.c)"),
        trap("tilde before strike", [paragraph(text("a~"), text("b", "strike"))], "a\\~~~b~~"),
        trap("what looks like blocks", [paragraph(text("# a"), BREAK, text("1. b"), BREAK, text("<X />"))], "\\# a\n1\\. b\n\\<X />"),
        trap("a tag that goes on below", [paragraph(text(TAG_OVER_LINES)), paragraph(text('" />'))], f'<u></u>{TAG_OVER_LINES}\n\n" />'),
        trap("empty paragraphs between prose", [paragraph(text("a")), paragraph(), paragraph(text("b"))], "a\n\n \n\nb"),
        trap("a heading after prose", [paragraph(text("a")), holding("heading", text("# b"), level=2)], "a\n\n\n## # b"),
        trap("a numbered list", [holding("orderedList", item(paragraph(text("a"))), item(paragraph(text("b"))), start=4)], "4. a\n5. b"),
        trap("two lists", [holding("bulletList", item(paragraph(text("a")))), holding("bulletList", item(paragraph(text("b"))))], "- a\n\n- b"),
        trap("a discussion", [paragraph(text("a", comment(commentId='x"')))], '<Comment ref="x\\"" replies={[]} />\n\n<ref id="x\\"">a</ref>'),
        trap("a discussion in code", [holding("codeBlock", text("🦔 "), text("ab", comment(id="c-1")), language="py")], '<Comment ref="c-1" replies={[]} />\n\n```py ref=c-1:3-5\n🦔 ab\n```'),
        trap("code that the server would run", [holding("codeBlock", text(CODE_WITH_FENCE))], '`\\`\\`\\``\n`<SQLV2 nodeId="s" code="1" />`'),
        trap("a mention", [paragraph(node("ph-mention", id=7, label="Ann"))], '<mention id="7">@Ann</mention>'),
        trap("a backlink alone", [paragraph(node("ph-backlink", id="12", type="dashboards"))], '<Backlink id="12" type="dashboards" />'),
        trap("an image", [node("ph-image", src="https://a.b/c)", alt="d]")], "![d\\]](https://a.b/c\\))"),
        trap("widgets that PostHog's own conversion does not know", [node("ph-dashboard-widget", id=3), node("ph-action", id=4)], "<Dashboard id={3} />\n\n<Action id={4} />"),
        trap("an object stored as text", [node("ph-query", query='{"kind":"A"}', title="[1]")], '<Query query={{"kind":"A"}} title="[1]" />'),
        trap("an unknown block", [node("ph-new", size=2, empty=None)], '<UnknownNode nodeType="ph-new" size={2} />'),
        trap("a block around others", [holding("box", paragraph(text("a")), node("ph-action", id=4))], "a\n\n<Action id={4} />"),
        trap("what nobody knows to hold blocks", [{"type": "horizontalRule", "content": [paragraph(text("a"))]}], "---\n\na"),
        trap("a callout", [holding("callout", paragraph(text("a")), emoji="!")], "> ! a"),
        trap("Markdown of an old block of text", [node("ph-text", body="```\nopen")], "```\nopen\n```"),
        trap("a cell of today in a rich notebook", [node("ph-python-v2", nodeId="s", code="1", runId="r")], '<PythonV2 nodeId="s" code="1" runId="r" />'),
        trap("SQL keeps its old default name", [node("ph-duck-sql", code="SELECT 1")], '<SQLV2 code="SELECT 1" returnVariable="duck_df" showFilters />'),
        trap("a table", [holding("table", holding("tableRow", holding("tableHeader", paragraph(text("a|b", "code")))), holding("tableRow", holding("tableCell", paragraph(text("c"), BREAK, text("|")))))], "| `a\\|b` |\n| --- |\n| c \\| |"),
    ],
)  # fmt: skip
def test_a_block_is_written_like_this(nodes: list[Any], expected: str) -> None:
    assert upgrade_to_markdown({"type": "doc", "content": nodes}).text == expected


@pytest.mark.parametrize(
    ("block", "phrase"),
    [
        trap("backlink", paragraph(text("a"), node("ph-backlink", id="12", type="dashboards", title="KPIs")), "ph-backlink dashboards 12, kept as its text"),
        trap("replay timestamp", paragraph(text("a"), node("ph-replay-timestamp", playbackTime=83500, sessionRecordingId="r")), "ph-replay-timestamp r, kept as its text"),
        trap("relative link", paragraph(text("a", link("/insights/b"))), "the address of a link, /insights/b"),
        trap("unknown mark", paragraph(text("a", "highlight")), "the mark highlight"),
        trap("second comment", paragraph(text("a", comment(id="c"), comment(id="d"))), "a second comment on one text, d"),
        trap("discussion", paragraph(text("a", comment(id="c"))), "the discussion c, which lives in PostHog's comments; its anchor is kept"),
        trap("attributes of a paragraph", holding("paragraph", text("a"), textAlign="right"), "of a paragraph the attribute textAlign"),
        trap("attributes of a heading", holding("heading", text("a"), level=1, id="x", collapsed=True), "of a heading the attributes id, collapsed"),
        trap("level", holding("heading", text("a"), level=9), "the heading level 9"),
        trap("empty paragraph", {"type": "paragraph"}, "an empty paragraph"),
        trap("empty lines", paragraph(text("a"), BREAK, BREAK, text("b")), "empty lines inside a paragraph"),
        trap("break in a heading", holding("heading", text("a"), BREAK, text("b"), level=1), "line breaks in a heading"),
        trap("span", holding("table", holding("tableRow", holding("tableHeader", paragraph(text("a")), colspan=2))), "cells that span columns"),
        trap("alignment", holding("table", holding("tableRow", holding("tableHeader", paragraph(text("a")), align="right"))), "of a table cell the attribute align"),
        trap("code in a table", holding("table", holding("tableRow", holding("tableHeader", node("ph-python", code="1")))), "ph-python inside a table cell, put behind the table"),
        trap("block in a list item", holding("bulletList", item(paragraph(text("a")), paragraph(text("b")))), "blocks inside a list item, put behind it"),
        trap("block in a quote", holding("blockquote", node("ph-action", id=1)), "ph-action inside a quote, taken out of it"),
        trap("frame of a block", holding("box", paragraph(text("a"))), "box around its content"),
        trap("failed run", node("ph-python", code="1", pythonExecution={"status": "error"}), "the last run, whose status was error"),
        trap("attributes of a code cell", node("ph-python", code="1", showSettings=True), "of a code cell the attribute showSettings"),
        trap("DuckDB", node("ph-duck-sql", code="1"), "that the SQL is DuckDB's, which PostHog's Markdown tells by the frames it reads"),
        trap("attribute name", node("ph-new", **{"odd name": 1}), "the attribute odd name, whose name a tag cannot hold"),
        trap("extra key", {"type": "horizontalRule", "extra": 1}, "of horizontalRule the attribute extra"),
        trap("marks of a backlink alone", paragraph({**node("ph-backlink", id="1"), "marks": [BOLD]}), "of ph-backlink the attribute marks"),
        trap("no node", 5, "a value that is no node"),
        trap("half a character", paragraph(text("\ud800")), "a character that cannot be stored, written as U+FFFD"),
    ],
)  # fmt: skip
def test_what_is_lost_or_changed_is_named_with_its_block(block: Any, phrase: str) -> None:
    upgraded = upgrade_to_markdown([{"type": "horizontalRule"}, block])

    assert [(loss.node_number, loss.what) for loss in upgraded.losses if loss.what == phrase] == [(2, phrase)]


def test_what_belongs_to_no_block_is_said_of_the_document() -> None:
    upgraded = upgrade_to_markdown({"type": "doc", "attrs": {"a": 1}, "content": []})

    assert list(map(str, upgraded.losses)) == ["document: of the document the attribute attrs"]


def test_what_fits_of_a_stored_run_comes_along() -> None:
    old = node("ph-python", nodeId="p", title="T", code="3", pythonExecution=json.dumps(EXECUTION))

    (cell,) = document_to_notebook(upgrade_to_markdown([old]).document).cells

    assert (cell["source"], cell["id"], cell["metadata"]["posthog"]["title"]) == ("3", "p", "T")
    assert [output.output_type for output in cell["outputs"]] == ["stream", "display_data", "execute_result"]


@pytest.mark.parametrize("document", [None, {"type": "doc", "content": []}, []], ids=["null", "empty", "list"])
def test_an_empty_notebook_becomes_an_empty_markdown_one(document: Any) -> None:
    upgraded = upgrade_to_markdown(document)

    assert (upgraded.text, upgraded.losses) == ("", ())


def test_a_markdown_notebook_stays_as_it_is() -> None:
    document = {"type": "doc", "content": [{"type": "ph-markdown-notebook", "attrs": {"markdown": "a\r\n\n\nb "}}]}

    assert upgrade_to_markdown(document).document is document


@pytest.mark.parametrize("kind", ["blockquote", "callout", "box", "bulletList", "listItem", "table"])
def test_the_deepest_nesting_that_is_read_is_upgraded_too(kind: str) -> None:
    inner: Any = paragraph(text("deep"))
    for _ in range(245):
        inner = {"type": kind, "content": [inner]}

    assert "deep" in upgrade_to_markdown([inner]).text
