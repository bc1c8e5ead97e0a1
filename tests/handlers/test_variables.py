"""The notebook's variables, shown and changed from a page, and read anew by a kernel."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from jupyter_posthog.execution.stored_cells import StoredCells
from tests.box_fixture import Box
from tests.handlers.test_proxy import error_of

REGION = {"name": "region", "type": "string", "value": "eu"}


async def ask(jp_fetch: Any, short_id: str, wanted: object = None) -> dict[str, Any]:
    how = {} if wanted is None else {"method": "PUT", "body": json.dumps({"variables": wanted})}
    answer = await jp_fetch("posthog", "variables", "env", "1", f"{short_id}.ipynb", **how)
    found: dict[str, Any] = json.loads(answer.body)
    return found


async def test_variables_are_stored_without_a_new_version(jp_fetch: Any, connected_box: Box) -> None:
    short_id = connected_box.new_markdown("# Variables")
    version = connected_box.fetch(short_id)["version"]

    empty = await ask(jp_fetch, short_id)
    stored = await ask(jp_fetch, short_id, [REGION])

    assert empty == {"variables": [], "is_served": True}
    assert stored == {"variables": [REGION], "is_served": True}
    assert await ask(jp_fetch, short_id) == stored
    assert connected_box.fetch(short_id)["version"] == version


async def test_what_posthog_would_not_take_is_not_sent(jp_fetch: Any, connected_box: Box) -> None:
    short_id = connected_box.new_markdown("# Variables")
    before = connected_box.writes()

    with pytest.raises(HTTPClientError) as refused:
        await ask(jp_fetch, short_id, [{**REGION, "name": "filters"}])

    assert error_of(refused)["reason"] == "variable_not_usable"
    assert connected_box.writes() == before


@pytest.mark.parametrize("profile", ["legacy"])
async def test_a_server_that_keeps_none_says_so(jp_fetch: Any, connected_box: Box) -> None:
    short_id = connected_box.new_markdown("# Variables")

    assert (await ask(jp_fetch, short_id))["is_served"] is False


async def test_a_kernel_reads_changed_variables_anew(jp_fetch: Any, connected_box: Box) -> None:
    from jupyter_posthog.connection.connections import Connections
    from jupyter_posthog.connection.machine import machine_settings

    short_id = connected_box.new_markdown('<PythonV2 nodeId="p1" code="1" />')
    connections = Connections(machine_settings())
    cells = StoredCells(connections.api("env"), 1, short_id, is_stored=True)
    await cells.read()
    await ask(jp_fetch, short_id, [REGION])

    await cells.read_variables_again()

    assert [variable.value for variable in cells.variables] == ["eu"]
    await connections.aclose()
