"""Reads a written Markdown notebook back before it is sent: no cell may have swallowed another one.

Text that was stored long ago, such as a fence without an end, is not touched; what is put behind it could end up
inside it (posthog-document.md 4.10 step 5, P6, P11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from jupyter_posthog.document.code_cells import view_of_cell
from jupyter_posthog.document.markdown_reading import markdown_cells
from jupyter_posthog.document.tags import parse_tag
from jupyter_posthog.document.values import JsonValue
from jupyter_posthog.document.white_space import WHITE_SPACE, with_lf
from jupyter_posthog.errors import CellNotWritableError

Cell = Mapping[str, JsonValue]


def check_reads_back(text: str, cells: Sequence[Cell]) -> None:
    """Compare the code and component cells that the text holds with those that were meant.

    Args:
        cells: As they were meant, in order.

    Raises:
        CellNotWritableError: The first cell that would not come back; its number counts these cells from 1.
    """
    numbered = list(enumerate(cells, start=1))
    meant = [(number, cell, essence) for number, cell in numbered if (essence := _essence(cell)) is not None]
    found = [
        essence
        for shown in markdown_cells(text)
        if (essence := _essence({"cell_type": shown.cell_type, "source": shown.source})) is not None
    ]
    for expected, essence in zip_longest(meant, found):
        if expected is None or expected[2] != essence:
            number, cell = (expected or meant[-1])[:2] if meant else numbered[-1]
            problem = "it would change its neighbours; look for a ``` or <!-- above it that has no end"
            raise CellNotWritableError(cell_number=number, cell_id=str(cell.get("id")), problem=problem)


def _essence(cell: Cell) -> tuple[str, str] | None:
    """Return what must come back of a cell: language and code, or the component's name; None for prose."""
    if cell["cell_type"] == "code":
        view = view_of_cell(cell)
        return view.language.replace("duckdb", "hogql"), with_lf(view.code)
    if cell["cell_type"] == "raw":
        tag = parse_tag(str(cell["source"]).strip(WHITE_SPACE))
        return "component", tag.name if tag is not None else ""
    return None
