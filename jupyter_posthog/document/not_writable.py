"""Why one cell cannot be written; whoever knows its number says which one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from jupyter_posthog.document.values import JsonValue
from jupyter_posthog.errors import CellNotWritableError

Written = TypeVar("Written")


class NotWritable(Exception):
    """PostHog's format cannot hold one cell; the text is the rest of a sentence that begins with the cell."""


def write_each(
    cells: Sequence[Mapping[str, JsonValue]],
    matched: Sequence[int | None],
    write: Callable[[Mapping[str, JsonValue], int | None], Written],
) -> Iterator[Written]:
    """Yield what each cell is written as.

    Args:
        matched: For each cell the number of its ledger cell.

    Raises:
        CellNotWritableError: One cell cannot be written. Its number counts the given cells from 1.
    """
    for position, (cell, number) in enumerate(zip(cells, matched, strict=True), start=1):
        try:
            yield write(cell, number)
        except NotWritable as error:
            raise CellNotWritableError(cell_number=position, cell_id=str(cell.get("id")), problem=str(error)) from error
