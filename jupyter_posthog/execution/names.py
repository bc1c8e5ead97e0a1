"""Which cell made the frame of which name, so that a later cell can use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from jupyter_posthog.execution.magics import CellText, Language
from jupyter_posthog.execution.python_names import names_bound, names_read
from jupyter_posthog.execution.sql_tokens import Dialect, names_in, tables_read, with_frames

HOGQL_KIND, LOCAL_KIND = "hogql", "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameSource:
    """The cell behind a frame's name.

    Attributes:
        kind: ``hogql`` for a query that PostHog can run again, ``local`` for a frame in the kernel
            (posthog-api.md 12.2).
        query: The whole query, without names of other frames in it; empty for a frame in the kernel.
        columns: Pairs of name and type, and ``row_count``, as the cell showed them.
        run_id: The run that made the frame, where the way of running knows one.
    """

    node_id: str
    kind: str
    query: str = ""
    run_id: str | None = None
    columns: tuple[tuple[str, str], ...] = ()
    row_count: int | None = None
    connection_id: str | None = None
    is_raw: bool = False


class Facts(TypedDict):
    """What a shown frame tells about itself."""

    run_id: str | None
    columns: tuple[tuple[str, str], ...]
    row_count: int | None


Sources = Mapping[str, FrameSource]


class FrameNames:
    """Names of frames and the cells they come from; the latest one of a name counts."""

    def __init__(self) -> None:
        self._sources: dict[str, FrameSource] = {}

    @property
    def sources(self) -> Sources:
        """Every known name."""
        return self._sources

    def learn(self, text: CellText, *, name: str, node_id: str, shown: Mapping[str, object] | None = None) -> None:
        """Remember what one cell, which has run, made of its names; an empty name makes none.

        Args:
            shown: The data of the frame that the cell showed.

        Python that binds a known name anew makes it the kernel's: a query behind it would undo that.
        """
        read = self.used_in(text, own_node_id=node_id)
        if text.language is Language.PYTHON:
            local = FrameSource(node_id=node_id, kind=LOCAL_KIND)
            self._sources |= {bound: local for bound in names_bound(text.code) if bound in self._sources}
        if not name:
            return
        is_query = text.language is Language.HOGQL and not reads_kernel(read)
        self._sources[name] = FrameSource(
            node_id=node_id,
            kind=HOGQL_KIND if is_query else LOCAL_KIND,
            query=whole_query(text.code, read) if is_query else "",
            **_facts(shown or {}),
            connection_id=text.connection_id,
            is_raw=text.is_raw,
        )

    def used_in(self, text: CellText, *, own_node_id: str) -> dict[str, FrameSource]:
        """Return the frames of other cells that a cell reads by name."""
        return {
            name: self._sources[name]
            for name in sorted(_names_read(text) & self._sources.keys())
            if self._sources[name].node_id != own_node_id
        }

    def forget_kernel(self) -> None:
        """Forget the frames of a kernel that is gone; queries can run again."""
        self._sources = {name: source for name, source in self._sources.items() if source.kind == HOGQL_KIND}


def _facts(shown: Mapping[str, object]) -> Facts:
    run_id, row_count, types = shown.get("run_id"), shown.get("row_count"), shown.get("types")
    pairs = [pair for pair in types if isinstance(pair, list) and len(pair) > 1] if isinstance(types, list) else []
    return {
        "run_id": run_id if isinstance(run_id, str) else None,
        "columns": tuple((str(pair[0]), str(pair[1])) for pair in pairs),
        "row_count": row_count if isinstance(row_count, int) else None,
    }


def reads_kernel(sources: Sources) -> bool:
    """Whether one of the frames lives in the kernel: then SQL over it runs there (posthog-api.md 12.2)."""
    return any(source.kind == LOCAL_KIND for source in sources.values())


def whole_query(sql: str, sources: Sources) -> str:
    """Return a query with the queries behind the names in it, for ways that do not know names."""
    queries = {name: source.query for name, source in sources.items() if source.kind == HOGQL_KIND}
    return with_frames(sql, queries) if queries else sql


def _names_read(text: CellText) -> set[str]:
    if text.is_raw:
        return set()  # the text belongs to another database
    if text.language is Language.HOGQL:
        return {table.name for table in tables_read(text.code)}
    if text.language is Language.DUCKDB:
        return names_in(text.code, Dialect.DUCKDB)
    return names_read(text.code)
