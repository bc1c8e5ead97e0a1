"""Rich tables as Markdown that PostHog itself reads (posthog-document.md 3.2, 3.9; 7.1 D15, 7.2 N10)."""

from __future__ import annotations

from jupyter_posthog.document.rich.text import attributes_of
from jupyter_posthog.document.upgrade.blocks import Piece, WriteNode, children_of, name_of, plain_type
from jupyter_posthog.document.upgrade.inline import one_line
from jupyter_posthog.document.upgrade.losses import Losses
from jupyter_posthog.document.values import JsonObject, JsonValue

_SIZES = {"colspan": "cells that span columns", "rowspan": "cells that span rows"}
_TEXT_BLOCKS = frozenset({"paragraph", "heading"})


def table_pieces(node: JsonObject, losses: Losses, write: WriteNode) -> list[Piece]:
    """Return a table; its first row is the header, whatever it was, and what is no text stands behind it."""
    losses.add_keys(attributes_of(node), (), "a table")
    writer = _Table(losses, write)
    rows = [writer.row(row, is_first=number == 0) for number, row in enumerate(children_of(node, losses))]
    width = max((len(row) for row in rows), default=0)
    if width == 0:
        losses.add("a table without cells")
        return writer.others
    if any(len(row) < width for row in rows):
        losses.add("rows with fewer cells than others, filled up")
    lines = [f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in rows]
    return [Piece("\n".join([lines[0], f"|{' --- |' * width}", *lines[1:]])), *writer.others]


class _Table:
    def __init__(self, losses: Losses, write: WriteNode) -> None:
        self._losses = losses
        self._write = write
        self.others: list[Piece] = []

    def row(self, row: JsonValue, *, is_first: bool) -> list[str]:
        if not isinstance(row, dict) or plain_type(row) != "tableRow":
            self._losses.add("a part of a table that is no row")
        self._losses.add_keys(attributes_of(row), (), "a table row")
        return [self._cell(cell, is_first=is_first) for cell in children_of(row, self._losses)]

    def _cell(self, cell: JsonValue, *, is_first: bool) -> str:
        if not isinstance(cell, dict) or plain_type(cell) not in {"tableCell", "tableHeader"}:
            self._losses.add(f"{name_of(cell)} in place of a table cell, put behind the table")
            self.others += self._write(cell, self._losses)
            return ""
        self._name_lost_form(cell, is_first=is_first)
        parts = [self._text_of(part) for part in children_of(cell, self._losses)]
        if len(parts) > 1:
            self._losses.add("the border between blocks of a table cell")
        return " ".join(part for part in parts if part)

    def _name_lost_form(self, cell: JsonObject, *, is_first: bool) -> None:
        is_header = plain_type(cell) == "tableHeader"
        if is_header != is_first:
            self._losses.add("header cells outside the first row" if is_header else "a first row that is no header")
        attributes = attributes_of(cell)
        for name, what in _SIZES.items():
            if attributes.get(name) not in (None, 1):
                self._losses.add(what)
        if attributes.get("colwidth"):
            self._losses.add("column widths")
        self._losses.add_keys(attributes, {*_SIZES, "colwidth"}, "a table cell")

    def _text_of(self, node: JsonValue) -> str:
        """Return the text of one block; a cell holds one line of text and nothing else."""
        if not isinstance(node, dict) or node.get("type") not in _TEXT_BLOCKS:
            self._losses.add(f"{name_of(node)} inside a table cell, put behind the table")
            self.others += self._write(node, self._losses)
            return ""
        if node["type"] == "heading":
            self._losses.add("a heading inside a table cell, kept as its text")
        self._losses.add_keys(attributes_of(node), {"level"}, "a block of a table cell")
        return one_line(node.get("content"), self._losses, "table cell", is_in_table=True)
