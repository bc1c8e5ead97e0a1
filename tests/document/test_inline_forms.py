"""Inline forms of rich prose that other forms stand in: written and read again, they are the same."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_posthog.document.rich.parsing import KnownInline, parse_inline
from jupyter_posthog.document.rich.text import inline_text
from tests.document.test_rich_traps import text
from tests.document.traps import trap

BOLD, ITALIC = {"type": "bold"}, {"type": "italic"}
HIGHLIGHT = {"type": "highlight", "attrs": {"color": "red"}}
SMALL = {"type": "small"}


def comment(anchor: str) -> dict[str, Any]:
    return {"type": "comment", "attrs": {"id": anchor}}


def link(href: str) -> dict[str, Any]:
    return {"type": "link", "attrs": {"href": href}}


def backlink(title: str, *marks: Any) -> dict[str, Any]:
    node: dict[str, Any] = {"type": "ph-backlink", "attrs": {"title": title}}
    return {**node, "marks": list(marks)} if marks else node


@pytest.mark.parametrize(
    "content",
    [
        trap("two comments", [text("x", comment("a"), comment("b")), text(" y")]),
        trap("two links", [text("x", link("https://a.b"), link("https://c.d"))]),
        trap("two unknown marks", [text("x", HIGHLIGHT, SMALL)]),
        trap("a backslash before the end of a mark", [text("a\\", HIGHLIGHT), text(" b")]),
        trap("the end of a comment inside it", [text("a</ref>b", comment("c"))]),
        trap("the end of a mark inside it", [text("a</ph-mark>b", HIGHLIGHT)]),
        trap("the end of a comment in code inside it", [text("</ref>", comment("c"), {"type": "code"})]),
        trap("stars in an atom inside emphasis", [text("a ", BOLD), backlink("b** c", BOLD), text(" d", BOLD)]),
        trap("a back-tick in an atom", [backlink("a ` b"), text("code", {"type": "code"})]),
        trap("a bracket in an atom inside a link", [text("a", link("/x")), backlink("](", link("/x"))]),
        trap("italics beside italics", [text("a", ITALIC), text("b", ITALIC, {"type": "code"}), text("c", ITALIC)]),
        trap("a back-tick in a link", [text("a", link("http://b/`c")), text("code", {"type": "code"})]),
    ],
)
def test_it_is_read_again_as_it_was(content: list[Any]) -> None:
    shown = inline_text(content)

    assert inline_text(parse_inline(shown, KnownInline())) == shown
    assert letters(parse_inline(shown, KnownInline())) == letters(content)


def letters(content: Any) -> list[tuple[str, list[str]]]:
    """Return each letter and each atom with its marks, whatever nodes they stand in."""
    found = []
    for node in content:
        marks = sorted(map(str, node.get("marks", [])))
        found += [(part, marks) for part in (node["text"].strip() if node["type"] == "text" else [str(node["attrs"])])]
    return [each for each in found if each[0] != " "]


def test_white_space_beside_emphasis_stands_outside_of_a_comment() -> None:
    content = [text(" x ", ITALIC, comment("c"))]

    assert inline_text(content) == ' <ref id="c">*x*</ref> '


def test_the_label_of_a_mention_stands_on_one_line() -> None:
    content = [{"type": "ph-mention", "attrs": {"id": 7, "label": "Ann\n# b"}}]

    assert inline_text(content) == '<mention id="7">@Ann # b</mention>'
