"""Writes code cells and components back as tags."""

from __future__ import annotations

from collections.abc import Mapping

from jupyter_posthog.document.cell_ids import CellIds, is_valid
from jupyter_posthog.document.code_cells import (
    DUCKDB,
    NEW_NODES,
    NEW_TAGS,
    QUERY,
    TAG_LANGUAGES,
    CodeView,
    changed_props,
    default_name_of,
    is_plain_magic,
    node_id_of,
    own_metadata,
    view_of_cell,
    with_query_text,
)
from jupyter_posthog.document.markdown.blocks import parse_blocks
from jupyter_posthog.document.markdown.reading import code_view, language_of, props_of, stored_tag
from jupyter_posthog.document.markdown.tags import Tag, parse_tag, replace_props, written_tag
from jupyter_posthog.document.not_writable import NotWritable
from jupyter_posthog.document.outputs.fresh_results import FreshResult, run_props
from jupyter_posthog.document.values import JsonObject, JsonValue
from jupyter_posthog.document.white_space import WHITE_SPACE, has_surrogate

Cell = Mapping[str, JsonValue]
_EXECUTIONS = ("pythonExecution", "duckExecution", "hogqlExecution")
_RUN_PROPS = frozenset({"runId", "runStatus", "result"}).union(
    *({name, f"{name}CodeHash", f"{name}SandboxId"} for name in _EXECUTIONS)
)


def edited_code_tag(cell: Cell, raw: str, node_id: str | None, fresh: FreshResult | None = None) -> str:
    """Return a stored code tag with only the properties changed that the person, or a run, changed.

    Args:
        fresh: What a run made of this cell; None keeps the stored result, also beside a changed source.
    """
    refuse_odd_magic(str(cell["source"]))
    tag = stored_tag(raw)
    after = view_of_cell(cell)
    language = language_of(tag) if tag is not None else None
    if tag is None or language is None or not (after.language == language or NEW_TAGS[after.language] == tag.name):
        return _with_run(new_code_tag(cell, node_id or str(cell["id"])), fresh)
    refuse_surrogates(after.code)
    changes = changed_props(code_view(tag).as_shown(), after, default_name_of_tag(tag))
    if "code" in changes and tag.name == QUERY:
        changes["query"] = with_query_text(tag.value("query"), str(changes.pop("code")))
    if (changes or fresh is not None) and not tag.has("nodeId") and cell.get("id"):
        changes["nodeId"] = cell["id"]  # a cell without one cannot run in PostHog (3.6; 5.2, missing nodeId)
    removed = [name for name, value in changes.items() if value is None]
    written = replace_props(
        tag, {name: value for name, value in changes.items() if name not in removed}, removed=removed
    )
    return _with_run(written, fresh)


def _with_run(raw: str, fresh: FreshResult | None) -> str:
    tag = parse_tag(raw)
    if fresh is None or tag is None or tag.name not in TAG_LANGUAGES:
        return raw
    props = run_props(fresh)
    changed = {name: value for name, value in props.items() if not tag.has(name) or tag.value(name) != value}
    return replace_props(tag, changed, removed=["runStatus"] if "runStatus" not in props else [])


def without_run_props(raw: str) -> str:
    """Return a code tag's text without what a run left in it; any other text as it is."""
    tag = parse_tag(raw)
    if tag is None or not tag.is_clean or tag.name not in TAG_LANGUAGES:
        return raw
    return replace_props(tag, {}, removed=_RUN_PROPS)


def fresh_node_id(cell: Cell) -> str:
    """Return the node id of a new cell: its cell id, so that the id survives the first reopening (4.9).

    A cell id that was made of a node id stands for that one.

    Raises:
        NotWritable: The cell has no valid id.
    """
    cell_id, claim = str(cell.get("id") or ""), node_id_of(cell)
    if not is_valid(cell_id):
        raise NotWritable("it has no valid cell id")
    return claim if claim is not None and CellIds().for_node(claim) == cell_id else cell_id


def new_code_tag(cell: Cell, node_id: str) -> str:
    """Return the tag of a code cell that PostHog does not have yet.

    A cell that came from an older tag keeps that tag's name (design.md §4).
    """
    refuse_odd_magic(str(cell["source"]))
    view = view_of_cell(cell)
    refuse_surrogates(view.code)
    kept = own_metadata(cell).get("tag")
    name = NEW_TAGS[view.language]
    if isinstance(kept, str) and TAG_LANGUAGES.get(kept) == view.language:
        name = kept
    props = new_props(view, node_id)
    if kept == "UnknownNode" and view.language == DUCKDB:
        return written_tag(kept, {"nodeType": NEW_NODES[DUCKDB], **props})  # no tag of today speaks DuckDB's SQL
    return written_tag(name, props)


def new_props(view: CodeView, node_id: str) -> JsonObject:
    """Return the properties of a new code cell; it opens with its code shown in PostHog (3.6)."""
    props: JsonObject = {"nodeId": node_id}
    if view.title is not None:
        props["title"] = view.title
    props["code"] = view.code
    if view.name is not None:  # absent means PostHog's default name
        props["returnVariable"] = view.name
    props["showFilters"] = True
    return props


def component_tag(cell: Cell, known_raw: str = "") -> str:
    """Return the text of a raw cell, which must be exactly one tag.

    Args:
        known_raw: What was stored for this cell; mistakes in it may stay.

    Raises:
        NotWritable: It is not.
    """
    text = str(cell["source"]).strip(WHITE_SPACE)
    refuse_surrogates(text)
    blocks = parse_blocks(text)
    if len(blocks) != 1 or blocks[0].kind != "tag" or blocks[0].body_start != 0 or blocks[0].end != len(text):
        raise NotWritable('a raw cell must hold one whole PostHog component, such as <Recording id="…" />')
    tag = parse_tag(text)
    if tag is None or not tag.is_clean:
        raise NotWritable("the properties of this component cannot be read; check its quotes and braces")
    for prop in tag.props:
        written = text[prop.value_start : prop.value_end]
        if prop.value == written and written.startswith("{") and written not in known_raw:
            # PostHog would take the text itself, braces included, for the value (3.5).
            raise NotWritable(f"the value of {prop.name} is no JSON")
    return text


def refuse_odd_magic(source: str) -> None:
    """Refuse a magic line that holds more than PostHog can store of it.

    Raises:
        NotWritable: It names no frame, or has an option.
    """
    if not is_plain_magic(source):
        raise NotWritable("its first line may hold %%hogql or %%duckdb, and one name or - behind it, nothing else")


def refuse_surrogates(text: str) -> None:
    """Refuse a text that JSON storage refuses.

    Raises:
        NotWritable: It holds half a character, or a NUL.
    """
    if has_surrogate(text) or "\0" in text:
        raise NotWritable("its text holds a character that cannot be stored")


def with_fresh_node_id(raw: str, node_id: str) -> str:
    """Return a copied tag under a node id of its own, without the original's run and result."""
    tag = parse_tag(raw)
    if tag is None or not tag.is_clean or not tag.has("nodeId"):
        return raw
    changes: JsonObject = {"nodeId": node_id}
    changes |= {name: None for name in ("runId", "result", "runStatus") if tag.has(name)}
    return replace_props(tag, changes)


def default_name_of_tag(tag: Tag) -> str:
    """Return the frame's name that PostHog gives to a code tag without one."""
    node_type = props_of(tag).get("nodeType")
    return default_name_of(node_type if tag.name == "UnknownNode" and isinstance(node_type, str) else tag.name)
