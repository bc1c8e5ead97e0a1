"""Rich documents of every node, mark and oddity, for tests that write them as Markdown."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

_LETTERS = st.text(st.sampled_from(list("ab  _*`~[]()<>#!|&\\1.-+{}\"'/é\u00a0\u2028:")), min_size=1, max_size=8)
_LOOKS = st.sampled_from(
    [
        *[
            "# a",
            "- b",
            "1. c",
            "> d",
            "---",
            "```",
            "<!-- e",
            "-->",
            "| f |",
            "|---|",
            "<u>g</u>",
            "</ref>",
            "***",
            "~~",
        ],
        *[
            '<PythonV2 nodeId="x" code="h" />',
            '<PythonV2 nodeId="x" code="',
            '" />',
            "<X a={",
            "}/>",
            "<X>",
            "</X>",
            "<X",
        ],
        *["![i](u)", "[j](http://k.l)", "<!--ph:phb-1-->", "\x85<X />", "a\nb", "a\n\nb", "\r", " ", "\ufeff", "word"],
    ]
)
texts = st.one_of(_LETTERS, _LOOKS)
_MARK = st.one_of(
    st.sampled_from(["bold", "italic", "strike", "underline", "code", "unknown-mark"]).map(lambda kind: {"type": kind}),
    st.sampled_from(["https://a.b/c_(d)", "http://a.b/`|\\", "/relative", "mailto:a@b.c", "https://a b"]).map(
        lambda href: {"type": "link", "attrs": {"href": href, "target": None}}
    ),
    st.sampled_from(["c-1", 'q"\\u00e9|`', "é"]).map(lambda anchor: {"type": "comment", "attrs": {"id": anchor}}),
)
_MARKS = st.lists(_MARK, max_size=4, unique_by=lambda mark: mark["type"])
text_nodes = st.builds(lambda text, marks: {"type": "text", "text": text, "marks": marks}, texts, _MARKS)
inline_content = st.lists(
    st.one_of(
        text_nodes,
        st.just({"type": "hardBreak"}),
        st.builds(lambda marks: {"type": "ph-mention", "attrs": {"id": 7}, "marks": marks}, _MARKS),
    ),
    max_size=6,
)
_ATOMS = st.sampled_from(
    [
        {"type": "ph-backlink", "attrs": {"id": "12", "type": "dashboards", "title": "KPI's"}},
        {"type": "ph-replay-timestamp", "attrs": {"playbackTime": 83500, "sessionRecordingId": "r"}},
        {"type": "ph-mention", "attrs": {"id": "nobody", "label": "@Ann\n# b\n\n"}},
        {"type": "ph-backlink", "attrs": {"id": "1", "title": "a\n- b\r\rc"}},
        {"type": "ph-odd", "content": [{"type": "text", "text": "inside"}]},
        5,
    ]
)
_INLINE: Any = st.builds(lambda content, atoms: content + atoms, inline_content, st.lists(_ATOMS, max_size=1))
_ODD_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(texts, inner, max_size=2)),
    max_leaves=4,
)
_NAMES = st.sampled_from(["nodeId", "title", "id", "query", "height", "odd name", "__proto__", "nodeType", "view"])
_ATTRIBUTES = st.dictionaries(_NAMES, _ODD_VALUES, max_size=3)
_NODE_IDS = st.sampled_from([None, "", "n-1", "a b/ü"])
_CODE = st.one_of(texts, st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20))
_EXECUTIONS = st.sampled_from(
    [
        None,
        '{"status":"ok","stdout":"o","result":"r"}',
        {"status": "error", "traceback": ["E: x"]},
        {"status": "running"},
    ]
)
code_nodes_of_each_kind = st.builds(
    lambda kind, node_id, code, title, name, execution: {
        "type": kind,
        "attrs": {
            "nodeId": node_id,
            "code": code,
            "title": title,
            "returnVariable": name,
            "pythonExecution": execution,
        },
    },
    st.sampled_from(["ph-python", "ph-duck-sql", "ph-hogql-sql", "ph-sql-v2", "ph-python-v2"]),
    _NODE_IDS,
    _CODE,
    st.one_of(st.none(), texts),
    st.sampled_from([None, "frame", ""]),
    _EXECUTIONS,
)


def node(kind: str, content: Any, **attributes: Any) -> dict[str, Any]:
    return {"type": kind, "content": content, **({"attrs": attributes} if attributes else {})}


paragraphs = _INLINE.map(lambda content: node("paragraph", content))
_LEAVES = st.one_of(
    paragraphs,
    st.just({"type": "paragraph"}),
    st.just({"type": "horizontalRule"}),
    st.builds(lambda level, content: node("heading", content, level=level), st.integers(0, 8), _INLINE),
    st.builds(
        lambda language, content: node("codeBlock", content, language=language),
        st.sampled_from([None, "py", "a b", "ref=x:0-1", "`"]),
        st.lists(text_nodes, max_size=3),
    ),
    code_nodes_of_each_kind,
    code_nodes_of_each_kind,
    st.builds(
        lambda kind, attributes: {"type": kind, "attrs": attributes},
        st.sampled_from(
            ["ph-query", "ph-recording", "ph-latex", "ph-image", "ph-not-seen-yet", "ph-action", "", 5, None]
        ),
        _ATTRIBUTES,
    ),
    st.builds(lambda body: {"type": "ph-text", "attrs": {"body": body}}, st.lists(_LOOKS, max_size=4).map("\n".join)),
    st.builds(lambda source: {"type": "ph-image", "attrs": {"src": source, "alt": source}}, texts),
    st.sampled_from(
        [
            {"type": "ph-insight", "attrs": {"id": "a"}},
            {"type": "ph-dashboard", "attrs": {"id": 3}},
            {"type": "query", "attrs": {"query": '{"kind":"HogQLQuery","query":"select 1"}'}},
            {"type": "ph-link", "attrs": {"href": "https://a.b"}},
            {"type": "text", "text": "loose"},
        ]
    ),
    _ODD_VALUES.filter(lambda value: not isinstance(value, dict)),
)


def _holding(inner: Any) -> Any:
    children = st.lists(inner, max_size=3)
    items = st.builds(
        lambda kind, content, checked: node(kind, content, checked=checked),
        st.sampled_from(["listItem", "taskItem"]),
        children,
        st.booleans(),
    )
    cells = st.builds(
        lambda kind, content, colspan: node(kind, content, colspan=colspan),
        st.sampled_from(["tableCell", "tableHeader"]),
        st.lists(paragraphs, max_size=2) | children,
        st.sampled_from([1, 2, [3]]),
    )
    rows = st.lists(cells, max_size=3).map(lambda content: node("tableRow", content))
    return st.one_of(
        children.map(lambda content: node("blockquote", content)),
        children.map(lambda content: node("callout", content, emoji="💡")),
        children.map(lambda content: node("collapsible", content, open=True)),
        st.builds(
            lambda kind, start, content: node(kind, content, start=start),
            st.sampled_from(["bulletList", "orderedList", "taskList", "bullet_list"]),
            st.sampled_from([None, 1, 7, -1, "x"]),
            st.lists(items, max_size=3),
        ),
        st.lists(rows, max_size=3).map(lambda content: node("table", content)),
    )


any_nodes = st.recursive(_LEAVES, _holding, max_leaves=6)
_MANY = st.lists(any_nodes, min_size=1, max_size=5)
any_rich_documents = st.one_of(_MANY, _MANY.map(lambda nodes: {"type": "doc", "content": nodes}))
