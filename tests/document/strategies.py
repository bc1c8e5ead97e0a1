"""Documents as PostHog may store them, sound and broken."""

from __future__ import annotations

import json

from hypothesis import strategies as st

_TEXT = st.text(alphabet=st.sampled_from(list("ab \t_*`~[]()<>!|#-\\&;é🦔\"'{}/=.1")), max_size=12)
_LINES = st.sampled_from(
    [
        "# Title",
        "Some *prose* with `code`.",
        "- item",
        "1. one",
        "> quote",
        "```py",
        "```",
        "````",
        "---",
        "| a | b |",
        "|---|---|",
        "<!-- note",
        "end -->",
        "<!--ph:phb-1-->",
        "",
        "",
        " ",
        "  ",
        '<PythonV2 nodeId="p1" code="print(1)" returnVariable="df" />',
        '<PythonV2 nodeId="p1" code="again" />',
        '<SQLV2 nodeId="s1" title="T" code="SELECT 1\\nFROM events" returnVariable="x" result={{"columns":["a"],'
        '"first_page":[[1.0]],"row_count":1}} />',
        '<SQLV2 code="SELECT 1" />',
        '<Recording id="r" timestampMs={84000} />',
        "<Odd a={[1.0,18446744073709551616]} b='it\\'s' c />",
        '<PythonV2 nodeId="open" code="never closed',
        "<Broken a={it's} />",
        '<PythonV2 nodeId="a b/ü" code="x &lt; y" />',
        '\\<PythonV2 code="x" />',
        'text <mention id="7">@member</mention>',
    ]
)
_BREAKS = st.sampled_from(["\n", "\n", "\n", "\n\n", "\n\n\n", "\r\n", "\r"])


@st.composite
def markdown_texts(draw: st.DrawFn) -> str:
    """Texts of a Markdown notebook: lines that mean something, in any order, with any line ends."""
    parts: list[str] = []
    for _ in range(draw(st.integers(0, 12))):
        parts.append(draw(st.one_of(_LINES, _TEXT)))
        parts.append(draw(_BREAKS))
    return "".join(parts)


def wrapped(text: str) -> dict[str, object]:
    return {"type": "doc", "content": [{"type": "ph-markdown-notebook", "attrs": {"nodeId": "m", "markdown": text}}]}


_MARKS = st.lists(
    st.sampled_from(
        [
            {"type": "bold"},
            {"type": "italic"},
            {"type": "code"},
            {"type": "strike"},
            {"type": "underline"},
            {"type": "link", "attrs": {"href": "/insights/a_(b)", "target": None}},
            {"type": "comment", "attrs": {"id": "c-1"}},
            {"type": "highlight", "attrs": {"color": "red"}},
        ]
    ),
    max_size=2,
    unique_by=lambda mark: mark["type"],
)
_TEXT_NODES = st.builds(
    lambda text, marks: {"type": "text", "text": text} | ({"marks": marks} if marks else {}),
    st.text(alphabet=st.sampled_from(list("ab  _*`~[]<>#-\\1.é")), min_size=1, max_size=8),
    _MARKS,
)
_INLINE = st.lists(
    st.one_of(
        _TEXT_NODES,
        st.just({"type": "hardBreak"}),
        st.just({"type": "ph-mention", "attrs": {"id": 7}}),
        st.just({"type": "ph-backlink", "attrs": {"id": "12", "type": "dashboards", "title": "KPI's"}}),
    ),
    max_size=5,
)
_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), _TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_TEXT, inner, max_size=3)),
    max_leaves=6,
)
paragraphs = st.builds(lambda content: {"type": "paragraph", "content": content}, _INLINE)
headings = st.builds(
    lambda level, content: {"type": "heading", "attrs": {"level": level}, "content": content},
    st.integers(1, 7),
    _INLINE,
)
_ITEMS = st.builds(
    lambda content: {"type": "listItem", "content": [{"type": "paragraph", "content": content}]}, _INLINE
)
_NODES = st.one_of(
    paragraphs,
    headings,
    st.just({"type": "paragraph"}),
    st.just({"type": "horizontalRule"}),
    st.builds(lambda items: {"type": "bulletList", "content": items}, st.lists(_ITEMS, max_size=3)),
    st.builds(
        lambda items: {"type": "orderedList", "attrs": {"start": 3}, "content": items}, st.lists(_ITEMS, max_size=3)
    ),
    st.builds(
        lambda text: {"type": "codeBlock", "attrs": {"language": "sql"}, "content": [{"type": "text", "text": text}]},
        st.text(min_size=1, max_size=8),
    ),
    st.builds(lambda inner: {"type": "blockquote", "content": inner}, st.lists(paragraphs, max_size=2)),
    st.builds(
        lambda code: {"type": "ph-python", "attrs": {"nodeId": "p", "code": code, "pythonExecution": None}}, _TEXT
    ),
    st.just({"type": "ph-query", "attrs": {"nodeId": "q", "query": '{"kind":"SavedInsightNode","shortId":"a"}'}}),
    st.builds(
        lambda attributes: {"type": "ph-not-seen-yet", "attrs": attributes}, st.dictionaries(_TEXT, _JSON, max_size=3)
    ),
    _JSON,
)
rich_documents = st.builds(lambda nodes: {"type": "doc", "content": nodes}, st.lists(_NODES, max_size=6))
documents = st.one_of(
    markdown_texts().map(wrapped),
    rich_documents,
    st.lists(_NODES, max_size=4),
    _JSON,
    rich_documents.map(json.dumps),
    markdown_texts(),
)
