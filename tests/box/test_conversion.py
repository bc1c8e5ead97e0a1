"""Rich → Markdown as PostHog's server converts it: a row each of posthog-document.md 3.9, and the rows of 7 about it."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_posthog.box.text.rich_conversion import rich_to_markdown
from jupyter_posthog.box.text.rich_inlines import UnconvertibleDocument
from tests.box_fixture import Box
from tests.conftest import DATA, load_json

ALL = "/api/projects/1/notebooks/"


def text(value: str, *marks: Any) -> dict[str, Any]:
    return {"type": "text", "text": value} | ({"marks": [_mark(mark) for mark in marks]} if marks else {})


def _mark(mark: Any) -> Any:
    return {"type": mark} if isinstance(mark, str) else mark


def node(kind: str, *content: Any, **attrs: Any) -> dict[str, Any]:
    children = [text(child) if isinstance(child, str) else child for child in content]
    return {"type": kind} | ({"attrs": attrs} if attrs else {}) | ({"content": children} if children else {})


def p(*content: Any) -> dict[str, Any]:
    return node("paragraph", *content)


def item(*content: Any) -> dict[str, Any]:
    return node("listItem", *content)


def bullets(*items: Any) -> dict[str, Any]:
    return node("bulletList", *items)


def link(href: Any) -> dict[str, Any]:
    return {"type": "link", "attrs": {"href": href}}


def comment(**attrs: Any) -> dict[str, Any]:
    return {"type": "comment", "attrs": attrs}


BREAK = node("hardBreak")
ROWS: dict[str, tuple[list[Any], str]] = {
    "headings are clamped to six levels": (
        [node("heading", "a", level=0), node("heading", "b", level=9), node("heading", "c")],
        "# a\n\n###### b\n\n# c",
    ),
    "a heading's start is not escaped": ([node("heading", "# a", level=2)], "## # a"),
    "a hard break ends a heading": ([node("heading", "a", BREAK, "b", level=1)], "# a\nb"),
    "an empty heading is kept (N10)": ([node("heading", level=1)], "# "),
    "empty paragraphs vanish": ([p("a"), p(), p("  "), p("b")], "a\n\nb"),
    "line starts of paragraphs are escaped": (
        [p("# a"), p("> a"), p("- a"), p("1. a"), p("12) a"), p("---"), p("<Tag />"), p("<!-- a"), p("+ a")],
        "\\# a\n\n\\> a\n\n\\- a\n\n1\\. a\n\n12\\) a\n\n\\---\n\n\\<Tag />\n\n\\<!-- a\n\n\\+ a",
    ),
    "each line of a paragraph is escaped (N7)": ([p("a\n\n# b", BREAK, "- c")], "a\n\n\\# b\n\\- c"),
    "two breaks are a block border, three a card border (N7)": (
        [p("a", BREAK, BREAK, "b"), p("c", BREAK, BREAK, BREAK, "d")],
        "a\n\nb\n\nc\n\n\nd",
    ),
    "inline signs are escaped": (
        [p("a*b `c` [d] | \\ ~e ~~f~~ g_h _i_ <u>j</u> <ref> <mention> < b")],
        "a\\*b \\`c\\` \\[d\\] \\| \\\\ ~e \\~\\~f\\~\\~ g_h \\_i\\_ \\<u>j\\</u> \\<ref> \\<mention> < b",
    ),
    "paragraphs of a quote lose their border (N9)": ([node("blockquote", p("a"), p("b"))], "> a\n> b"),
    "a blank quote is not dropped (N9)": ([node("blockquote", p())], "> "),
    "simple lists stay in a quote": ([node("blockquote", p("a"), bullets(item(p("b"))))], "> a\n> - b"),
    "other children break out of a quote": (
        [node("blockquote", p("a"), node("codeBlock", "x"), p("b"), node("blockquote", p("c")))],
        "> a\n\n```\nx\n```\n\n> b\n\n> c",
    ),
    "a callout begins with its emoji and keeps its paragraphs (N9)": (
        [node("callout", p("a"), p("b"), emoji="X")],
        "> X a\n> \n> b",
    ),
    "lists are numbered from one": (
        [{"type": "orderedList", "attrs": {"start": 5}, "content": [item(p("a")), item(p("b"))]}],
        "1. a\n2. b",
    ),
    "tasks": (
        [node("taskList", node("taskItem", p("a"), checked=True), node("taskItem", p("b"), checked=None))],
        "- [x] a\n- [ ] b",
    ),
    "bullets that look like tasks stay text (N8)": ([bullets(item(p("[ ] open point")))], "- \\[ \\] open point"),
    "nested lists are indented by two": (
        [bullets(item(p("a"), bullets(item(p("b"), bullets(item(p("c"))))), ), item(p("d")))],
        "- a\n  - b\n    - c\n- d",
    ),
    "a second paragraph moves out behind the nested list and splits it (N11)": (
        [bullets(item(p("a"), p("more"), bullets(item(p("b")))), item(p("c")))],
        "- a\n  - b\n\nmore\n\n- c",
    ),
    "a list that goes on keeps its indent and number (N11)": (
        [bullets(item(p("a"), node("orderedList", item(p("l"), p("spill")), item(p("m")))))],
        "- a\n  1. l\n\nspill\n\n  2. m",
    ),
    "hard breaks in items are spaces": ([bullets(item(p("a", BREAK, "b")))], "- a b"),
    "an item without a paragraph (N10)": ([bullets(item())], "-"),
    "children of a list that are no items are dropped": ([bullets(p("lost"), item(p("a")))], "- a"),
    "code with its language": ([node("codeBlock", "x = 1", language="python")], "```python\nx = 1\n```"),
    "a fence is longer than the ticks inside": ([node("codeBlock", "```")], "````\n```\n````"),
    "breaks in code are line ends": ([node("codeBlock", "a", BREAK, "b")], "```\na\nb\n```"),
    "the first row of a table is its header": (
        [
            node(
                "table",
                node("tableRow", node("tableCell", p("a")), node("tableCell", p("b|c"))),
                node("tableRow", node("tableCell", p("d"), p("e")), node("tableCell", bullets(item(p("f"))))),
            )
        ],
        "| a | b\\|c |\n| --- | --- |\n| d e | - f |",
    ),
    "a table with an empty row (N10)": ([node("table", node("tableRow"))], "|  |\n|  |"),
    "a rule": ([node("horizontalRule")], "---"),
    "mentions": (
        [p(node("ph-mention", id=5, label="Ann"), node("ph-mention", id=6))],
        '<mention id="5">@Ann</mention><mention id="6">@member</mention>',
    ),
    "a mention whose id is no number is text (N12)": ([p(node("ph-mention", id="7", label="Bob"))], "@Bob"),
    "a mention of true (N12)": ([p(node("ph-mention", id=True))], '<mention id="True">@member</mention>'),
    "a mention as a block (N12)": (
        [node("ph-mention", id=7)],
        '<UnknownNode nodeType="ph-mention" id={7} />',
    ),
    "other inline atoms are lost": (
        [p("a ", node("ph-backlink", id="x", type="insights"), node("ph-replay-timestamp", playbackTime=1), "b")],
        "a b",
    ),
    "as blocks they have tags": (
        [node("ph-backlink", id="x"), node("ph-replay-timestamp", playbackTime=1.0)],
        '<Backlink id="x" />\n\n<ReplayTimestamp playbackTime={1} />',
    ),
    "an image keeps address and text only": (
        [node("ph-image", src="http://x.y/a).png", alt="a]", title="lost", height=5)],
        "![a\\]](http://x.y/a\\).png)",
    ),
    "a widget keeps its attributes, null too": (
        [node("ph-recording", nodeId="n", height=None, noInspector=False, view="summary", flag=True, n=2.0)],
        '<Recording nodeId="n" height={null} noInspector={false} view="summary" flag n={2} />',
    ),
    "names outside the grammar are dropped": ([node("ph-map", **{"1a": 1, "a b": 2, "ok": 3})], "<Map ok={3} />"),
    "texts that hold JSON are revived, code and title too (D17)": (
        [node("ph-query", query='{"kind":"SavedInsightNode"}', title="[1]", code="[x")],
        '<Query query={{"kind":"SavedInsightNode"}} title={[1]} code="[x" />',
    ),
    "numbers (D16)": ([node("ph-map", a=1e21, b=-0.0, c=1.5)], "<Map a={1000000000000000000000} b={0} c={1.5} />"),
    "the shell's properties come first (3.5)": (
        [node("ph-query", nodeId="n", showFilters=True, hideResults=False), node("ph-query", showResults=False)],
        '<Query showFilters nodeId="n" />\n\n<Query hideResults />',
    ),
    "texts are JSON": ([node("ph-latex", content='a"\\b\nü')], '<Latex content="a\\"\\\\b\\nü" />'),
    "ph-text is Markdown already": ([node("ph-text", body="# raw *x*")], "# raw *x*"),
    "ph-insight": (
        [node("ph-insight", id="abc", nodeId="lost")],
        '<Query query={{"kind":"SavedInsightNode","shortId":"abc"}} />',
    ),
    "query wraps HogQL": (
        [node("query", query={"kind": "HogQLQuery", "query": "SELECT 1"})],
        '<Query query={{"kind":"DataVisualizationNode","source":{"kind":"HogQLQuery","query":"SELECT 1"}}} />',
    ),
    "ph-dashboard is text": ([node("ph-dashboard", id=12)], "Dashboard 12"),
    "ph-link": (
        [node("ph-link", "a", href="https://x.y"), node("ph-link", "b", href="/insights")],
        "[a](https://x.y)\n\nb",
    ),
    "an unknown node with children is its children": ([node("odd", p("a"), p("b"))], "a\n\nb"),
    "an unknown leaf is kept": ([node("ph-odd", nodeId="n", a=[1])], '<UnknownNode nodeType="ph-odd" nodeId="n" a={[1]} />'),
    "legacy code is kept, but does not run": (
        [node("ph-python", nodeId="n", code="print(1)", pythonExecution=None)],
        '<UnknownNode nodeType="ph-python" nodeId="n" code="print(1)" pythonExecution={null} />',
    ),
    "the newest widgets have no tag (D3)": (
        [node("ph-python-v2", nodeId="s", code="1")],
        '<UnknownNode nodeType="ph-python-v2" nodeId="s" code="1" />',
    ),
    "each mark": (
        [p(text("a", "bold"), " ", text("b", "italic"), " ", text("c", "underline"), " ", text("d", "strike"))],
        "**a** *b* <u>c</u> ~~d~~",
    ),
    "bold and italic together are damaged (D8)": ([p(text("x", "bold", "italic"))], "***x***"),
    "overlaps are damaged (D8)": (
        [p(text("ab", "bold"), text("cd", "bold", "italic"), text("ef", "italic"))],
        "**ab*****cd****ef*",
    ),
    "bold before code goes into the code (D8)": ([p(text("a", "bold", "code"))], "`**a**`"),
    "white space stays inside the marks": ([p(text(" word", "bold"))], "** word**"),
    "code escapes only its own signs": ([p(text("a*`\\", "code"))], "`a*\\`\\\\`"),
    "links to the web stay, raw": ([p(text("a", link("https://x.y/a_(b)")))], "[a](https://x.y/a_(b))"),
    "other links lose their address": (
        [p(text("a", link("/b")), text("c", link("mailto:d@e.f")), text("g", link(None)))],
        "acg",
    ),
    "unknown marks are lost": ([p(text("a", "highlight"))], "a"),
    "a discussion stands above its first use": (
        [p("a"), p(text("b", comment(id="c1"), "bold")), p(text("c", comment(id="c1")))],
        'a\n\n<Comment ref="c1" replies={[]} />\n\n<ref id="c1">**b**</ref>\n\n<ref id="c1">c</ref>',
    ),
    "two discussions on one text (D9)": (
        [p(text("x", comment(id="a"), comment(id="b")))],
        '<Comment ref="a" replies={[]} />\n\n<Comment ref="b" replies={[]} />\n\n<ref id="b"><ref id="a">x</ref></ref>',
    ),
    "commentId is ignored (D9)": ([p(text("x", comment(commentId="c1")))], "x"),
    "letters beyond ASCII differ between ref and Comment (D9)": (
        [p(text("x", comment(id="é")))],
        '<Comment ref="é" replies={[]} />\n\n<ref id="\\u00e9">x</ref>',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("nodes", "markdown"), ROWS.values(), ids=ROWS)
def test_a_row_of_the_specification(nodes: list[Any], markdown: str) -> None:
    assert rich_to_markdown({"type": "doc", "content": nodes}) == markdown


@pytest.mark.parametrize(
    ("content", "markdown"),
    [
        (None, ""),
        ({}, ""),
        ({"type": "doc"}, ""),
        ({"type": "doc", "content": []}, ""),
        (5, ""),
        (True, ""),
        ([p("a")], "a"),
        ('{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"a"}]}]}', "a"),
        ('"\\"[]\\""', ""),
        ("# text", "# text"),
        ({"type": "doc", "content": [5, p("a"), "b"]}, "a"),
        ({"content": [{"type": "ph-markdown-notebook", "attrs": {"markdown": "# kept  \n"}}]}, "# kept  \n"),
    ],
)
def test_every_stored_shape_is_read(content: Any, markdown: str) -> None:
    assert rich_to_markdown(content) == markdown


@pytest.mark.parametrize("content", [{"content": [p(text("x") | {"marks": 5})]}, 1_200], ids=["marks", "nesting"])
def test_what_posthog_stumbles_over_cannot_be_converted(content: Any) -> None:
    if content == 1_200:
        content = p("a")
        for _ in range(1_200):
            content = node("blockquote", content)
        content = {"content": [content]}

    with pytest.raises(UnconvertibleDocument):
        rich_to_markdown(content)


@pytest.mark.parametrize("file", sorted((DATA / "documents" / "rich").iterdir()), ids=lambda file: file.stem)
def test_create_converts_every_document_of_the_corpus(box: Box, file: Any) -> None:
    document = load_json(f"documents/rich/{file.name}")["content"]

    answer = box.http.post(ALL, json={"title": "Rich", "content": document, "text_content": "replaced"})

    assert answer.status_code == 201, answer.text
    record = answer.json()
    (wrapper,) = record["content"]["content"]
    assert wrapper["type"] == "ph-markdown-notebook"
    assert record["text_content"] == wrapper["attrs"]["markdown"]


def test_create_refuses_what_cannot_be_converted(box: Box) -> None:
    answer = box.http.post(ALL, json={"content": {"content": [p(text("x") | {"marks": 5})]}})

    assert (answer.status_code, answer.json()["attr"]) == (400, "content")


def test_an_update_does_not_convert(box: Box) -> None:
    short_id = box.new_notebook()
    document = {"type": "doc", "content": [p("a")]}

    box.put_content(short_id, document)

    assert box.fetch(short_id)["content"] == document
    assert box.http.get(f"{ALL}{short_id}/markdown/").json() == {"markdown": None}
