"""The trap list of posthog-document.md 5.2 for Markdown notebooks: each test's id is the trap's name there.

Rich documents: ``test_rich_traps.py``.
"""

from __future__ import annotations

from typing import Any

import nbformat
import pytest

from jupyter_posthog.document import (
    FreshResult,
    document_to_notebook,
    read_document,
    rescue_legacy_cells,
    write_document,
)
from jupyter_posthog.document.outputs.frames import FRAME_MIME_TYPE
from tests.document.strategies import wrapped
from tests.document.traps import (
    CELL,
    assert_survives,
    cells_of,
    ids_of,
    markdown_with,
    tags_of_backend,
    tags_of_browser,
    trap,
)

NOTE_AROUND_A_CELL = f"<!-- a\n\n{CELL}\n\nend -->"
LONG_FENCE = '````\n```\n<SQLV2 nodeId="a" code="1" />\n````'
QUERY = '<Query nodeId="q" query={{}} />'
ESCAPED = '\\<PythonV2 nodeId="p" code="\\# x\n\ny" />'
SEVERAL_CARDS = "| a |\n|---|\n\nText\n\n---\n\n![i](u)"
IMAGE = "iVBORw0KGgo" + "A" * 4_000_000
NODE = '<UnknownNode nodeType="ph-python" nodeId="p" code="1" height={20} />'
AGENT = 'Text\n\n<Prompt question="Why?" keepQuestion />\n\nMore'


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        trap("tag inside a fence", f"```\n{CELL}\n```", [("markdown", f"```\n{CELL}\n```")]),
        trap("longer fence", LONG_FENCE, [("markdown", LONG_FENCE)]),
        trap("unclosed fence", "```py\nx\n\n# T", [("markdown", "```py\nx\n\n# T")]),
        trap("comment with blank lines", "<!-- a\n\n\nb -->\n\nText", [("markdown", "<!-- a\n\n\nb -->\n\nText")]),
        trap("unclosed comment", "<!-- a\n\nText", [("markdown", "<!-- a\n\nText")]),
        trap("comment closed much later", NOTE_AROUND_A_CELL, [("markdown", NOTE_AROUND_A_CELL)]),
        trap("tilde fence", f"~~~\n{CELL}\n~~~", [("markdown", "~~~"), ("code", "1"), ("markdown", "~~~")]),
        trap("indented code", f"a\n\n    {CELL}\n\nb", [("markdown", "a"), ("code", "1"), ("markdown", "b")]),
        trap("U+2028 / U+2029 in prose", "- a\u2028b\u2029c", [("markdown", "- a\u2028b\u2029c")]),
        trap("slash-bracket in a string", "<PythonV2 nodeId=\"a\" code=\"x = '<b/>'\" />", [("code", "x = '<b/>'")]),
        trap(
            "slash-bracket at a line end inside a raw multi-line value",
            "<PythonV2 nodeId=\"a\" code=\"x = '<b />\ny'\" />",
            [("code", "x = '<b />\ny'")],
        ),
        trap("closing tag in a string", "<PythonV2 nodeId=\"a\" code=\"'</PythonV2>'\" />", [("code", "'</PythonV2>'")]),
        trap("text after the tag", "<Divider /> x", [("markdown", "<Divider /> x")]),
        trap("body", '<PythonV2 nodeId="a">\nprint(1)\n</PythonV2>', [("code", "")]),
        trap("blank line in a quoted value", '<PythonV2 nodeId="a" code="x\n\ny" />', [("code", "x\n\ny")]),
        trap("invalid JSON string", '<PythonV2 nodeId="a" code="x\n\\n" />', [("code", "x\nn")]),
        trap("single quotes", "<PythonV2 nodeId='a' code='it\\'s' />", [("code", "it's")]),
        trap("entity", '<PythonV2 nodeId="a" code="a &lt; b" />', [("code", "a < b")]),
        trap("legacy entity", '<PythonV2 nodeId="a" code="u?a=1&copy=2" />', [("code", "u?a=1&copy=2")]),
        trap("duplicate prop", '<PythonV2 nodeId="a" code="a" code="b" />', [("code", "b")]),
        trap("missing nodeId", '<SQLV2 code="select 1" />', [("code", "%%hogql\nselect 1")]),
        trap("odd nodeId", '<PythonV2 nodeId="a b/ü" code="1" />', [("code", "1")]),
        trap("anchor", "<!--ph:phb-1-->\nText", [("markdown", "<!--ph:phb-1-->\nText")]),
        trap("anchor above a tag", '<!--ph:x-->\n<PythonV2 code="1" />', [("code", "1")]),
        trap("two blank lines", "a\n\n\nb", [("markdown", "a"), ("markdown", "b")]),
        trap("three blank lines", "a\n\n\n\nb", [("markdown", "a"), ("markdown", "b")]),
        trap("one-space line", "a\n\n \n\nb", [("markdown", "a\n\n \n\nb")]),
        trap("trailing newline", "a\n", [("markdown", "a")]),
        trap("leading blank lines", "\n\n# T", [("markdown", "# T")]),
        trap("CRLF", f"# T\r\n\r\n{CELL}", [("markdown", "# T"), ("code", "1")]),
        trap("lone CR", f"Intro.\r{CELL}", [("markdown", "Intro."), ("code", "1")]),
        trap("quoted tag", f"> {QUERY}", [("raw", QUERY)]),
        trap("escaped tag", ESCAPED, [("code", "# x\n\ny")]),
        trap("lower-case tag", "<div>x</div>", [("markdown", "<div>x</div>")]),
        trap("table, divider, image inside prose", SEVERAL_CARDS, [("markdown", SEVERAL_CARDS)]),
        trap("pipe in a code span in a cell", "| `a\\|b` |\n|---|", [("markdown", "| `a\\|b` |\n|---|")]),
        trap("emoji, RTL, combining marks, NBSP", "👩\u200d👧 e\u0301\u200f\n\u00a0\nx", [("markdown", "👩\u200d👧 e\u0301\u200f\n\u00a0\nx")]),
        trap("emoji, RTL, combining marks, NBSP in code", '<PythonV2 code="👩\u200d👧 e\u0301\u200f\u00a0" />', [("code", "👩\u200d👧 e\u0301\u200f\u00a0")]),
        trap("exotic line ends", '<PythonV2 code="a\u2028b\u0085c\\fd\u000be" />', [("code", "a\u2028b\u0085cfd\u000be")]),
        trap("UnknownNode of a code node", NODE, [("code", "1")]),
        trap("Prompt, agent tags", f"{AGENT}\n\n<Agent />", [("markdown", AGENT), ("raw", "<Agent />")]),
    ],
)  # fmt: skip
def test_a_trap_is_shown_as_these_cells_and_kept_byte_for_byte(text: str, cells: list[tuple[str, str]]) -> None:
    assert cells_of(wrapped(text)) == cells
    assert_survives(wrapped(text))


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        trap("duplicate nodeId", f"{CELL}\n\n{CELL}", [("a", "a"), ("phx-b0e8de8d4e6b1207f3869a7d", "a")]),
        trap("missing nodeId", '<SQLV2 code="1" />', [("phm-68c89252072b218164078856", None)]),
        trap("odd nodeId", '<SQLV2 nodeId="a b/ü" code="1" />', [("phx-ad082296e08b1494d53e7413", "a b/ü")]),
        trap("anchor", "<!--ph:phb-1-->\nText", [("phb-1", None)]),
        trap("anchor above a tag", '<!--ph:x-->\n<PythonV2 code="1" />', [("x", None)]),
    ],
)
def test_a_trap_gets_these_cell_ids_and_is_kept(text: str, ids: list[tuple[str, str | None]]) -> None:
    assert ids_of(wrapped(text)) == ids
    assert_survives(wrapped(text))


@pytest.mark.parametrize(
    ("text", "number", "source", "expected"),
    [
        trap("unclosed fence", f"{CELL}\n\n```py\nx", 1, "```py\ny", f"{CELL}\n\n```py\ny\n```"),
        trap("unclosed comment", "<!-- a\n\nText", 0, "<!-- b\n\nText", "\\<!-- b\n\nText"),
        trap("comment closed much later", NOTE_AROUND_A_CELL, 0, NOTE_AROUND_A_CELL + "\n\nb", NOTE_AROUND_A_CELL + "\n\nb"),
        trap("U+2028 / U+2029 in prose", "- a\u2028b\u2029c", 0, "- A\u2028b\u2029c", "- A b c"),
        trap("text after the tag", "<Divider /> x", 0, "<Divider /> y", "\\<Divider /> y"),
        trap("two blank lines", "a\n\n\nb", 0, "A\n\n\n\na", "A\n\na\n\n\nb"),
        trap("three blank lines", "a\n\n\n\nb", 0, "A", "A\n\n\n\nb"),
        trap("one-space line", "a\n\n \n\nb", 0, "a\n\n \n\nB", "a\n\n \n\nB"),
        trap("trailing newline", "a\n", 0, "b", "b\n"),
        trap("leading blank lines", "\n\n# T", 0, "# U", "\n\n# U"),
        trap("CRLF", f"# T\r\nx\r\n\r\n{CELL}", 0, "# T\ny\nz", f"# T\r\ny\r\nz\r\n\r\n{CELL}"),
        trap("lone CR", f"Intro.\r{CELL}", 0, "Intro!", f"Intro!\r{CELL}"),
        trap("anchor", "<!--ph:phb-1-->\nText", 0, "<!--ph:phb-1-->\nNew", "<!--ph:phb-1-->\nNew"),
        trap("quoted tag", f"> {QUERY}", 0, QUERY.replace("{}", '{"a":1}'), QUERY.replace("{}", '{"a":1}')),
        trap("lower-case tag", "<div>x</div>", 0, "<div>y</div>", "<div>y</div>"),
        trap("pipe in a code span in a cell", "| `a\\|b` |\n|---|\n\nx", 0, "| `a\\|b` |\n|---|\n\ny", "| `a\\|b` |\n|---|\n\ny"),
    ],
)  # fmt: skip
def test_an_edited_trap_of_prose_is_written_like_this(text: str, number: int, source: str, expected: str) -> None:
    assert markdown_with(text, number, source) == expected


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        trap(
            "slash-bracket at a line end inside a raw multi-line value",
            "<PythonV2 nodeId=\"a\" code=\"x = '<b />\ny'\" />",
            "x = '<c />\ny'",
            "<PythonV2 nodeId=\"a\" code=\"x = '<c />\\ny'\" />",
        ),
        trap("closing tag in a string", CELL, "'</PythonV2>'", CELL.replace("1", "'</PythonV2>'")),
        trap("body", '<PythonV2 nodeId="a">\n1\n</PythonV2>', "2", '<PythonV2 nodeId="a" code="2">\n1\n</PythonV2>'),
        trap("blank line in a quoted value", '<PythonV2 nodeId="a" code="x\n\ny" />', "x\n\nz", '<PythonV2 nodeId="a" code="x\\n\\nz" />'),
        trap("invalid JSON string", '<PythonV2 nodeId="a" code="x\n\\n" />', "x\nm", '<PythonV2 nodeId="a" code="x\\nm" />'),
        trap("single quotes", "<PythonV2 nodeId='a' code='it\\'s' />", "it's 2", "<PythonV2 nodeId='a' code=\"it's 2\" />"),
        trap("entity", '<PythonV2 nodeId="a" code="a &lt; b" />', 'print("a &lt; b")', '<PythonV2 nodeId="a" code="print(\\"a &amp;lt; b\\")" />'),
        trap("legacy entity", '<PythonV2 nodeId="a" code="u?a=1&copy=2" />', "u?a=1&copy=3", '<PythonV2 nodeId="a" code="u?a=1&amp;copy=3" />'),
        trap("duplicate prop", '<PythonV2 nodeId="a" code="a" code="b" />', "c", '<PythonV2 nodeId="a" code="a" code="c" />'),
        trap("null prop / bare prop", '<PythonV2 nodeId="a" code="1" runId={null} showFilters />', "2", '<PythonV2 nodeId="a" code="2" runId={null} showFilters />'),
        trap("big integer", '<PythonV2 nodeId="a" code="1" result={{"first_page":[[18446744073709551615]]}} />', "2", '<PythonV2 nodeId="a" code="2" result={{"first_page":[[18446744073709551615]]}} />'),
        trap("anchor above a tag", '<!--ph:x-->\n<PythonV2 nodeId="x" code="1" />', "2", '<!--ph:x-->\n<PythonV2 nodeId="x" code="2" />'),
        trap("escaped tag", ESCAPED, "# x\n\nz", '<PythonV2 nodeId="p" code="# x\\n\\nz" />'),
        trap("exotic line ends", '<PythonV2 nodeId="a" code="1" />', "a\u2028b\u0085c\fd\ve", '<PythonV2 nodeId="a" code="a\u2028b\u0085c\\fd\\u000be" />'),
        trap("UnknownNode of a code node", NODE, "2", NODE.replace('code="1"', 'code="2"')),
    ],
)  # fmt: skip
def test_an_edited_trap_of_code_is_read_as_meant_by_browser_and_server(text: str, code: str, expected: str) -> None:
    written = markdown_with(text, 0, code)

    assert written == expected
    assert [tag[2] for tag in tags_of_browser(written)] == [code]
    assert [tag[2] for tag in tags_of_backend(written)] == [code]


@pytest.mark.parametrize(
    ("text", "browser_count", "backend_count"),
    [
        trap("longer fence", LONG_FENCE, 0, 1),
        trap("comment closed much later", NOTE_AROUND_A_CELL, 0, 1),
        trap("quoted tag", f"> {CELL}", 1, 0),
    ],
)
def test_we_show_the_code_cells_that_the_browser_shows(text: str, browser_count: int, backend_count: int) -> None:
    """PostHog's two readers disagree about these; people see the browser's."""
    kinds = [kind for kind, _ in cells_of(wrapped(text))]

    assert kinds.count("code") == len(tags_of_browser(text)) == browser_count
    assert len(tags_of_backend(text)) == backend_count


def test_a_trap_in_a_result_is_shown_and_kept() -> None:
    """Rows “trailing backslash in braces” and “big integer”: unchanged, they stay as they are."""
    page = '{"columns":["a","b"],"first_page":[["C:\\\\",18446744073709551615]]}'
    text = f'<SQLV2 nodeId="a" code="1" result={{{page}}} />'

    (output,) = document_to_notebook(wrapped(text)).cells[0]["outputs"]

    assert output["data"][FRAME_MIME_TYPE]["rows"] == [["C:\\", "18446744073709551615"]]
    assert_survives(wrapped(text))


def test_two_cells_with_one_node_id_are_edited_apart() -> None:
    """Row “duplicate nodeId”."""
    text = f"{CELL}\n\n{CELL}"

    assert markdown_with(text, 1, "2") == f"{CELL}\n\n{CELL.replace('1', '2')}"


@pytest.mark.parametrize("is_run", [False, True], ids=["edited", "run"])
def test_a_cell_without_node_id_gets_its_cell_id_when_edited_or_run(is_run: bool) -> None:
    """Row “missing nodeId”."""
    read = read_document(wrapped('<SQLV2 code="select 1" />'))
    cell = read.notebook.cells[0]
    fresh = {cell["id"]: FreshResult(run_id="r", status="failed")} if is_run else {}
    if not is_run:
        cell["source"] = "%%hogql\nselect 2"

    written = write_document(read.notebook, read.ledger, fresh=fresh).text_content or ""

    assert f'nodeId="{cell["id"]}"' in written


def test_huge_media_stands_in_the_output_only_and_once() -> None:
    """Row “huge media”."""
    tag = f'<PythonV2 nodeId="a" code="1" result={{{{"media":[{{"mime_type":"image/png","data":"{IMAGE}"}}]}}}} />'

    notebook = document_to_notebook(wrapped(tag))

    assert notebook.cells[0]["outputs"][0]["data"] == {"image/png": IMAGE}
    assert len(nbformat.writes(notebook)) < len(IMAGE) + 10_000
    assert markdown_with(tag, 0, "2") == tag.replace('code="1"', 'code="2"')


def test_an_unknown_node_with_code_becomes_a_live_cell_on_request() -> None:
    """Row “UnknownNode nodeType="ph-python"”."""
    rescued: Any = rescue_legacy_cells(wrapped(NODE)).document

    assert tags_of_backend(rescued["content"][0]["attrs"]["markdown"]) == [("PythonV2", "p", "1")]


def test_a_prompt_that_came_and_went_is_kept_while_its_neighbour_is_edited() -> None:
    """Row “Prompt, agent tags”."""
    assert markdown_with(AGENT, 0, AGENT.replace("More", "Less")) == AGENT.replace("More", "Less")
