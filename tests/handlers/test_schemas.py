"""Tables and columns for completion, asked for once and told to every cell."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from tests.box_fixture import Box
from tests.handlers.test_proxy import error_of

REFUSAL = {"type": "authentication_error", "detail": "API key missing required scope 'query:read'"}


async def schema(jp_fetch: Any, connection: str = "env") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((await jp_fetch("posthog", "schemas", connection, "1")).body)
    return found


def asked(box: Box) -> int:
    return sum(request["path"].endswith("/query/") for request in box.requests())


async def test_tables_come_with_their_columns_and_are_asked_for_once(jp_fetch: Any, connected_box: Box) -> None:
    before = asked(connected_box)

    tables = (await schema(jp_fetch))["tables"]
    again = (await schema(jp_fetch))["tables"]

    assert ["event", "string"] in tables["events"]
    assert {"events", "persons", "sessions"} <= set(tables)
    assert again == tables
    assert asked(connected_box) == before + 1


async def test_a_refusal_is_told_and_not_kept(jp_fetch: Any, connected_box: Box) -> None:
    connected_box.fail_next(path="/query/$", status=403, body=REFUSAL)

    with pytest.raises(HTTPClientError) as refused:
        await schema(jp_fetch)

    assert error_of(refused)["reason"] == "missing_scope"
    assert "events" in (await schema(jp_fetch))["tables"]


async def test_a_connection_that_is_none_is_said(jp_fetch: Any, connected_box: Box) -> None:
    with pytest.raises(HTTPClientError) as refused:
        await schema(jp_fetch, "nowhere")

    assert (refused.value.code, error_of(refused)["reason"]) == (404, "unknown_connection")


async def test_a_key_without_query_read_gets_no_tables(
    jp_fetch: Any, boxes: Callable[[str], Box], monkeypatch: pytest.MonkeyPatch
) -> None:
    box = boxes("cloud")
    for name, value in box.environment("no_query").items():
        monkeypatch.setenv(name, value)

    with pytest.raises(HTTPClientError) as refused:
        await schema(jp_fetch)

    assert error_of(refused)["reason"] == "missing_scope"
