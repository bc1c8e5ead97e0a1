"""Whether a notebook is as Jupyter's format wants it."""

from __future__ import annotations

import re
from typing import Any

import nbformat

from jupyter_posthog.errors import WrongNotebookError

_PLAIN_KEYS = {
    "markdown": {"cell_type", "id", "metadata", "source"},
    "raw": {"cell_type", "id", "metadata", "source"},
    "code": {"cell_type", "id", "metadata", "source", "outputs", "execution_count"},
}
#: Names in a cell's metadata of which the format says nothing.
_FREE_METADATA = {"posthog", "trusted"}
_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def check_format(content: dict[str, Any]) -> None:
    """Check a notebook of nbformat 4, given as JSON.

    The schema's validator tries each kind of cell in turn, which takes longer than a whole save of a long notebook;
    so it gets only the cells that are not right at a glance.

    Raises:
        WrongNotebookError: It is not as the format wants it; names the cell.
        RecursionError: It is nested too deeply.
    """
    cells = content["cells"]
    numbers = [number for number, cell in enumerate(cells) if not _is_plainly_right(cell)]
    for number in numbers:
        if not _has_names(cells[number]):
            raise _wrong(number)  # nbformat itself fails on a type or an id that is no text
    try:
        nbformat.validate({**content, "cells": [cells[number] for number in numbers]}, relax_add_props=True)
    except nbformat.ValidationError as error:
        place = list(error.absolute_path)
        is_cell = place[:1] == ["cells"] and len(place) > 1
        raise _wrong(numbers[place[1]] if is_cell else None) from error


def _wrong(number: int | None) -> WrongNotebookError:
    # The validator's own words quote its whole text.
    where = "its outer part" if number is None else f"cell {number + 1}"
    return WrongNotebookError(problem=f"{where} is not as Jupyter's format wants it")


def _has_names(cell: dict[str, Any]) -> bool:
    outputs = cell.get("outputs")
    typed = [output for output in outputs if isinstance(output, dict)] if isinstance(outputs, list) else []
    names = [cell.get("cell_type"), cell.get("id", ""), *(output.get("output_type") for output in typed)]
    return all(isinstance(name, str) for name in names)


def _is_plainly_right(cell: dict[str, Any]) -> bool:
    """Whether a cell has exactly the parts of its kind, nothing in its outputs, and no metadata with rules."""
    kind, metadata, cell_id = cell.get("cell_type"), cell.get("metadata"), cell.get("id")
    if not isinstance(kind, str) or cell.keys() != _PLAIN_KEYS.get(kind):
        return False
    if not isinstance(cell_id, str) or not _CELL_ID.fullmatch(cell_id) or not isinstance(cell["source"], str):
        return False
    if not isinstance(metadata, dict) or not metadata.keys() <= _FREE_METADATA:
        return False
    return kind != "code" or (cell["outputs"] == [] and cell["execution_count"] is None)
