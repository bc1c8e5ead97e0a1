"""The table of docs/kernels.md: what the kernel does, by kind of server and credential."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

PAGE = Path(__file__).parent.parent.parent / "docs" / "kernels.md"
PROFILES = {
    "cloud": "PostHog's cloud today",
    "flag-off": "The same without cell runs for this person",
    "legacy": "The server that the documentation describes",
}
CREDENTIALS = {
    "session": "browser session",
    "full": "full key",
    "read_only": "read-only key",
    "no_query": "key without query:read",
    "unscoped": "old unscoped key",
}
_BEGIN, _END = "<!-- table: begins -->\n", "<!-- table: ends -->\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one credential gets on one kind of server."""

    way: str
    python: str
    hogql: str
    stop: str
    completion: str
    restart: str


_TITLES = {
    "way": "Cells run by",
    "python": "Python",
    "hogql": "HogQL",
    "stop": "Interrupt",
    "completion": "Completion",
    "restart": "`%posthog restart`",
}


def with_table(page: str, rows: Mapping[tuple[str, str], Row]) -> str:
    """Return the page with another table in it."""
    head, _, rest = page.partition(_BEGIN)
    return f"{head}{_BEGIN}{_table(rows)}{_END}{rest.partition(_END)[2]}"


def read_row(page: str, profile: str, credential: str) -> Row:
    """Return one row of a page."""
    section = page.partition(f"(`{profile}`)")[2].partition("\n### ")[0]
    line = re.search(rf"^\| {re.escape(CREDENTIALS[credential])} \|(.*)\|$", section, re.MULTILINE)
    if line is None:
        raise AssertionError(f"docs/kernels.md has no row for {profile}, {credential}: run with --update-mirrors")
    names = [field.name for field in fields(Row)]
    return Row(**dict(zip(names, (cell.strip() for cell in line[1].split("|")), strict=True)))


def _table(rows: Mapping[tuple[str, str], Row]) -> str:
    parts = []
    for profile, title in PROFILES.items():
        parts.append(f"\n### {title} (`{profile}`)\n\n| Credential | {' | '.join(_TITLES.values())} |\n")
        parts.append(f"|{'---|' * (len(_TITLES) + 1)}\n")
        for credential, name in CREDENTIALS.items():
            cells = asdict(rows[profile, credential]).values()
            parts.append(f"| {name} | {' | '.join(cells)} |\n")
    return "".join([*parts, "\n"])
