"""A cell before it has an id: what is shown, and which segments it shows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from jupyter_posthog.document.code_cells import CodeView
from jupyter_posthog.document.values import JsonObject, JsonValue
from jupyter_posthog.document.white_space import shown

NO_METADATA: Mapping[str, JsonValue] = MappingProxyType({})
COMPONENT_FORMAT = "text/x-posthog-component"


class ShownCell(NamedTuple):
    """One cell of a document; a named tuple, for a document has thousands of them.

    Attributes:
        start, end: Its segments; ``shown_start`` and ``shown_end`` leave out what is not shown.
        origin: The tag's name or the node's type; empty for prose.
        raw: The text that names a cell without a node id or an anchor; rich nodes as canonical JSON.
        anchor: The id of an anchor line above the cell (3.1).
    """

    cell_type: str
    source: str
    start: int
    end: int
    shown_start: int
    shown_end: int
    raw: str
    origin: str = ""
    node_id: str | None = None
    metadata: Mapping[str, JsonValue] = NO_METADATA
    outputs: tuple[JsonObject, ...] = ()
    has_hidden_outputs: bool = False
    anchor: str | None = None


def code_cell(
    view: CodeView, *, start: int, end: int, origin: str, raw: str, node_id: JsonValue, outputs: list[JsonObject]
) -> ShownCell:
    """Return the cell of a code tag or node."""
    return ShownCell(
        cell_type="code",
        source=shown(view.source),
        start=start,
        end=end,
        shown_start=start,
        shown_end=end,
        raw=raw,
        origin=origin,
        node_id=shown(node_id) if isinstance(node_id, str) and node_id else None,
        metadata=view.metadata,
        outputs=tuple(outputs),
    )
