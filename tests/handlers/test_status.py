from __future__ import annotations

import json
from typing import Any

import pytest

from tests.box_fixture import Box


async def status(jp_fetch: Any) -> dict[str, Any]:
    return json.loads((await jp_fetch("posthog/status", request_timeout=60)).body)


async def test_status_says_who_where_and_what_works(connected_box: Box, jp_fetch: Any) -> None:
    answer = await status(jp_fetch)

    (connection,) = answer["connections"]
    assert answer["default"] == connection["name"] == "env"
    assert connection["is_ok"] is True
    assert connection["user"]["name"].startswith("Ada")
    assert connection["projects"][0]["id"] == 1
    assert connection["credential"] == {
        "kind": "personal_api_key",
        "last4": connected_box.keys["full"][-4:],
        "label": "box full",
    }
    assert connection["sources"]["credential"] == "POSTHOG_PERSONAL_API_KEY"
    assert connection["scopes"]["needed"]["notebook:write"] is True
    assert connection["capabilities"]["run_python"]["state"] == "yes"
    assert connected_box.keys["full"] not in json.dumps(answer)


async def test_a_key_without_scopes_for_runs_is_told_why(
    connected_box: Box, jp_fetch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTHOG_PERSONAL_API_KEY", connected_box.keys["no_query"])

    (connection,) = (await status(jp_fetch))["connections"]

    running = connection["capabilities"]["run_python"]
    assert (running["state"], running["reason"]) == ("no", "missing_scope")
    assert "query:read" in running["remedy"]


async def test_a_wrong_key_is_said_in_words(connected_box: Box, jp_fetch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTHOG_PERSONAL_API_KEY", "phx_" + "wrong" * 4)

    (connection,) = (await status(jp_fetch))["connections"]

    assert (connection["is_ok"], connection["reason"]) == (False, "key_refused")


async def test_nothing_connected_is_an_answer_too(jp_fetch: Any) -> None:
    answer = await status(jp_fetch)

    assert (answer["default"], answer["connections"], answer["problems"]) == (None, [], [])
    assert answer["installation"]["versions"]["jupyter_server"]


async def test_nothing_is_started_or_changed_by_asking(connected_box: Box, jp_fetch: Any) -> None:
    def kernel() -> dict[str, Any]:
        return connected_box.http.get("/api/projects/1/notebooks/scratchpad/kernel/status/").json()

    before, kernel_before = connected_box.writes(), kernel()
    await status(jp_fetch)

    # The probes for stream, execute and complete are POSTs without code: refused, and nothing is stored.
    assert connected_box.writes() - before <= 3
    assert (kernel()["status"], kernel()["runtime_id"]) == (kernel_before["status"], kernel_before["runtime_id"])
