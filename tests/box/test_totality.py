"""Whatever is stored can be read: no document and no text brings the box's own readers down."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jupyter_posthog.box.listing import Listing
from jupyter_posthog.box.page_rendering import render
from jupyter_posthog.box.refusals import Refusal
from jupyter_posthog.box.text.blocks import blocks_of
from jupyter_posthog.box.text.cells import cells_of
from jupyter_posthog.box.text.python_globals import annotated
from jupyter_posthog.box.text.query_nodes import normalised
from jupyter_posthog.box.text.rich_conversion import rich_to_markdown
from jupyter_posthog.box.text.rich_inlines import UnconvertibleDocument
from tests.document.readers.backend import read_tags

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=8,
)
TYPES = [
    "paragraph",
    "heading",
    "text",
    "hardBreak",
    "bulletList",
    "orderedList",
    "taskList",
    "listItem",
    "taskItem",
    "blockquote",
    "callout",
    "codeBlock",
    "table",
    "tableRow",
    "tableCell",
    "horizontalRule",
    "ph-mention",
    "ph-image",
    "ph-query",
    "ph-python",
    "ph-text",
    "ph-insight",
    "query",
    "ph-dashboard",
    "ph-link",
    "ph-latex",
    "ph-odd",
    "odd",
]
NODES = st.recursive(
    st.fixed_dictionaries({"type": st.sampled_from(TYPES)}, optional={"attrs": JSON, "text": JSON, "marks": JSON}),
    lambda children: st.fixed_dictionaries(
        {"type": st.sampled_from(TYPES), "content": st.lists(children, max_size=4)},
        optional={"attrs": st.dictionaries(st.sampled_from(["level", "id", "src", "query", "checked", "code"]), JSON)},
    ),
    max_leaves=12,
)
PIECES = [*"<>/X=\"'{}\\` \n\r-#|*ab1", "<PythonV2 ", "<SQLV2 code=", "```", "<!--ph:a-->", "/>\n", "</X>"]
MARKDOWN = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@given(JSON | st.lists(NODES).map(lambda nodes: {"type": "doc", "content": nodes}))
def test_any_document_is_converted_or_refused(content: Any) -> None:
    before = json.dumps(content)
    try:
        text = rich_to_markdown(content)
        assert isinstance(text, str)
        render(text)
        annotated(normalised(content))
    except (UnconvertibleDocument, Refusal):
        pass

    assert json.dumps(content) == before


@given(MARKDOWN | st.text())
def test_any_text_has_blocks_in_order_and_cells(text: str) -> None:
    places = [(block.start, block.end) for block in blocks_of(text)]

    assert places == sorted(places)
    assert all(0 <= start <= end <= len(text) for start, end in places)
    assert len({cell.node_id for cell in cells_of(text) if cell.cell_type == "markdown"}) <= len(places)
    render(text)


@given(st.text(), st.text(), st.text(), st.text())
def test_any_list_request_has_a_condition(search: str, contains: str, date: str, order: str) -> None:
    listing = Listing(search=search, contains=contains, date_from=date, date_to=date, ordering=order)
    where, values = listing.condition()

    assert where.count("?") == len(values)


@given(
    st.lists(st.sampled_from([*PIECES, ' nodeId="n"', " a={1}", " b"]).filter(lambda piece: piece != "\r")).map("".join)
)
def test_any_text_has_the_tags_of_the_reference_reader(text: str) -> None:
    expected = [(tag.name, tag.props, tag.start) for tag in read_tags(text)]

    assert [(block.tag.name, block.tag.props, block.start) for block in blocks_of(text) if block.tag] == expected
