"""Cells of the old kinds as today's tags, on a person's explicit wish (posthog-document.md 2.6, 3.6, 3.9).

PostHog shows them as unknown blocks today, with their code inside.
"""

from __future__ import annotations

from dataclasses import dataclass

from jupyter_posthog.document.code_cells import NEW_TAGS, PYTHON
from jupyter_posthog.document.markdown.blocks import parse_blocks
from jupyter_posthog.document.markdown.code_writing import default_name_of_tag
from jupyter_posthog.document.markdown.reading import code_view, language_of, props_of, stored_execution, stored_tag
from jupyter_posthog.document.markdown.tags import Tag, written_tag
from jupyter_posthog.document.outputs.fresh_results import stored_envelope
from jupyter_posthog.document.shapes import MARKDOWN, read_stored
from jupyter_posthog.document.values import JsonObject, JsonValue

_LEGACY = frozenset({"Python", "DuckSQL", "HogQLSQL", "UnknownNode"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RescuedDocument:
    """A document whose legacy cells are live again.

    Attributes:
        node_ids: Of the cells that were rewritten; None stands for one without an id.
    """

    document: JsonValue
    node_ids: tuple[str | None, ...]


def rescue_legacy_cells(document: JsonValue) -> RescuedDocument:
    """Rewrite every legacy code cell of a Markdown notebook as a tag that runs today; all else stays as it is.

    Code, name, title, node id and what fits of the stored result are kept. In a rich notebook these cells are live
    already, and nothing changes.

    Raises:
        DocumentTooDeepError: It is nested deeper than 500 levels.
    """
    stored = read_stored(document)
    if stored.shape != MARKDOWN:
        return RescuedDocument(document=document, node_ids=())
    pieces: list[str] = []
    node_ids: list[str | None] = []
    position = 0
    for block in parse_blocks(stored.text):
        tag = stored_tag(stored.text[block.body_start : block.end]) if block.kind == "tag" else None
        if tag is None or tag.name not in _LEGACY or language_of(tag) is None:
            continue
        pieces += [stored.text[position : block.body_start], _live_tag(tag)]
        node_ids.append(tag.text("nodeId"))
        position = block.end
    if not node_ids:
        return RescuedDocument(document=document, node_ids=())
    text = "".join([*pieces, stored.text[position:]])
    return RescuedDocument(document=stored.with_text(text), node_ids=tuple(node_ids))


def _live_tag(tag: Tag) -> str:
    view = code_view(tag)
    props: JsonObject = {}
    if tag.text("nodeId"):
        props["nodeId"] = tag.text("nodeId")
    if view.title is not None:
        props["title"] = view.title
    props["code"] = view.code
    if view.name is not None:
        props["returnVariable"] = view.name
    elif view.language != PYTHON:
        # Today's default is another one; other cells may ask for the frame by its old name (2.6, 3.6).
        props["returnVariable"] = default_name_of_tag(tag)
    props["showFilters"] = True
    execution = stored_execution(props_of(tag))
    result = None if execution is None else live_result(execution)
    if result is not None:
        props |= {"runStatus": "done", "result": result}
    return written_tag(NEW_TAGS[view.language], props)


def live_result(execution: JsonObject) -> JsonObject | None:
    """Return what today's tags can hold of a stored execution; None where they hold nothing of it, such as an error."""
    if execution.get("status") != "ok":
        return None
    media = execution.get("media")
    images: list[JsonValue] = [
        {"mime_type": item.get("mimeType"), "data": item.get("data")}
        for item in (media if isinstance(media, list) else [])
        if isinstance(item, dict)
    ]
    names = {"stdout": execution.get("stdout"), "stderr": execution.get("stderr")}
    return stored_envelope({**names, "media": images, "result_text": execution.get("result")})
