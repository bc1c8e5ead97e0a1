"""Both reference readers hold to every input and result that posthog-document.md states (5.2 and section 7).

Ids begin with the row they come from: "5.2" for the trap list, D and N for the tables of section 7.
"""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.document.readers.backend import read_tags
from tests.document.readers.backend_props import read_backend_props
from tests.document.readers.browser_blocks import BrowserBlock, read_blocks
from tests.document.readers.browser_inline import read_inline
from tests.document.readers.browser_lists import ListItem
from tests.document.readers.browser_props import read_props

CELL = '<PythonV2 nodeId="a" code="1" />'


def seen_by_browser(markdown: str) -> list[str]:
    """Name each block: a tag by its name (``!`` with a prop error), others by kind and text."""
    return [_described(block) for block in read_blocks(markdown)]


def _described(block: BrowserBlock) -> str:
    if block.kind == "component":
        return f"<{block.tag_name}>{'!' if block.has_prop_errors else ''}"
    return f"{block.kind}: {block.text}" if block.text else block.kind


def seen_by_backend(markdown: str) -> list[str]:
    """Name each tag, with its node id."""
    return [f"{tag.name} {tag.node_id}" for tag in read_tags(markdown)]


def one(markdown: str) -> BrowserBlock:
    (block,) = read_blocks(markdown)
    return block


def row(name: str, *values: object) -> Any:
    return pytest.param(*values, id=name.replace(" ", "-"))


@pytest.mark.parametrize(
    ("markdown", "browser", "backend"),
    [
        row("5.2 tag in a fence", f"```\n{CELL}\n```", [f"code: {CELL}"], []),
        row("5.2 longer fence", f"````\n```\n{CELL}\n````", [f"code: ```\n{CELL}"], ["PythonV2 a"]),
        row("3.2 shorter run does not close", "````\na\n```\n````\nb", ["code: a\n```", "paragraph: b"], []),
        row("3.2 closing fence may be longer", "```\na\n`````\nb", ["code: a", "paragraph: b"], []),
        row("3.2 fence with info closes for the backend", f"```\n```py\n{CELL}", [f"code: ```py\n{CELL}"], ["PythonV2 a"]),
        row("5.2 unclosed fence", "```py\nx\n\n# T", ["code: x\n\n# T"], []),
        row("N18 one-line fence", f"```a```\n{CELL}\n```\nb", [f"code: {CELL}", "paragraph: b"], []),
        row("5.2 comment with blank lines", "<!-- a\n\n\nb -->\n\nText", ["<Comment>", "paragraph: Text"], []),
        row("5.2 unclosed comment", "<!-- a\n\nText", ["paragraph: <!-- a", "paragraph: Text"], []),
        row("5.2 comment closed much later", f"<!-- a\n\n{CELL}\n\nend -->", ["<Comment>"], ["PythonV2 a"]),
        row("3.2 text after a comment", "<!-- a --> b", ["paragraph: <!-- a --> b"], []),
        row("5.2 tilde fence", f"~~~\n{CELL}\n~~~", ["paragraph: ~~~", "<PythonV2>", "paragraph: ~~~"], ["PythonV2 a"]),
        row("5.2 indented tag", f"    {CELL}", ["<PythonV2>"], ["PythonV2 a"]),
        row("5.2 slash-bracket in a string", "<PythonV2 nodeId=\"a\" code=\"x = '<b/>'\" />", ["<PythonV2>"], ["PythonV2 a"]),
        row(
            "5.2 slash-bracket at a line end inside a value",
            "<PythonV2 nodeId=\"a\" code=\"x = '<b />\ny'\" />",
            ["<PythonV2>"],
            ["PythonV2 a"],
        ),
        row("5.2 closing tag in a string", "<PythonV2 nodeId=\"a\" code=\"'</PythonV2>'\" />", ["<PythonV2>"], ["PythonV2 a"]),
        row("5.2 text after the tag", "<Divider /> x", ["paragraph: <Divider /> x"], []),
        row("5.2 body", '<PythonV2 nodeId="a">\nprint(1)\n</PythonV2>', ["<PythonV2>"], ["PythonV2 a"]),
        row("3.4 body in one line", '<PythonV2 nodeId="a">1</PythonV2>', ["<PythonV2>"], ["PythonV2 a"]),
        row("3.4 empty body", '<PythonV2 nodeId="a"></PythonV2>', ["<PythonV2>"], ["PythonV2 a"]),
        row(
            "N13 blank line in a body",
            '<PythonV2 nodeId="a">\n1\n\n</PythonV2>',
            ['paragraph: <PythonV2 nodeId="a">\n1', "paragraph: </PythonV2>"],
            [],
        ),
        row("5.2 blank line in a quoted value", '<PythonV2 nodeId="a" code="x\n\ny" />', ["<PythonV2>"], ["PythonV2 a"]),
        row("3.4 blank line in braces", '<Query nodeId="q" query={{\n\n"a": 1}} />', ["<Query>"], ["Query q"]),
        row(
            "3.4 blank line between props",
            '<PythonV2 nodeId="a"\n\ncode="1" />',
            ['paragraph: <PythonV2 nodeId="a"', 'paragraph: code="1" />'],
            [],
        ),
        row("3.4 unclosed tag, then a cell", f"<Callout a\n\n{CELL}", ["paragraph: <Callout a", "<PythonV2>"], ["PythonV2 a"]),
        row(
            "3.4 unclosed brace, then a cell",
            f'<Query nodeId="b" query={{{{"k":"X" />\n\n{CELL}',
            ["<Query>!", "<PythonV2>"],
            ["Query b", "PythonV2 a"],
        ),
        row("5.2 missing node id", '<SQLV2 code="select 1" />', ["<SQLV2>"], ["SQLV2 None"]),
        row("5.2 duplicate node id", f"{CELL}\n\n{CELL}", ["<PythonV2>"] * 2, ["PythonV2 a"] * 2),
        row("5.2 odd node id", '<SQLV2 nodeId="a b/ü" />', ["<SQLV2>"], ["SQLV2 a b/ü"]),
        row("5.2 anchor above a tag", '<!--ph:x-->\n<PythonV2 code="1" />', ["<PythonV2>"], ["PythonV2 x"]),
        row("D4 node id wins for the backend only", f"<!--ph:phb-9-->\n{CELL}", ["<PythonV2>"], ["PythonV2 a"]),
        row("D5 blank line under an anchor", '<!--ph:x-->\n\n<PythonV2 code="1" />', ["<PythonV2>"], ["PythonV2 x"]),
        row("D5 last anchor wins", '<!--ph:x-->\n<!--ph:y-->\n<SQLV2 />', ["<SQLV2>"], ["SQLV2 y"]),
        row("D5 one-space line under an anchor", "<!--ph:x-->\n \n<SQLV2 />", ["empty", "<SQLV2>"], ["SQLV2 x"]),
        row("N14 anchor twice", "<!--ph:phb-1-->\n<X />\n<!--ph:phb-1-->\n<X />", ["<X>"] * 2, ["X phb-1"] * 2),
        row("3.1 text between anchor and tag", "<!--ph:x-->\nText\n<X />", ["paragraph: Text", "<X>"], ["X None"]),
        row("5.2 CRLF", f"# T\r\n\r\n{CELL}", ["heading: T", "<PythonV2>"], ["PythonV2 a"]),
        row("5.2 lone CR", f"Intro.\r{CELL}", ["paragraph: Intro.", "<PythonV2>"], ["PythonV2 a"]),
        row("5.2 D12 quoted tag", '> <Query nodeId="q" query={{}} />', ["<Query>"], []),
        row("5.2 escaped tag", '\\<PythonV2 nodeId="p" code="\\# x\n\ny" />', ["<PythonV2>"], ["PythonV2 p"]),
        row("3.2 escaped one-line tag", f"\\{CELL}", [f"paragraph: \\{CELL}"], []),
        row(
            "D13 escaped tag under text",
            'text\n\\<PythonV2 nodeId="p" code="x\n\ny" />',
            ['paragraph: text\n\\<PythonV2 nodeId="p" code="x', 'paragraph: y" />'],
            ["PythonV2 p"],
        ),
        row("D13 escaped prop of an un-escaped tag", '<X data\\_b="x\ny" />', ["<X>"], ["X None"]),
        row("D13 escaped prop in one line", '<X data\\_b="x" />', ["<X>!"], ["X None"]),
        row("5.2 lower-case tag", "<div>x</div>", ["paragraph: <div>x</div>"], []),
        row("3.4 tag in a list item", f"- {CELL}", [f"list: - {CELL}"], []),
        row("3.4 tag inside a line", f"a {CELL}", [f"paragraph: a {CELL}"], []),
        row("3.4 tag under a paragraph line", f"a\n{CELL}\nb", ["paragraph: a", "<PythonV2>", "paragraph: b"], ["PythonV2 a"]),
        row(
            "D10 unterminated quote",
            '<PythonV2 nodeId="p" code="print(1)" broken="unterminated />',
            ["<PythonV2>!"],
            ["PythonV2 p"],
        ),
        row("D10 slash in a bare word", "<X a=b/c />", ["<X>!"], ["X None"]),
        row(
            "D11 apostrophe in braces",
            "<X a={it's}\n" + CELL + "\n\nend",
            ["paragraph: <X a={it's}\n" + CELL, "paragraph: end"],
            ["PythonV2 a"],
        ),
        row("D11 literal paragraph swallows", "<X a={it's}\n# T\n- b\n\nend", ["paragraph: <X a={it's}\n# T\n- b", "paragraph: end"], []),
        row(
            "N1 name at the end of its line",
            '<PythonV2\n  nodeId="a"\n  code="1"\n/>',
            ['paragraph: <PythonV2\n  nodeId="a"\n  code="1"\n/>'],
            [],
        ),
        row("3.4 multi-line tag", '<PythonV2 nodeId="a"\n  code="1"\n/>', ["<PythonV2>"], ["PythonV2 a"]),
        row("N2 FEFF after the tag", f"{CELL}\ufeff", ["<PythonV2>"], []),
        row("N2 0085 after the tag", f"{CELL}\u0085", [f"paragraph: {CELL}\u0085"], ["PythonV2 a"]),
        row("N2 001C after the tag", f"{CELL}\u001c", [f"paragraph: {CELL}\u001c"], ["PythonV2 a"]),
        row("N2 FEFF-only line", "a\n\ufeff\nb", ["paragraph: a", "paragraph: b"], []),
        row("N2 0085-only line", "a\n\u0085\nb", ["paragraph: a\n\u0085\nb"], []),
        row("N2 0085-only line inside a tag", '<X a="1"\n\u0085\nb="2" />', ["<X>!"], []),
        row("N2 FEFF-only line inside a tag", '<X a="1"\n\ufeff\nb="2" />', ['paragraph: <X a="1"', 'paragraph: b="2" />'], ["X None"]),
        row("N5 two tags on a line", '<X a="1" /><Y b="2" />', ["<X>!"], ["X None"]),
        row("N17 starts without end", '<X a="\n' * 3, [('paragraph: ' + '<X a="\n' * 3).strip()], []),
    ],
)  # fmt: skip
def test_tags_are_found_where_each_reader_finds_them(markdown: str, browser: list[str], backend: list[str]) -> None:
    assert seen_by_browser(markdown) == browser
    assert seen_by_backend(markdown) == backend


@pytest.mark.parametrize(
    ("markdown", "blocks"),
    [
        row("3.1 nothing", "", []),
        row("3.1 leading blank lines", "\n\n# T", ["heading: T"]),
        row("3.1 one-space line", "a\n\n \n\nb", ["paragraph: a", "empty", "paragraph: b"]),
        row("3.1 two-space line is blank", "a\n  \nb", ["paragraph: a", "paragraph: b"]),
        row("5.2 NBSP line is blank", "a\n\u00a0\nb", ["paragraph: a", "paragraph: b"]),
        row("5.2 no line ends but three", "a\u2028b\x0bc\x0cd\u0085e", ["paragraph: a\u2028b\x0bc\x0cd\u0085e"]),
        row("5.2 several cards", "| a |\n|---|\n\nT\n\n---\n\n![i](u)", ["table: | a |\n|---|", "paragraph: T", "<Divider>", "<Image>"]),
        row("3.2 dividers", "---\n***\n___\n--", ["<Divider>"] * 3 + ["paragraph: --"]),
        row("N20 image inside text", "a ![i](u)", ["paragraph: a ![i](u)"]),
        row("3.2 hard break", "a\nb", ["paragraph: a\nb"]),
        row("3.2 indented hash", "  # x", ["paragraph:   # x"]),
        row("3.2 seven hashes", "####### x", ["paragraph: ####### x"]),
        row("3.2 hash without space", "#x", ["paragraph: #x"]),
        row("N10 empty heading", "# ", ["heading"]),
        row("3.2 heading, then a line", "# T\nx", ["heading: T", "paragraph: x"]),
        row("3.2 blank line between items", "- a\n\n- b", ["list: - a", "list: - b"]),
        row("3.2 second line of an item", "- a\n  b", ["list: - a", "paragraph:   b"]),
        row("3.2 text is no marker", "-a\n1.b", ["paragraph: -a\n1.b"]),
        row("3.2 nested quote", "> > a", ["blockquote: > a"]),
        row("3.2 quote", "> a\n>b\nc", ["blockquote: a\nb", "paragraph: c"]),
        row("3.2 quoted heading", "> # T\n> a", ["heading: T", "blockquote: a"]),
        row("3.2 quoted list", "> a\n> - b\n> c", ["blockquote: a", "list: - b", "blockquote: c"]),
        row("3.2 quoted tag ends a quote", "> a\n> <X />\n> b", ["blockquote: a", "<X>", "blockquote: b"]),
        row("N6 heading", "# a\u2028b", ["paragraph: # a\u2028b"]),
        row("N6 paragraph, quote, table", "> a\u2028b\n\n| a\u2028b |\n|---|", ["blockquote: a\u2028b", "table: | a\u2028b |\n|---|"]),
        row("N10 no table", "|  |\n|  |", ["paragraph: |  |\n|  |"]),
        row("D15 separator without a pipe", "| a |\n---", ["paragraph: | a |", "<Divider>"]),
        row("D15 separator without a leading pipe", "| a | b |\n--- | ---\nc", ["table: | a | b |\n--- | ---", "paragraph: c"]),
        row("3.2 table ends without a pipe", "| a |\n|---|\n| b |\nc | d", ["table: | a |\n|---|\n| b |", "paragraph: c | d"]),
    ],
)  # fmt: skip
def test_browser_cuts_text_into_these_blocks(markdown: str, blocks: list[str]) -> None:
    assert seen_by_browser(markdown) == blocks


@pytest.mark.parametrize(
    ("markdown", "groups"),
    [
        row("one blank line", "a\n\nb", [False, False]),
        row("two blank lines", "a\n\n\nb", [False, True]),
        row("three blank lines", "a\n\n\n\nb", [False, True]),
        row("leading blank lines", "\n\n\na", [False]),
        row("one-space line counts as a block", "a\n\n \n\nb", [False, False, False]),
        row("D5 blank lines around an anchor add up", "a\n\n<!--ph:phb-1-->\n\nText", [False, True]),
        row("anchor under one blank line", "a\n\n<!--ph:phb-1-->\nText", [False, False]),
        row("CRLF", "a\r\n\r\n\r\nb", [False, True]),
    ],
)
def test_two_blank_lines_start_a_card(markdown: str, groups: list[bool]) -> None:
    assert [block.starts_group for block in read_blocks(markdown)] == groups


@pytest.mark.parametrize(
    ("markdown", "anchors"),
    [
        row("5.2 anchor", "<!--ph:phb-1-->\nText", ["phb-1"]),
        row("D4 anchor wins for the browser", f"<!--ph:phb-9-->\n{CELL}", ["phb-9"]),
        row("D5 last wins", "<!--ph:a-->\n<!--ph:b-->\nText", ["b"]),
        row("D5 one-space line takes it", "<!--ph:a-->\n \nText", ["a", None]),
        row("3.1 ends a paragraph", "x\n  <!--ph:a-->  \ny", [None, "a"]),
        row("3.1 longest id", f"<!--ph:{'a' * 128}-->\nx", ["a" * 128]),
        row("3.1 too long an id is a note", f"<!--ph:{'a' * 129}-->\nx", [None, None]),
        row("3.1 space makes a note", "<!-- ph:a -->\nx", [None, None]),
    ],
)
def test_browser_gives_an_anchor_to_the_next_block(markdown: str, anchors: list[str | None]) -> None:
    assert [block.anchor for block in read_blocks(markdown)] == anchors


@pytest.mark.parametrize(
    ("source", "browser", "backend"),
    [
        row("5.2 null and bare", " runId={null} showFilters", {"runId": None, "showFilters": True}, None),
        row("5.2 duplicate", ' code="a" code="b"', {"code": "b"}, None),
        row("5.2 single quotes", " code='it\\'s'", {"code": "it's"}, None),
        row("3.5 single quotes are never JSON", " code='a\\nb'", {"code": "anb"}, None),
        row("3.5 JSON string", ' code="a\\nb\\u00e9"', {"code": "a\nbé"}, None),
        row("5.2 invalid JSON", ' code="x\n\\n"', {"code": "x\nn"}, None),
        row("3.5 invalid JSON takes quotes", ' code="x\n\\""', {"code": 'x\n"'}, None),
        row("5.2 entity", ' code="a &lt; b"', {"code": "a < b"}, None),
        row("5.2 legacy entity", ' code="u?a=1&copy=2"', {"code": "u?a=1&copy=2"}, {"code": "u?a=1©=2"}),
        row("5.2 legacy entity kept from both", ' code="u?a=1&amp;copy=2"', {"code": "u?a=1&copy=2"}, None),
        row("3.5 numeric entity", ' code="&#60;&nbsp;"', {"code": "&#60;&nbsp;"}, {"code": "<\u00a0"}),
        row("3.5 six entities", " a='&quot;&#39;&apos;&lt;&gt;&amp;'", {"a": "\"''<>&"}, None),
        row("N16 decoded once", ' a="&amp;lt;"', {"a": "&lt;"}, None),
        row("N16 braces are not decoded", ' a={{"t":"&lt;"}}', {"a": {"t": "&lt;"}}, None),
        row("3.5 string in braces", ' code={"&lt;"}', {"code": "&lt;"}, None),
        row("3.5 list", " a={[1,2.5,null]}", {"a": [1, 2.5, None]}, None),
        row("3.5 empty object", " query={{}}", {"query": {}}, None),
        row("3.5 numbers", " a={12} b={-1.5} c={true} d={false}", {"a": 12, "b": -1.5, "c": True, "d": False}, None),
        row("3.5 no JSON stays text with braces", " a={foo()}", {"a": "{foo()}"}, None),
        row("3.5 bare words", " a=1 b=yes c=true d=[1]", {"a": 1, "b": "yes", "c": True, "d": [1]}, None),
        row("3.5 white space around the sign", ' a = "1"\n b\t=\t{2}', {"a": "1", "b": 2}, None),
        row("7.3 nothing behind the sign", " a=", {"a": ""}, None),
        row("D18 escaped backslash", ' result={["C:\\u005c"]} a="1"', {"result": ["C:\\"], "a": "1"}, None),
        row("N3 NaN", " a={NaN} b={[NaN]} c={Infinity}", {"a": "{NaN}", "b": "{[NaN]}", "c": "{Infinity}"}, {"a": math.nan, "b": [math.nan], "c": math.inf}),
        row("N3 Arabic digit", " a={\u0663}", {"a": "{\u0663}"}, {"a": 3}),
        row("N3 1e400", " a={1e400}", {"a": math.inf}, None),
        row("N4 proto", ' __proto__="1" a="2"', {"a": "2"}, {"__proto__": "1", "a": "2"}),
    ],
)  # fmt: skip
def test_props_are_read_like_this(source: str, browser: dict[str, object], backend: dict[str, object] | None) -> None:
    """A backend of None means: like the browser."""
    from_browser, from_backend = read_props(source), read_backend_props(source)

    assert not from_browser.has_errors
    assert not from_backend.has_errors
    assert repr(from_browser.values) == repr(browser)
    assert repr(from_backend.values) == repr(browser if backend is None else backend)


@pytest.mark.parametrize(
    ("source", "browser", "backend"),
    [
        row("D10 unterminated quote", ' code="1" broken="x', {"code": "1"}, {"code": "1", "broken": None}),
        row("D10 slash in a bare word", " a=b/c", {"a": "b"}, {"a": "b"}),
        row("D10 unterminated braces", ' a={{"k":1} b="2"', {}, {"a": None}),
        row("D13 escaped name", ' data\\_b="x"', {"data": True}, {"data": True}),
        row("N2 0085 between props", ' a="1"\u0085=', {"a": "1"}, {"a": "1"}),
        row("N5 second tag", ' a="1" /><Y b="2" ', {"a": "1"}, {"a": "1"}),
    ],
)
def test_props_are_kept_up_to_an_error(source: str, browser: dict[str, object], backend: dict[str, object]) -> None:
    from_browser, from_backend = read_props(source), read_backend_props(source)

    assert (from_browser.values, from_browser.has_errors) == (browser, True)
    assert (from_backend.values, from_backend.has_errors) == (backend, True)


def test_next_line_is_white_space_between_props_for_the_backend_only() -> None:
    source = ' a="1"\u0085b="2"'

    assert (read_props(source).values, read_props(source).has_errors) == ({"a": "1"}, True)
    assert read_backend_props(source).values == {"a": "1", "b": "2"}


def test_byte_order_mark_is_white_space_between_props_for_the_browser_only() -> None:
    source = ' a="1"\ufeffb="2"'

    assert read_props(source).values == {"a": "1", "b": "2"}
    assert (read_backend_props(source).values, read_backend_props(source).has_errors) == ({"a": "1"}, True)


def test_backslash_before_a_closing_quote_traps_the_browser_in_braces() -> None:
    source = ' result={{"first_page":[["C:\\\\"]]}} a="1"'

    assert (read_props(source).values, read_props(source).has_errors) == ({}, True)
    assert read_backend_props(source).values == {"result": {"first_page": [["C:\\"]]}, "a": "1"}


def test_integers_are_doubles_for_the_browser() -> None:
    source = ' result={{"first_page":[[18446744073709551615]]}}'

    assert read_props(source).values == {"result": {"first_page": [[2.0**64]]}}
    assert read_backend_props(source).values == {"result": {"first_page": [[2**64 - 1]]}}


def test_too_many_digits_fail_the_whole_document_in_the_backend() -> None:
    tag = f"<X a={{{'9' * 4301}}} />"

    assert one(tag).props == {"a": math.inf}
    with pytest.raises(ValueError, match="digits"):
        read_tags(f"{CELL}\n\n{tag}")


def test_deep_lists_fail_the_backend_long_before_the_browser() -> None:
    def nested(depth: int) -> str:
        return f"<X a={{{'[' * depth}{']' * depth}}} />"

    assert not one(nested(3_000)).has_prop_errors
    assert [tag.name for tag in read_tags(nested(100))] == ["X"]
    with pytest.raises(RecursionError):
        read_tags(nested(900))
    with pytest.raises(RecursionError):
        read_blocks(nested(100_000))


@pytest.mark.parametrize(
    ("markdown", "is_browser_tag", "is_backend_tag"),
    [
        row("D14 1,000 lines", '<X a="' + "\n" * 999 + '" />', True, True),
        row("D14 1,001 lines", '<X a="' + "\n" * 1_000 + '" />', False, False),
        row("D14 300 lines of emoji", '<X a="' + "\n".join(["😀" * 500] * 300) + '" />', False, True),
        row("D14 long first line, then one more", '<X a="' + "x" * 2**18 + '\n" />', False, False),
        row("3.4 one line may be longer", '<X a="' + "x" * 2**19 + '" />', True, True),
    ],
)
def test_tags_have_a_limit(markdown: str, is_browser_tag: bool, is_backend_tag: bool) -> None:
    assert (read_blocks(markdown)[0].kind == "component") is is_browser_tag
    assert bool(read_tags(markdown)) is is_backend_tag


def test_browser_swallows_a_thousand_lines_behind_an_unclosed_value() -> None:
    blocks = read_blocks('<X a="\n' * 3_000)

    assert [block.text.count("\n") + 1 for block in blocks] == [1_000] * 3
    assert all(block.is_literal for block in blocks)


@pytest.mark.parametrize(
    ("markdown", "reported"),
    [
        row("D1 last character dropped", 'x\n\n<X a="1" />', ['<X a="1" /']),
        row("D1 whole with a final newline", 'x\n\n<X a="1" />\n', ['<X a="1" />']),
        row("D1 CRLF kept", '<X a="1" />\r\n\r\nb', ['<X a="1" />\r']),
        row("lone CR", '<X a="1" />\rb', ['<X a="1" />']),
        row("3.7 UTF-16 units", '😀\n<X a="😀" />\n\n<Y />\n', ['<X a="😀" />', "<Y />"]),
    ],
)
def test_backend_reports_spans_in_utf16_units(markdown: str, reported: list[str]) -> None:
    units = markdown.encode("utf-16-le")

    assert [units[2 * tag.start : 2 * tag.end].decode("utf-16-le") for tag in read_tags(markdown)] == reported


def test_browser_blocks_tell_their_place_in_the_given_text() -> None:
    markdown = f"# T\r\n\r\n😀\r\nb\r\r<!--ph:x-->\n  {CELL}\n> q\n"

    places = [markdown[block.start : block.end] for block in read_blocks(markdown)]

    assert places == ["# T", "😀\r\nb", f"  {CELL}", "> q"]


@pytest.mark.parametrize(
    ("markdown", "cells"),
    [
        row("D15 escaped closing pipe", "| a \\|\n|---|", (("a \\",),)),
        row("D15 two backslashes", "| a \\\\| b |\n|---|---|", (("a \\| b",),)),
        row("5.2 pipe in a code span", "| `a\\|b` |\n|---|", (("`a|b`",),)),
        row("3.2 ragged rows", "| a | b |\n|:-:|--:|\n|\n| c |\n|---|", None),
        row("3.2 three rows", "|a|b|\n|:---|---:|\n| c", (("a", "b"), ("c",))),
    ],
)
def test_table_rows_split_at_pipes(markdown: str, cells: tuple[tuple[str, ...], ...] | None) -> None:
    blocks = read_blocks(markdown)

    assert (blocks[0].rows if blocks[0].kind == "table" else None) == cells


def item(text: str, *, depth: int = 0, number: int | None = None, is_done: bool | None = None) -> ListItem:
    return ListItem(text=text, depth=depth, number=number, is_done=is_done)


@pytest.mark.parametrize(
    ("markdown", "items"),
    [
        row("3.2 markers", "- a\n* b\n+ c\n• d", [item("a"), item("b"), item("c"), item("d")]),
        row("3.2 ordered", "3. a\n7) b", [item("a", number=3), item("b", number=7)]),
        row("3.2 depth", "- a\n      - b\n\t- c\n- d", [item("a"), item("b", depth=1), item("c", depth=2), item("d")]),
        row("3.2 tasks", "- [ ] a\n- [x] b\n- [X] c\n1. [x] d", [item("a", is_done=False), item("b", is_done=True), item("c", is_done=True), item("[x] d", number=1)]),
        row("N8 escaped box", "- \\[ \\] open", [item("\\[ \\] open")]),
        row("N10 empty item", "-", [item("")]),
    ],
)  # fmt: skip
def test_list_lines_are_items(markdown: str, items: list[ListItem]) -> None:
    assert list(one(markdown).items) == items


@pytest.mark.parametrize(
    ("markdown", "texts"),
    [
        row("5.2", "- a\u2028b", [[]]),
        row("N6 ordered", "1. a\u2028b\n2. c", [[], ["c"]]),
        row("N6 cut in three", "- x\n- a\u2028b\n- y", [["x"], [], ["y"]]),
        row("N6 quoted", "> - x\n> - a\u2029b", [["x"], []]),
    ],
)
def test_line_separator_empties_a_list(markdown: str, texts: list[list[str]]) -> None:
    blocks = read_blocks(markdown)

    assert [block.kind for block in blocks] == ["list"] * len(texts)
    assert [[item.text for item in block.items] for block in blocks] == texts


def test_parts_of_fences_images_and_notes_are_read() -> None:
    fence, image, note = read_blocks("```py x ref=c-1:0-2\na\n```\n![a\\]b](u\\)v\u2028)\n<!-- a\n\n b -->")

    assert (fence.language, fence.text) == ("py x", "a")
    assert image.props == {"alt": "a]b", "src": "u)v\u2028"}
    assert note.props == {"text": "a\n\n b"}


def test_recovered_tags_have_their_escapes_undone() -> None:
    escaped = one('\\<PythonV2 nodeId="p" code="\\# x\n\ny" />')
    half_escaped = one('<X data\\_b="x\ny" />')

    assert escaped.props == {"nodeId": "p", "code": "# x\n\ny"}
    assert half_escaped.props == {"data_b": "x\ny"}
    assert [tag.props for tag in read_tags('<X data\\_b="x\ny" />')] == [{"data": True}]


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        row("3.3 bold", "a **b** __c__", [("a ", ""), ("b", "bold"), (" ", ""), ("c", "bold")]),
        row("3.3 italic", "*a* _b_", [("a", "italic"), (" ", ""), ("b", "italic")]),
        row("3.3 strike and underline", "~~a~~<u>b</u>", [("a", "strike"), ("b", "underline")]),
        row("3.3 single tilde", "~a~", [("~a~", "")]),
        row("3.3 space inside", "** a** *a *", [("** a** *a *", "")]),
        row("5.2 inside words", "snake_case 2*3 a_b_c", [("snake_case 2*3 a_b_c", "")]),
        row("5.2 escaped dunder", "\\_\\_init\\_\\_", [("__init__", "")]),
        row("3.3 no closer", "a **b _c ~~d <u>e [f `g", [("a **b _c ~~d <u>e [f `g", "")]),
        row("3.3 bold and italic", "**_x_**", [("x", "bold italic")]),
        row("3.3 code", "`a\\`\\\\\\n`", [("a`\\\\n", "code")]),
        row("3.3 code binds tightest", "*a `*` b*", [("a ", "italic"), ("*", "code italic"), (" b", "italic")]),
        row("3.3 escapes", "\\*\\a\\&\\•", [("*\\a\\&•", "")]),
        row("3.3 breaks collapse", "a\n\nb", [("a", ""), ("\n", ""), ("b", "")]),
        row("3.3 break inside marks", "**a\nb**", [("a", "bold"), ("\n", ""), ("b", "bold")]),
        row("3.3 entities are literal", "&amp; &lt;", [("&amp; &lt;", "")]),
        row("3.3 link", "[a](https://x.y/(b)\\))", [("a", "link=https://x.y/(b))")]),
        row("3.3 link dropped", "[a](/b) [c](mailto:d) [e](http://f g)", [("a c e", "")]),
        row("3.3 ref and mention", "<ref id=\"r\">a</ref><mention id='5'>@B</mention>", [("a", "ref=r"), ("@B", "mention=5")]),
        row("3.3 id without text is literal", '<ref id="">a</ref>', [('<ref id="">a</ref>', "")]),
        row("3.3 marks in canonical order", "<u>**`x`**</u>", [("x", "code bold underline")]),
        row("3.3 inner link dropped", '<ref id="a">[x [y](http://b.c)](http://d.e)</ref>', [("x [y", "link=http://b.c ref=a"), ("](http://d.e)", "ref=a")]),
        row("5.2 overlapping marks side by side", "**ab****_cd_***ef*", [("ab", "bold"), ("cd", "bold italic"), ("ef", "italic")]),
        row("D6 double back-ticks", "``a``", [("a", "")]),
        row("D6 back-ticks inside", "x `` y", [("x  y", "")]),
        row("D6 CommonMark span", "``a`b``", [("a", ""), ("b", "code"), ("`", "")]),
        row("D6 empty link", "[](http://x.y)", []),
        row("D6 empty underline", "<u></u>", []),
        row("D6 empty ref", '<ref id="r"></ref>', []),
        row("D7 angle brackets", "[a](<http://x.y>)", [("a", "")]),
        row("D8 three stars", "***x***", [("*x", "bold"), ("*", "")]),
        row("D8 overlap", "**ab*****cd****ef*", [("ab*cd", "bold"), ("*", ""), ("ef", "italic")]),
        row("D8 bold in code", "`**a**`", [("**a**", "code")]),
        row("D9 ref in ref", '<ref id="b"><ref id="a">x</ref></ref>', [('<ref id="a">x', "ref=b"), ("</ref>", "")]),
        row("D9 escaped id", '<ref id="\\u00e9">x</ref>', [("x", "ref=u00e9")]),
        row("N8 escaped box", "\\[ \\] open point", [("[ ] open point", "")]),
        row("N15 bold around italic", "**a *b* c**", [("a ", "bold"), ("b", "bold italic"), (" c", "bold")]),
        row("N15 code in italic", "*a `*` b*", [("a ", "italic"), ("*", "code italic"), (" b", "italic")]),
        row("N20 relative image", "a ![i](u) b", [("a !i b", "")]),
        row("N20 image on the web", "![i](http://u.v)", [("!", ""), ("i", "link=http://u.v")]),
        row("D15 cell with two backslashes", "a \\| b", [("a | b", "")]),
    ],
)  # fmt: skip
def test_inline_text_is_read_as_runs(text: str, runs: list[tuple[str, str]]) -> None:
    read = [(run.text, " ".join(f"{mark.kind}={mark.value}" if mark.value else mark.kind for mark in run.marks)) for run in read_inline(text)]  # fmt: skip

    assert read == runs
