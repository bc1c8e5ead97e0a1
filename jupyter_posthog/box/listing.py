"""What a list request asks for, as a condition on stored notebooks (posthog-api.md 6.4)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from jupyter_posthog.box.moments import parse_moment, wire

_ORDERS = frozenset({"created_at", "last_modified_at", "title", "short_id", "id", "version", "deleted"})
# Words that PostgreSQL's English search does not look for; only the common ones.
_STOP_WORDS = frozenset(
    """
    a an and are as at be but by for from has have he her his i if in into is it its me my no not of on or our she so
    than that the their them then there these they this to too up was we were what when which who will with you your
    """.split()  # noqa: SIM905  # readable as words
)
_NODES = "json_each(CASE json_type(content) WHEN 'object' THEN content -> '$.content' ELSE content END)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list request.

    Attributes:
        created_by: A person's uuid.
        last_modified_by: A person's uuid.
        contains: Pairs of type and value, such as ``recording:true,feature-flag:12``.
        date_from: Last modified later than this; relative moments count from now.
        date_to: Last modified earlier than this.
    """

    search: str | None = None
    short_id: str | None = None
    created_by: tuple[str, ...] = ()
    last_modified_by: str | None = None
    date_from: str | None = None
    date_to: str | None = None
    contains: str = ""
    ordering: str = "-last_modified_at"
    limit: int = 100
    offset: int = 0

    @property
    def order(self) -> str:
        """Return the ORDER BY of the request; an unknown field is passed over."""
        name = self.ordering.removeprefix("-")
        column = name if name in _ORDERS else "last_modified_at"
        is_descending = self.ordering.startswith("-") if name in _ORDERS else True
        direction = "DESC" if is_descending else "ASC"
        return f"{column} {direction}, short_id {direction}"

    def condition(self) -> tuple[str, list[Any]]:
        """Return the WHERE of the request and its values."""
        found: list[tuple[str, list[Any]]] = [("deleted = 0", [])]
        if self.search is not None:
            found.append(_matches(self.search))
        if self.short_id is not None:
            found.append(("short_id = ?", [self.short_id]))
        found += [("created_by ->> '$.uuid' = ?", [uuid]) for uuid in self.created_by]
        if self.last_modified_by is not None:
            found.append(("last_modified_by ->> '$.uuid' = ?", [self.last_modified_by]))
        for text, sign in ((self.date_from, ">"), (self.date_to, "<")):
            if text is not None:
                found.append((f"last_modified_at {sign} ?", [wire(parse_moment(text, datetime.now(UTC)))]))
        found += [_contains(pair) for pair in re.split(r"[\s,]+", self.contains) if pair]
        return " AND ".join(condition for condition, _ in found), [value for _, values in found for value in values]


def _matches(search: str) -> tuple[str, list[Any]]:
    """Every word of the search, in the title or in the text; words that say nothing are not looked for."""
    words = [word for word in re.findall(r"\w+", search.lower()) if word not in _STOP_WORDS]
    if not words:
        return "0", []
    every = " AND ".join(f'"{word}"' for word in words)
    query = f"(title : ({every})) OR (text_content : ({every}))"
    return "rowid IN (SELECT rowid FROM words WHERE words MATCH ?)", [query]


def _contains(pair: str) -> tuple[str, list[Any]]:
    """One ``type:value`` pair: has such a top-level node, has none, or has the one with this id."""
    name, _, value = pair.partition(":")
    kind = f"ph-{_singular(name)}"
    if kind == "ph-replay-timestamp":
        # These stand inside paragraphs, one level down.
        nodes = f"{_NODES} AS outer_node, json_each(outer_node.value -> '$.content') AS node"
        key = "node.value -> '$.attrs.sessionRecordingId'"
    else:
        nodes = f"{_NODES} AS node"
        key = "node.value -> '$.attrs.query.shortId'" if kind == "ph-query" else "node.value -> '$.attrs.id'"
    # Looked for as text first: most documents need not be read.
    has = f"SELECT 1 FROM {nodes} WHERE node.type = 'object' AND node.value ->> '$.type' = ?"
    names, values = "instr(content, ?)", [json.dumps(kind), kind]
    if value in {"", "true", "none"}:
        return f"({names} AND EXISTS ({has}))", values
    if value == "false":
        return f"NOT ({names} AND EXISTS ({has}))", values
    # A number is looked for as a number: in JSON the text "12" is another value.
    wanted = int(value) if re.fullmatch(r"-?\d{1,18}", value) else value
    return f"({names} AND EXISTS ({has} AND {key} = ?))", [*values, json.dumps(wanted)]


def _singular(name: str) -> str:
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name
