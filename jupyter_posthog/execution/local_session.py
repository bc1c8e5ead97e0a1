"""Cells of a local kernel: HogQL goes to PostHog's query endpoint, all else stays on this machine."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any

from jupyter_posthog.api.models import QueryAnswer
from jupyter_posthog.errors import InvalidRequestError, PosthogError, QueryRefusedError
from jupyter_posthog.execution.events import Event
from jupyter_posthog.execution.executor import CellToRun
from jupyter_posthog.execution.frames import completed, show_answer
from jupyter_posthog.execution.hogql import run_query
from jupyter_posthog.execution.local_frames import check_package, frame_of, is_frame, run_duckdb, show_frame
from jupyter_posthog.execution.magics import CellText, Language, read_cell
from jupyter_posthog.execution.names import HOGQL_KIND, FrameNames, reads_kernel, whole_query
from jupyter_posthog.execution.places import NotebookPlace
from jupyter_posthog.execution.sql_tokens import Dialect, placeholders_in
from jupyter_posthog.execution.variables import Value, Variables, fill_sql, read_variables, with_values

_PYTHON_NODE = "python"
Namespace = dict[str, Any]
Run = Callable[[Awaitable[Any]], Any]


class LocalSession:
    """Runs SQL cells beside the Python of a local kernel.

    What waits for PostHog is asynchronous; what runs here is not, so that it runs in the kernel's own thread.
    """

    def __init__(self, open_place: Callable[[], Awaitable[NotebookPlace]], *, is_stored: Callable[[str], bool]) -> None:
        """Prepare; nothing is opened yet.

        Args:
            open_place: Finds the notebook and the way to PostHog.
            is_stored: Whether a short_id is that of a notebook with a document.
        """
        self._open_place = open_place
        self._is_stored = is_stored
        self._place: NotebookPlace | None = None
        self._variables: Variables | None = None
        self._bound: dict[str, object] = {}
        self.names = FrameNames()

    async def place(self) -> NotebookPlace:
        """Return the notebook this kernel belongs to, found at the first question."""
        if self._place is None:
            self._place = await self._open_place()
        return self._place

    async def ask(self, text: CellText, namespace: Mapping[str, Any]) -> tuple[CellToRun, QueryAnswer]:
        """Send a HogQL cell to PostHog.

        Raises:
            PosthogError: PostHog refused, or does not answer.
        """
        if text.result_name:
            check_package("pandas", f"The frame {text.result_name}")
        place = await self.place()
        read = self.names.used_in(text, own_node_id=_node_id(text))
        cell = CellToRun(
            node_id=_node_id(text),
            language=Language.HOGQL,
            code=text.code,
            result_name=text.result_name,
            query=whole_query(text.code, read) if read else "",
            variables=await self._variables_with(text, namespace),
            connection_id=text.connection_id,
            is_raw=text.is_raw,
        )
        try:
            return cell, await run_query(place.api, place.project_id, place.short_id, cell)
        except InvalidRequestError as error:
            raise QueryRefusedError(status=error.status, detail=error.detail) from error

    def take(self, text: CellText, cell: CellToRun, answer: QueryAnswer, namespace: Namespace) -> Event:
        """Bind the answer of a query to its name, and return what is shown."""
        event = completed(show_answer(answer, name=text.result_name), cell, {})
        self._bind(text, frame_of(answer) if text.result_name else None, namespace, event)
        return event

    def runs_here(self, text: CellText, namespace: Mapping[str, Any]) -> bool:
        """Whether SQL runs in this machine's DuckDB: by its magic, or because it reads a frame that is only here."""
        if text.language is Language.DUCKDB:
            return True
        self._note_rebound(namespace)
        return reads_kernel(self.names.used_in(text, own_node_id=_node_id(text)))

    async def fill(self, text: CellText, namespace: Mapping[str, Any]) -> str:
        """Return the SQL of a cell for DuckDB, with the values of variables in it."""
        return fill_sql(text.code, await self._variables_with(text, namespace), Dialect.DUCKDB)

    def run_here(self, text: CellText, sql: str, namespace: Namespace) -> Event | None:
        """Run SQL in this machine's DuckDB; return what is shown."""
        check_package("duckdb", "SQL over frames of this kernel")
        check_package("pandas", "SQL over frames of this kernel")
        frame = run_duckdb(sql, namespace)
        event = None if frame is None else show_frame(frame, name=text.result_name)
        self._bind(text, frame, namespace, event)
        return event

    def note_python(self, source: str) -> None:
        """Take note of names that Python has bound or changed: they no longer stand for a query."""
        text = read_cell(source)
        if text.language is Language.PYTHON:
            self.names.learn(text, name="", node_id=_PYTHON_NODE)

    async def variables(self) -> Variables:
        """Return the variables of the notebook; none where this kernel belongs to no notebook."""
        if self._variables is None:
            place = await self.place()
            self._variables = ()
            if self._is_stored(place.short_id):
                record = await place.api.notebooks.fetch(place.project_id, place.short_id)
                self._variables = read_variables(record.variables)
        return self._variables

    async def read_variables_again(self) -> Variables:
        """Return the variables as the notebook has them now; the next cell gets those."""
        self._variables = None
        return await self.variables()

    async def _variables_with(self, text: CellText, namespace: Mapping[str, Any]) -> Variables:
        """Return the values for ``{name}``: globals of Python, and the notebook's variables, asked for where needed."""
        places = placeholders_in(text.code, Dialect.DUCKDB if text.language is Language.DUCKDB else Dialect.HOGQL)
        values: dict[str, Value] = {}
        for name in places & namespace.keys():
            value = namespace[name]
            plain = value.isoformat() if isinstance(value, date) else value
            if isinstance(plain, str | int | float | bool):
                values[name] = plain
        own = await self.variables() if places - values.keys() else self._variables or ()
        found = {variable.name: variable for variable in own}
        for name, value in values.items():
            try:
                (found[name],) = with_values((found[name],) if name in found else (), {name: value})
            except PosthogError:
                continue  # a global that can be no variable, such as a long text
        return tuple(found.values())

    def _bind(self, text: CellText, frame: object, namespace: Namespace, event: Event | None) -> None:
        name = text.result_name
        self.names.learn(text, name=name, node_id=_node_id(text))
        if name and frame is not None:
            namespace[name] = self._bound[name] = frame

    def _note_rebound(self, namespace: Mapping[str, Any]) -> None:
        for name, frame in self._bound.items():
            source = self.names.sources.get(name)
            if source is None or source.kind != HOGQL_KIND or namespace.get(name) is frame:
                continue
            if is_frame(namespace.get(name)):
                self.note_python(f"{name} = None")


def _node_id(text: CellText) -> str:
    return f"local-{text.result_name or hashlib.sha256(text.code.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}"
