"""Completion and inspection from what is known here, where PostHog's kernel cannot be asked."""

from __future__ import annotations

import re
from collections.abc import Mapping

from jupyter_posthog.execution.executor import Completion
from jupyter_posthog.execution.magics import Language, read_cell

_WORD_BEFORE = re.compile(r"[%\w]*\Z")
_WORD_AFTER = re.compile(r"\w*")
_MAGICS = ("%%hogql", "%%duckdb", "%posthog")
_PLACES = "events persons person_distinct_ids sessions groups numbers event timestamp distinct_id properties person"
_SQL = (
    "SELECT FROM WHERE GROUP BY ORDER HAVING LIMIT OFFSET JOIN LEFT INNER CROSS ON AS WITH UNION ALL DISTINCT CASE "
    "WHEN THEN ELSE END AND OR NOT IN IS NULL LIKE ILIKE BETWEEN DESC ASC ARRAY OVER PARTITION count sum avg min max "
    "uniq countIf sumIf toDate toDateTime toStartOfDay toStartOfWeek toStartOfMonth now interval dateDiff coalesce"
)
_DUCKDB = "DESCRIBE SUMMARIZE PIVOT UNPIVOT QUALIFY SAMPLE EXCLUDE REPLACE COLUMNS strftime date_trunc list_agg"
_KEYWORDS = {
    Language.HOGQL: tuple(f"{_SQL} {_PLACES}".split()),
    Language.DUCKDB: tuple(f"{_SQL} {_DUCKDB}".split()),
}


def complete_locally(code: str, cursor: int, names: Mapping[str, str]) -> Completion:
    """Return keywords of the cell's language and frames that begin like the word before the cursor.

    Args:
        cursor: In characters.
        names: The known frames.
    """
    found = _WORD_BEFORE.search(code[:cursor])
    word = found[0] if found else ""
    if not word:
        return Completion(matches=(), start=cursor, end=cursor)
    known = dict.fromkeys(names, "frame")
    if word.startswith("%"):
        known = dict.fromkeys(_MAGICS, "magic")
    else:
        known |= dict.fromkeys(_KEYWORDS.get(read_cell(code).language, ()), "keyword")
    matches = sorted(name for name in known if name.lower().startswith(word.lower()) and name != word)
    return Completion(
        matches=tuple(matches),
        start=cursor - len(word),
        end=cursor,
        types=tuple(known[name] for name in matches),
    )


def inspect_locally(code: str, cursor: int, names: Mapping[str, str]) -> str:
    """Return a few words about the frame at the cursor; empty where there is none."""
    before, after = _WORD_BEFORE.search(code[:cursor]), _WORD_AFTER.match(code[cursor:])
    word = (before[0] if before else "") + (after[0] if after else "")
    return f"{word}: {names[word]}" if word in names else ""
