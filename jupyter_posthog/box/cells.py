"""The cells of a stored document, as PostHog's server finds them (posthog-document.md 3.4, 3.6)."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jupyter_posthog.box.notebooks import markdown_of
from jupyter_posthog.box.store import Store

_CELL = re.compile(r"<(SQLV2|PythonV2)\s(.*?)/>[^\S\n]*$", re.MULTILINE | re.DOTALL)
_PROP = re.compile(r'([A-Za-z_][\w-]*)="((?:\\.|[^"\\])*)"', re.DOTALL)
_FENCE = re.compile(r"^\s*```.*?^\s*```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCell:
    """One runnable cell."""

    node_id: str
    cell_type: str
    code: str
    name: str
    start: int
    end: int


def cells_of(markdown: str) -> Iterator[StoredCell]:
    """Yield the runnable cells; tags inside fences are none."""
    hidden = _FENCE.sub(lambda found: " " * len(found[0]), markdown)
    for found in _CELL.finditer(hidden):
        props = {name: _text(value) for name, value in _PROP.findall(found[2])}
        is_sql = found[1] == "SQLV2"
        if props.get("nodeId"):
            yield StoredCell(
                node_id=props["nodeId"],
                cell_type="sql" if is_sql else "python",
                code=props.get("code", ""),
                name=props.get("returnVariable", "sql_df" if is_sql else "df"),
                start=_units(markdown[: found.start()]),
                end=_units(markdown[: found.end()]),
            )


def code_of_node(store: Store, short_id: str, node_id: str) -> str | None:
    """Return the stored code of one SQL cell, or None."""
    if short_id == "scratchpad":
        return None
    markdown = markdown_of(store.find(short_id).content)
    cells = cells_of(markdown or "")
    return next((cell.code for cell in cells if cell.node_id == node_id and cell.cell_type == "sql"), None)


def _text(raw: str) -> str:
    try:
        value: Any = json.loads(f'"{raw}"')
    except ValueError:
        value = re.sub(r"\\(.)", r"\1", raw)
    return html.unescape(str(value))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
