"""The tables and columns that the SQL of a project can read, for whoever completes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from jupyter_posthog.api.bodies import JsonValue
from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.api.shared_calls import SharedCalls

KEPT_S = 600.0
Columns = list[list[str]]
Schema = dict[str, Columns]


class ProjectSchemas:
    """Schemas of projects, each asked for once in ten minutes."""

    def __init__(self, api: Callable[[str], PosthogApi], clock: Callable[[], float]) -> None:
        """Prepare.

        Args:
            api: Gives the API of a connection by name.
            clock: Seconds that only grow.
        """
        self._api = api
        self._clock = clock
        self._kept: dict[tuple[str, int], tuple[float, Schema]] = {}
        # Cells that are completed at the same time share one question.
        self._calls: SharedCalls[Schema] = SharedCalls(0.0, clock)

    async def of(self, connection: str, project_id: int) -> Schema:
        """Return columns as ``[name, type]`` by the name of their table.

        Raises:
            PosthogError: PostHog does not tell them, or not to this credential.
        """
        key = (connection, project_id)
        until_s, schema = self._kept.get(key, (0.0, {}))
        if self._clock() < until_s:
            return schema
        schema = await self._calls.call(key, lambda: self._read(connection, project_id))
        self._kept[key] = (self._clock() + KEPT_S, schema)
        return schema

    async def _read(self, connection: str, project_id: int) -> Schema:
        return read_schema(await self._api(connection).queries.schema(project_id))


def read_schema(answer: JsonValue) -> Schema:
    """Read PostHog's answer: ``{tables: {name: {fields: {…}}}}``, and of older servers ``{name: [fields]}``."""
    if not isinstance(answer, dict):
        return {}
    tables = answer.get("tables")
    if isinstance(tables, dict):
        found = {name: table.get("fields") for name, table in tables.items() if isinstance(table, dict)}
    else:
        found = {name: fields for name, fields in answer.items() if isinstance(fields, list)}
    return {name: list(_columns(fields)) for name, fields in found.items()}


def _columns(fields: JsonValue) -> Iterator[list[str]]:
    if isinstance(fields, dict):
        # PostHog writes a name that is no identifier with its quotes.
        named = [(_word(field, "hogql_value") or name, field) for name, field in fields.items()]
    else:
        named = [(_word(field, "key"), field) for field in (fields if isinstance(fields, list) else [])]
    for name, field in named:
        if name and isinstance(field, dict) and field.get("schema_valid") is not False:
            yield [name, _word(field, "type") or "unknown"]


def _word(field: JsonValue, key: str) -> str:
    value = field.get(key) if isinstance(field, dict) else None
    return value if isinstance(value, str) else ""
