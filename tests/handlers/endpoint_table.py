"""The table of docs/endpoints.md: what each documented request answers through the proxy, by server and credential."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PAGE = Path(__file__).parent.parent.parent / "docs" / "endpoints.md"
CREDENTIALS = {"session": "session", "full": "full key", "read_only": "read-only key", "unscoped": "old unscoped key"}
PROFILES = {"cloud": "PostHog's cloud today", "legacy": "The server that the documentation describes"}
_HEAD = """# The documented endpoints through the proxy

What a request of PostHog's documentation page answers at `/posthog/api/…`, by server and credential; made and compared
by `tests/handlers/test_endpoint_table.py` (`--update-mirrors` writes it anew). A letter stands for the sentence that
comes with a refusal. DELETE is answered without asking PostHog, which never allows it.

On today's servers `kernel/execute/stream` and `kernel/dataframe` do not exist any more. The proxy serves them through
`kernel/execute` for a session, through a cell run for a key: the code starts once, its output comes when it ends.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One answer: its status, and the sentence of a refusal."""

    status: int
    sentence: str = ""


@dataclass(slots=True)
class Table:
    """Cells by (profile, credential) and request."""

    columns: dict[tuple[str, str], dict[str, Cell]] = field(default_factory=dict)


def write_page(table: Table, requests: Iterable[str]) -> str:
    """Return the page of a whole table."""
    rows, letters = list(requests), dict[str, str]()
    parts = [_HEAD]
    for profile, title in PROFILES.items():
        parts.append(
            f"\n## {title} (`{profile}`)\n\n| Request | {' | '.join(CREDENTIALS.values())} |\n|---|---|---|---|---|\n"
        )
        for row in rows:
            cells = [_shown(table.columns[profile, credential][row], letters) for credential in CREDENTIALS]
            parts.append(f"| `{row}` | {' | '.join(cells)} |\n")
    parts.append("\n## Sentences\n\n")
    parts += [f"- **{letter}** {sentence}\n" for sentence, letter in letters.items()]
    return "".join(parts)


def read_column(text: str, profile: str, credential: str) -> Mapping[str, Cell]:
    """Return one column of a page."""
    sentences = dict(re.findall(r"^- \*\*(\w)\*\* (.+)$", text, re.MULTILINE))
    section = text.partition(f"(`{profile}`)")[2].partition("\n## ")[0]
    place = list(CREDENTIALS).index(credential) + 1
    found = {}
    for line in re.findall(r"^\| `.+ \|$", section, re.MULTILINE):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        status, _, letter = cells[place].partition(" ")
        found[cells[0].strip("`")] = Cell(status=int(status), sentence=sentences.get(letter, ""))
    return found


def _shown(cell: Cell, letters: dict[str, str]) -> str:
    if not cell.sentence:
        return str(cell.status)
    letter = letters.setdefault(cell.sentence, "abcdefghijklmnop"[len(letters)])
    return f"{cell.status} {letter}"
