"""The trap list of posthog-document.md 5.2 for rich documents: each test's id is the trap's name there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.document.readers.browser_inline import Mark, Run, read_inline
from tests.document.traps import assert_survives, cells_of, trap, with_source

BOLD, ITALIC = {"type": "bold"}, {"type": "italic"}
HOGQL = '{"kind":"DataTableNode","source":{"kind":"HogQLQuery","query":"select 1"}}'


def document(*nodes: Any) -> dict[str, Any]:
    return {"type": "doc", "content": list(nodes)}


def text(value: str, *marks: Any) -> dict[str, Any]:
    return {"type": "text", "text": value, **({"marks": list(marks)} if marks else {})}


def paragraph(*content: Any) -> dict[str, Any]:
    return {"type": "paragraph", **({"content": list(content)} if content else {})}


def item(*content: Any) -> dict[str, Any]:
    return {"type": "listItem", "content": list(content)}


def bullets(*items: Any) -> dict[str, Any]:
    return {"type": "bulletList", "content": list(items)}


def numbers(start: int, *items: Any) -> dict[str, Any]:
    return {"type": "orderedList", "attrs": {"start": start}, "content": list(items)}


def node(kind: str, **attributes: Any) -> dict[str, Any]:
    return {"type": kind, "attrs": attributes}


OVERLAPPING = paragraph(text("ab", BOLD), text("cd", BOLD, ITALIC), text("ef", ITALIC))
NESTED = bullets(
    item(paragraph(text("a")), numbers(3, item(paragraph(text("b")), bullets(item(paragraph(text("c")), numbers(1, item(paragraph(text("d"))))))))),
    item(paragraph(text("e"))),
)  # fmt: skip
UNICODE = "👩\u200d👧 e\u0301 \u202eabc\u202c a\u00a0b"


@pytest.mark.parametrize(
    ("content", "cells"),
    [
        trap("snake_case, 2*3, __init__", [paragraph(text("snake_case, 2*3, __init__"))], [("markdown", "snake_case, 2\\*3, \\_\\_init\\_\\_")]),
        trap("bold with edge spaces", [paragraph(text(" x", BOLD))], [("markdown", " **x**")]),
        trap("adjacent equal text nodes", [paragraph(text("a", BOLD), text("b", BOLD))], [("markdown", "**ab**")]),
        trap("empty paragraph", [paragraph(text("a")), paragraph(), paragraph(text("b"))], [("markdown", "a\n\n \n\nb")]),
        trap("code block with back-ticks", [{"type": "codeBlock", "content": [text("```")]}], [("markdown", "````\n```\n````")]),
        trap("code block without content", [{"type": "codeBlock"}], [("markdown", "```\n```")]),
        trap("nested lists, mixed kinds, four levels", [NESTED], [("markdown", "- a\n  3. b\n    - c\n      1. d\n- e")]),
        trap("emoji, ZWJ sequences, RTL marks, combining marks, NBSP", [paragraph(text(UNICODE))], [("markdown", UNICODE)]),
        trap("exotic line ends", [node("ph-python", code="a\u2028b\u0085c\fd")], [("code", "a\u2028b\u0085c\fd")]),
        trap("attr string that looks like JSON", [node("ph-python", code="123"), node("ph-person", title="{x", id="[1]")], [("code", "123"), ("raw", '<Person title="{x" id="[1]" />')]),
        trap("JSON-string attr", [node("ph-query", query=HOGQL)], [("code", "%%hogql -\nselect 1")]),
        trap("__init present", [node("ph-query", query={"kind": "SavedInsightNode", "shortId": "a"}, __init={"expanded": True})], [("raw", '<Query query={{"kind":"SavedInsightNode","shortId":"a"}} __init={{"expanded":true}} />')]),
    ],
)  # fmt: skip
def test_a_trap_is_shown_as_these_cells_and_kept(content: list[Any], cells: list[tuple[str, str]]) -> None:
    assert cells_of(document(*content)) == cells
    assert_survives(document(*content))


@pytest.mark.parametrize(
    ("content", "source", "expected"),
    [
        trap("snake_case, 2*3, __init__", [paragraph(text("x"))], "my_snake_case, 2*3, `__init__`", [paragraph(text("my_snake_case, 2*3, "), text("__init__", {"type": "code"}))]),
        trap("adjacent equal text nodes", [paragraph(text("a", BOLD), text("b", BOLD), text("c"))], "**ab**d", [paragraph(text("a", BOLD), text("b", BOLD), text("d"))]),
        trap("empty paragraph", [paragraph(text("a")), paragraph(), paragraph(text("b"))], "a\n\n \n\nc", [paragraph(text("a")), paragraph(), paragraph(text("c"))]),
        trap("code block without content", [{"type": "codeBlock"}, paragraph(text("a"))], "```\n```\n\nb", [{"type": "codeBlock"}, paragraph(text("b"))]),
        trap("new code block without content", [paragraph(text("a"))], "a\n\n```\n```", [paragraph(text("a")), node("codeBlock", language=None)]),
        trap("nested lists, mixed kinds, four levels", [NESTED, paragraph(text("x"))], "- a\n  3. b\n    - c\n      1. d\n- e\n\ny", [NESTED, paragraph(text("y"))]),
        trap("attr string that looks like JSON", [node("ph-python", code="123", title="[1]")], "[1]", [node("ph-python", code="[1]", title="[1]")]),
        trap("JSON-string attr", [node("ph-query", query=HOGQL)], "%%hogql -\nselect 2", [node("ph-query", query=HOGQL.replace("1", "2"))]),
        trap("__init present", [node("ph-python", code="1", __init='{"expanded":true}')], "2", [node("ph-python", code="2", __init='{"expanded":true}')]),
    ],
)  # fmt: skip
def test_an_edited_trap_is_written_like_this(content: list[Any], source: str, expected: list[Any]) -> None:
    assert with_source(document(*content), 0, source) == document(*expected)


@pytest.mark.parametrize(
    "content",
    [
        trap("marks on a hard break", paragraph(text("a"), {"type": "hardBreak", "marks": [BOLD]}, text("b"))),
        trap("list item starting with a list", bullets(item(bullets(item(paragraph(text("a"))))))),
    ],
)
def test_a_node_that_markdown_cannot_say_is_a_component_of_its_own(content: Any) -> None:
    ((kind, source),) = cells_of(document(content))

    assert kind == "raw"
    assert_survives(document(content))
    edited = json.loads(json.dumps(content).replace('"text": "a"', '"text": "changed"'))
    assert with_source(document(content), 0, source.replace('"text":"a"', '"text":"changed"')) == document(edited)


def test_overlapping_marks_stand_side_by_side_and_read_back_as_three_runs() -> None:
    """Row “overlapping marks”: the browser reads each run on its own."""
    ((_, source),) = cells_of(document(OVERLAPPING))

    assert_survives(document(OVERLAPPING))
    assert [(run.text, {mark.kind for mark in run.marks}) for run in read_inline(source)] == [
        ("ab", {"bold"}),
        ("cd", {"bold", "italic"}),
        ("ef", {"italic"}),
    ]


def test_bold_and_italic_inside_a_word_reads_back() -> None:
    """Row “overlapping marks”: bold + italic is written ``**_x_**``."""
    ((_, source),) = cells_of(document(paragraph(text("a"), text("b", BOLD, ITALIC), text("c"))))

    assert read_inline(source) == [Run("a"), Run("b", (Mark("bold"), Mark("italic"))), Run("c")]
