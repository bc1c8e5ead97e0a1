"""The table of docs/saving.md: what becomes of an edit when something goes wrong on its way to PostHog."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parent.parent.parent / "docs" / "saving.md"
SHAPES = ("markdown", "rich")
_HEAD = """# What becomes of an edit

Every edit is in PostHog or on this machine, whatever goes wrong between. Each row is a test
(`tests/handlers/test_save_faults.py`, `tests/handlers/test_save_kills.py`; `--update-mirrors` writes the table anew): one
edit is saved while something fails. *Answer* is what the save said, *then* where the edit was to be found, *in the end*
what PostHog held once the trouble was over and the page saved, or its draft was sent, again.

| What goes wrong | Notebook | Answer | Then | In the end |
|---|---|---|---|---|
"""
_ROW = re.compile(r"^\| (?P<fault>[^|]+) \| (?P<shape>\w+) \| (?P<rest>.+) \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One row: what the save said, where the edit was then, what PostHog held in the end."""

    answer: str
    then: str
    end: str

    def __str__(self) -> str:
        return f"{self.answer} | {self.then} | {self.end}"


def write_rows(outcomes: Mapping[tuple[str, str], Outcome], faults: Iterable[str]) -> str:
    """Return the page of a whole table."""
    rows = [f"| {fault} | {shape} | {outcomes[fault, shape]} |\n" for fault in faults for shape in SHAPES]
    return _HEAD + "".join(rows)


def read_row(fault: str, shape: str) -> str:
    """Return one row of the page as text."""
    rows = {(found["fault"], found["shape"]): found["rest"] for found in _ROW.finditer(PAGE.read_text("utf-8"))}
    return rows[fault, shape]
