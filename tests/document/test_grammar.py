"""The grammar of PostHog's Markdown: every character once, and the same blocks as the browser's reader finds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_posthog.document.markdown import tag_ends
from jupyter_posthog.document.markdown.block import Block
from jupyter_posthog.document.markdown.blocks import parse_blocks
from jupyter_posthog.document.markdown.reading import stored_tag
from jupyter_posthog.document.merging.segments import segments_of, tail_of
from jupyter_posthog.document.shapes import read_stored
from jupyter_posthog.document.white_space import with_lf
from tests.document.readers.browser_blocks import read_blocks
from tests.document.strategies import markdown_texts

LINES = [
    *["# T", "## ", "  # x", "text", "text `a", "- a", "  - b", "1. x", "2) y", "> q", "> - l", "> # h", ">> z"],
    *['> <X a="1" />', "```", "````", "```py", "``` x ```", "---", "***", "- - -", "| a |", "|---|", "|:--|--:|"],
    *["| b", "<!-- n", "<!-- n -->", "e -->", "<!-->", "<!--ph:a.b-->", "<!--ph:phb-1-->", "", "", " ", "  ", "\t"],
    *["\u00a0", "\ufeff", "\x85", '<X a="1" />', '<X a="1"', 'b="2" />', "<X a={it's} />", "<X a={", "}/>", '<X a="'],
    *['" />', "<X>", "</X>", "<X>b</X>", "<X", "/>", "<X a=b/c />", '<X a="1" /> t', '<X a="1" /><Y />', "a | b", "|"],
    *['\\<X a="1"', '\\<X a="1" />', '\\<X a="\\_', "![i](u)", "![i](u) t", "- a\u2028b", "# a\u2028b", "<div>", "12."],
    *['<Comment text="a" />', "٣. x", "• b", "* c", "+", "<X a='", "' />", "<X a='it\\'s' />", '<X a="x > y" />'],
]
BREAKS = ["\n", "\n", "\n\n", "\n\n\n", "\r\n", "\r"]


@st.composite
def odd_texts(draw: st.DrawFn) -> str:
    """Lines that begin, end or break something, in any order."""
    pairs = draw(st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from(BREAKS)), max_size=10))
    return "".join(line + line_break for line, line_break in pairs)


texts = st.one_of(odd_texts(), markdown_texts(), st.text(max_size=80))


@given(text=texts)
def test_every_character_belongs_to_one_segment_or_separator(text: str) -> None:
    document: Any = {"content": [{"type": "ph-markdown-notebook", "attrs": {"markdown": text}}]}
    stored = read_stored(document)

    segments = segments_of(stored)

    joined = "".join(segment.separator + segment.key for segment in segments)
    assert joined + tail_of(stored, segments) == text
    assert all(not segment.separator.strip("\r\n\t\v\f \u00a0\ufeff\u2028\u2029") for segment in segments)


@given(text=texts)
def test_the_browser_finds_the_same_blocks(text: str) -> None:
    """Held against a reader that was written from the specification alone."""
    ours, theirs = parse_blocks(text), read_blocks(text)

    assert [_browser_kind(block) for block in ours] == [
        "blockquote" if block.is_quoted and block.kind != "component" else block.kind for block in theirs
    ]
    for block, other in zip(ours, theirs, strict=True):
        assert (block.starts_card, block.anchor) == (other.starts_group, other.anchor)


@given(text=texts)
def test_the_browser_reads_the_same_properties(text: str) -> None:
    for block, other in zip(parse_blocks(text), read_blocks(text), strict=True):
        if block.kind != "tag":
            continue
        tag = block.tag or stored_tag(text[block.body_start : block.end])
        assert tag is not None
        assert (tag.name, tag.is_clean) == (other.tag_name, not other.has_prop_errors)
        if tag.is_clean:
            assert {prop.name: _as_lf(prop.value) for prop in tag.props} == other.props


def _browser_kind(block: Block) -> str:
    names = {"fence": "code", "quote": "blockquote"}
    return "component" if block.kind in {"image", "divider", "comment", "tag"} else names.get(block.kind, block.kind)


def _as_lf(value: Any) -> Any:
    return with_lf(value) if isinstance(value, str) else value


def test_a_text_full_of_tags_that_never_end_is_read_in_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them could reach over a thousand lines, so reading could look at every line a thousand times (P23)."""
    looked = 0
    scan = tag_ends._scan

    def counting(text: str, position: int, limit: int, name: str) -> tuple[int | None, int]:
        nonlocal looked
        end, looked_to = scan(text, position, limit, name)
        looked += looked_to - position
        return end, looked_to

    monkeypatch.setattr(tag_ends, "_scan", counting)
    text = "<X a={{ />\n\n" * 20_000

    parse_blocks(text)

    assert looked < 10 * len(text) + 2_000_000


def test_behind_some_tags_that_never_end_one_of_several_lines_is_found() -> None:
    text = '<X a="\n\n' * 30 + '<PythonV2 nodeId="p" code="x" />\n\n' + '<Y\tb={"c":\n\n1} />'

    assert parse_blocks(text)[-1].kind == "tag"
