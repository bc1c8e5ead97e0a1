"""The cells of a stored document, as PostHog's server finds them (posthog-document.md 3.6, posthog-api.md 12.6)."""

from __future__ import annotations

import ast
import hashlib
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from jupyter_posthog.box.refusals import bare, invalid
from jupyter_posthog.box.store import Store
from jupyter_posthog.box.text.blocks import Block, blocks_of
from jupyter_posthog.box.text.documents import markdown_of
from jupyter_posthog.box.text.tags import Tag

Json = Any
MAXIMUM_CELLS = 50
RUNNABLE = frozenset({"sql", "python"})
_TYPES = {"SQLV2": "sql", "PythonV2": "python", "Query": "saved_insight", "Insight": "saved_insight"}
_NAMES = {"sql": "sql_df", "python": "df", "saved_insight": "insight_df"}
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
# What is no name in SQL: comments and texts.
_SQL_NOISE = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:\\.|''|[^'\\])*'", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCell:
    """One cell; its places are UTF-16 units, its name is blank where it only displays."""

    node_id: str
    cell_type: str
    code: str
    name: str
    start: int
    end: int

    @property
    def is_runnable(self) -> bool:
        """Whether the server can run it: code of its own, and not blank."""
        return self.cell_type in RUNNABLE and bool(self.code.strip())


def cells_of(markdown: str) -> list[StoredCell]:
    """Return the cells in their order, prose too, with the names their frames really get."""
    seen: Counter[str] = Counter()
    units = _Units(markdown)
    found = [_cell(markdown, block, seen, units) for block in blocks_of(markdown)]
    return _with_own_names([cell for cell in found if cell is not None])


def runnable_cells(markdown: str) -> list[StoredCell]:
    """Return the cells that a run of the whole notebook goes through."""
    return [cell for cell in cells_of(markdown) if cell.is_runnable]


def code_of_node(store: Store, short_id: str, node_id: str) -> str | None:
    """Return the stored code of one SQL cell, or None."""
    if short_id == "scratchpad":
        return None
    cells = cells_of(markdown_of(store.find(short_id).content) or "")
    return next((cell.code for cell in cells if cell.node_id == node_id and cell.cell_type == "sql"), None)


def check_growth(before: Json, after: Json) -> None:
    """Refuse a document with more than fifty cells, unless it had as many (posthog-api.md 6.5, 6.8).

    Raises:
        Refusal: 400.
    """
    text = markdown_of(after)
    count = _counted(text) if text is not None else 0
    if count > MAXIMUM_CELLS and count > _counted(markdown_of(before) or ""):
        raise invalid(f"A notebook can have at most {MAXIMUM_CELLS} cells.", attr="content")


def names_in(cell: StoredCell) -> set[str]:
    """Return the names that a cell's code reads, comments and texts apart."""
    if cell.cell_type != "python":
        return set(_VARIABLE.findall(_SQL_NOISE.sub(" ", cell.code)))
    try:
        tree = ast.parse(cell.code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set(_VARIABLE.findall(cell.code))
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


class _Units:
    """Places in UTF-16 units; asked for in rising order, so each part of a text is counted once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = self._count = 0

    def at(self, place: int) -> int:
        part = self._text[self._place : place]
        self._count += len(part) + sum(character > "\uffff" for character in part)
        self._place = place
        return self._count


def _counted(markdown: str) -> int:
    tags = [block.tag for block in blocks_of(markdown) if block.tag is not None]
    return sum(_TYPES.get(tag.name) in RUNNABLE or _gives_frame(tag) for tag in tags)


def _gives_frame(tag: Tag) -> bool:
    return _TYPES.get(tag.name) == "saved_insight" and bool(tag.props.get("dataframeQuery"))


def _cell(markdown: str, block: Block, seen: Counter[str], units: _Units) -> StoredCell | None:
    start, end = units.at(block.start), units.at(block.end)
    tag = block.tag
    if tag is None:
        source = markdown[block.start : block.end]
        prose_id = block.anchor or _prose_id(source, seen)
        return StoredCell(node_id=prose_id, cell_type="markdown", code=source, name="", start=start, end=end)
    cell_type, node_id = _TYPES.get(tag.name), tag.props.get("nodeId") or block.anchor
    if cell_type is None or not isinstance(node_id, str):
        return None
    code = tag.props.get("code")
    code = code if isinstance(code, str) else ""
    name = _name(tag, cell_type)
    return StoredCell(node_id=node_id, cell_type=cell_type, code=code, name=name, start=start, end=end)


def _prose_id(source: str, seen: Counter[str]) -> str:
    """Return the id of a piece of prose: a hash of its source, and how often it stood there before (3.7)."""
    number = int.from_bytes(hashlib.blake2b(source.encode("utf-8", "replace"), digest_size=8).digest())
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    seen[digits] += 1
    return f"mdp-{digits or '0'}-{seen[digits] - 1}"


def _name(tag: Tag, cell_type: str) -> str:
    if cell_type == "saved_insight" and not _gives_frame(tag):
        return ""
    name = tag.props.get("returnVariable", _NAMES[cell_type])
    return name if isinstance(name, str) and _VARIABLE.fullmatch(name) else ""


def _with_own_names(cells: list[StoredCell]) -> list[StoredCell]:
    """Name frames apart: SQL first, then insights; a Python cell whose name is taken exports nothing (3.6)."""
    taken: set[str] = set()
    names: dict[int, str] = {}
    for cell_type in ("sql", "saved_insight", "python"):
        for place, cell in enumerate(cells):
            if cell.cell_type == cell_type and cell.name:
                names[place] = _free_name(cell, taken)
    return [replace(cell, name=names.get(place, "")) for place, cell in enumerate(cells)]


def _free_name(cell: StoredCell, taken: set[str]) -> str:
    name, number = cell.name, 1
    while name.lower() in taken:
        if cell.cell_type == "python":
            return ""
        number += 1
        name = f"{cell.name}_{number}"
    taken.add(name.lower())
    return name


def cells_with_ids(cells: list[StoredCell], node_ids: list[str]) -> list[StoredCell]:
    """Return the cells with these ids.

    Raises:
        Refusal: 400 that names the ids that no cell has.
    """
    known = {cell.node_id: cell for cell in cells}
    missing = [node_id for node_id in node_ids if node_id not in known]
    if missing:
        raise bare(400, f"Unknown cell ids: {', '.join(missing)}")
    return [known[node_id] for node_id in node_ids]
