"""The first line of a cell says in which language it is: ``%%hogql``, ``%%duckdb``, else Python."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from jupyter_posthog.errors import MagicNotUnderstoodError

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
        connection_id: PostHog's id of an external source, or None for PostHog's own data.
        is_raw: Whether the text goes to that source as it is.
        problem: What in the magic line is not understood, in words; empty where all is.
    """

    language: Language
    name: str | None
    code: str
    connection_id: str | None = None
    is_raw: bool = False
    problem: str = ""

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

    def check(self) -> None:
        """Refuse what is not understood, so that nothing is guessed.

        Raises:
            MagicNotUnderstoodError: Something in the magic line is not.
        """
        if self.problem:
            raise MagicNotUnderstoodError(problem=self.problem)
        if self.language is not Language.PYTHON and not self.code.strip():
            raise MagicNotUnderstoodError(problem=f"there is no SQL below %%{self.language.value}")


def read_cell(source: str) -> CellText:
    """Take one cell's source apart; a magic line that is not understood is told by ``problem``."""
    found = _MAGIC.match(source)
    if found is None:
        return CellText(language=Language.PYTHON, name=None, code=source)
    language = Language.HOGQL if found["magic"] == "hogql" else Language.DUCKDB
    return read_magic(language, found["rest"] or "", source[found.end() :])


def read_magic(language: Language, line: str, code: str) -> CellText:
    """Take apart what stands behind ``%%hogql`` or ``%%duckdb``, and the code below it."""
    reading = _Reading(language)
    words = iter(line.split())
    for word in words:
        reading.take(word, words)
    if reading.is_raw and reading.connection_id is None:
        reading.refuse("--raw needs --connection")
    return CellText(
        language=language,
        name="" if reading.problem else reading.name,
        code=code,
        connection_id=reading.connection_id,
        is_raw=reading.is_raw,
        problem=reading.problem,
    )


class _Reading:
    """A magic line being read; the first thing that is wrong is kept."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self.name: str | None = None
        self.connection_id: str | None = None
        self.is_raw = False
        self.problem = ""

    def refuse(self, problem: str) -> None:
        self.problem = self.problem or problem

    def take(self, word: str, words: Iterator[str]) -> None:
        option, equals, value = word.partition("=")
        if word.startswith("-") and word != DISPLAY_ONLY and self._language is Language.DUCKDB:
            self.refuse(f"%%duckdb knows no option {option}")
        elif option == "--connection":
            self._connect(value if equals else next(words, ""))
        elif word == "--raw":
            self.is_raw = True
        elif word.startswith("-") and word != DISPLAY_ONLY:
            self.refuse(f"%%hogql knows --connection ID and --raw, and not {option}")
        elif self.name is not None:
            self.refuse(f"only one name can stand behind %%{self._language.value}, and not also “{word}”")
        else:
            self._call(word)

    def _connect(self, connection_id: str) -> None:
        if not connection_id or connection_id.startswith("-"):
            self.refuse("--connection needs the id of a source behind it")
        self.connection_id = connection_id

    def _call(self, word: str) -> None:
        if word == DISPLAY_ONLY:
            self.name = ""
        elif _NAME.fullmatch(word) and not keyword.iskeyword(word):
            self.name = word
        else:
            self.refuse(f"“{word}” cannot be the name of a frame; letters, digits and _ can, or - to only show it")
            self.name = ""
