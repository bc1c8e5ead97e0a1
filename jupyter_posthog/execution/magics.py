"""The first line of a cell says in which language it is: ``%%hogql``, ``%%duckdb``, else Python."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

# Names PostHog gives to results that nobody named (posthog-document.md 3.6).
DEFAULT_SQL_NAME = "sql_df"
DEFAULT_DUCKDB_NAME = "duck_df"
DEFAULT_PYTHON_NAME = "df"
DISPLAY_ONLY = "-"

_MAGIC = re.compile(r"%%(?P<magic>hogql|duckdb)(?P<rest>[^\S\r\n][^\r\n]*)?(?:\r\n|\r|\n|$)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Language(Enum):
    """What a cell is written in."""

    PYTHON = "python"
    HOGQL = "hogql"
    DUCKDB = "duckdb"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellText:
    """A cell's source, taken apart.

    Attributes:
        name: The frame the result is bound to; empty means display only; None means that nothing was said.
        code: The text to run, without the magic line.
    """

    language: Language
    name: str | None
    code: str

    @property
    def result_name(self) -> str:
        """The frame the result is bound to, or empty for display only."""
        if self.name is not None:
            return self.name
        return {
            Language.HOGQL: DEFAULT_SQL_NAME,
            Language.DUCKDB: DEFAULT_DUCKDB_NAME,
            Language.PYTHON: DEFAULT_PYTHON_NAME,
        }[self.language]


def read_cell(source: str) -> CellText:
    """Take one cell's source apart; an option or a name that cannot be one makes it display only."""
    found = _MAGIC.match(source)
    if found is None:
        return CellText(language=Language.PYTHON, name=None, code=source)
    language = Language.HOGQL if found["magic"] == "hogql" else Language.DUCKDB
    words = (found["rest"] or "").split()
    return CellText(language=language, name=_result_name(words), code=source[found.end() :])


def _result_name(words: list[str]) -> str | None:
    if not words:
        return None
    return words[0] if _NAME.fullmatch(words[0]) else ""
