"""Markdown notebooks as cells (design.md §4, posthog-document.md 4.4)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from jupyter_posthog.document.code_cells import (
    HOGQL,
    NODE_LANGUAGES,
    PYTHON,
    QUERY,
    TAG_LANGUAGES,
    CodeView,
    query_text,
    view_of_props,
)
from jupyter_posthog.document.markdown.block import Block
from jupyter_posthog.document.markdown.blocks import each_block
from jupyter_posthog.document.markdown.prose import PROSE_TAGS
from jupyter_posthog.document.markdown.recovery import unescaped
from jupyter_posthog.document.markdown.tags import Tag, parse_tag
from jupyter_posthog.document.outputs.results import envelope_to_outputs, execution_to_outputs
from jupyter_posthog.document.shown_cells import COMPONENT_FORMAT, ShownCell
from jupyter_posthog.document.values import JsonObject, JsonValue
from jupyter_posthog.document.white_space import WHITE_SPACE, Lines, shown, with_lf

_EXECUTIONS = ("pythonExecution", "duckExecution", "hogqlExecution")


def markdown_cells(text: str) -> Iterator[ShownCell]:
    """Cut a Markdown notebook into cells; what stands between two cells belongs to none."""
    prose: list[Block] = []
    for block in each_block(text):
        tag = _own_cell(text, block)
        if prose and (tag is not None or block.starts_card):
            yield _prose(text, prose)
            prose = []
        if tag is None:
            prose.append(block)
        else:
            yield tag_cell(tag, block)
    if prose:
        yield _prose(text, prose)


def stored_tag(raw: str) -> Tag | None:
    """Read the tag of a segment; one that an older save escaped is read as it was meant (3.2 row 5b; 7.1 D13)."""
    raw = raw.lstrip(WHITE_SPACE)
    tag = parse_tag(raw)
    if tag is not None and (tag.is_clean or len(Lines(raw).texts) == 1):
        return tag
    meant = parse_tag(unescaped(with_lf(raw)))
    return meant if meant is not None and meant.is_clean else tag


def _own_cell(text: str, block: Block) -> Tag | None:
    """Return the tag of a block that is a cell of its own."""
    if block.kind != "tag":
        return None
    tag = block.tag or stored_tag(text[block.body_start : block.end])
    return None if tag is None or tag.name in PROSE_TAGS else tag


def _prose(text: str, blocks: list[Block]) -> ShownCell:
    start, end = blocks[0].start, blocks[-1].end
    raw = text[start:end]
    return ShownCell(
        cell_type="markdown",
        source=shown(raw),
        start=start,
        end=end,
        shown_start=start,
        shown_end=end,
        raw=raw,
        anchor=blocks[0].anchor,
    )


def language_of(tag: Tag) -> str | None:
    """Return the language of a tag that is a code cell; None for every other tag."""
    if not tag.is_clean:
        return None
    if tag.name == QUERY:
        return HOGQL if _is_hogql(tag.value("query")) else None
    if tag.name == "UnknownNode":
        node_type = tag.text("nodeType")
        return NODE_LANGUAGES.get(node_type or "")
    return TAG_LANGUAGES.get(tag.name)


def _is_hogql(query: JsonValue) -> bool:
    return isinstance(query, dict) and query_text(query) is not None


def props_of(tag: Tag) -> dict[str, JsonValue]:
    """Return a tag's properties; of two with one name the last one counts."""
    return {prop.name: prop.value for prop in tag.props}


def tag_cell(tag: Tag, block: Block) -> ShownCell:
    """Return the cell of one tag: code, or the tag itself as a raw cell."""
    props = props_of(tag)
    node_id = props.get("nodeId")
    view = code_view(tag) if language_of(tag) is not None else None
    return ShownCell(
        cell_type="raw" if view is None else "code",
        source=shown(tag.raw if view is None else view.source),
        start=block.start,
        end=block.end,
        shown_start=block.body_start,
        shown_end=block.end,
        raw=tag.raw,
        origin=tag.name,
        node_id=shown(node_id) if isinstance(node_id, str) and node_id else None,
        metadata={"format": COMPONENT_FORMAT} if view is None else view.metadata,
        outputs=() if view is None else tuple(_outputs(props)),
        has_hidden_outputs=view is not None and props.get("hideResults") is True,
        anchor=block.anchor,
    )


def code_view(tag: Tag) -> CodeView:
    """Return a code tag as a person sees it."""
    return view_of_props(language_of(tag) or PYTHON, _with_code(tag, props_of(tag)))


def _with_code(tag: Tag, props: dict[str, JsonValue]) -> dict[str, JsonValue]:
    # A <Query> names no frame unless it says so; its code stands inside the query.
    if tag.name != QUERY:
        return props
    return {**props, "code": "", "returnVariable": props.get("returnVariable") or ""}


def stored_execution(props: Mapping[str, JsonValue]) -> JsonObject | None:
    """Return the execution object of a legacy cell, also where it was stored as JSON text (2.4)."""
    for key in _EXECUTIONS:
        execution = props.get(key)
        if isinstance(execution, str) and execution.startswith("{"):
            try:
                execution = json.loads(execution)
            except (ValueError, RecursionError):
                continue
        if isinstance(execution, dict):
            return execution
    return None


def _outputs(props: Mapping[str, JsonValue]) -> list[JsonObject]:
    result, run_id, name = props.get("result"), props.get("runId"), props.get("returnVariable")
    if isinstance(result, dict):
        return envelope_to_outputs(
            result,
            run_id=shown(run_id) if isinstance(run_id, str) else None,
            name=shown(name) if isinstance(name, str) else None,
            is_interrupted=props.get("runStatus") == "interrupted",
        )
    execution = stored_execution(props)
    return [] if execution is None else execution_to_outputs(execution)
