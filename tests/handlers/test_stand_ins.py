"""Documented endpoints that today's PostHog has no more, served from what exists."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

import pytest
from jupyter_server.auth.authorizer import Authorizer
from tornado.httpclient import HTTPClientError

from tests.box_fixture import Box
from tests.handlers.test_proxy import error_of

FRAME = "import pandas\norders = pandas.DataFrame({'event': [f'e{n}' for n in range(120)], 'n': range(120)})"
CREDENTIALS = ["key", "session"]


@pytest.fixture(params=CREDENTIALS)
def credential(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["cloud", "legacy"])
def profile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def connected_box(profile: str, credential: str, boxes: Any, monkeypatch: pytest.MonkeyPatch) -> Box:
    box: Box = boxes(profile)
    key = box.keys["unscoped" if profile == "legacy" else "full"]
    session = {"POSTHOG_SESSION_COOKIE": box.session["cookie"], "POSTHOG_CSRF_TOKEN": box.session["csrf"]}
    variables = session if credential == "session" else {"POSTHOG_PERSONAL_API_KEY": key}
    for name, value in ({"POSTHOG_HOST": box.url, "POSTHOG_PROJECT_ID": "1"} | variables).items():
        monkeypatch.setenv(name, value)
    return box


def path(short_id: str, rest: str) -> str:
    return f"posthog/api/projects/1/notebooks/{short_id}/{rest}/"


def events_of(body: bytes) -> list[tuple[str, Any]]:
    found = []
    for block in body.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            found.append((fields["event"], json.loads(fields["data"])))
    return found


async def stream(jp_fetch: Any, short_id: str, **body: Any) -> list[tuple[str, Any]]:
    answer = await jp_fetch(
        path(short_id, "kernel/execute/stream"), method="POST", body=json.dumps(body), request_timeout=90
    )
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    return events_of(answer.body)


def started(box: Box, short_id: str) -> list[str]:
    """Return the requests that started code, refused ones not counted."""
    asked = [one for one in box.requests() if short_id in one["path"] and one["method"] == "POST"]
    endings = ("/execute/", "/execute/stream/", "/sql_v2/run/")
    return [one["path"] for one in asked if one["path"].endswith(endings) and one["status"] == 200]


async def test_code_streams_with_posthogs_events_and_starts_once(connected_box: Box, jp_fetch: Any) -> None:
    short_id = connected_box.new_notebook()

    events = await stream(jp_fetch, short_id, code="import sys\nprint('out')\nprint('err', file=sys.stderr)\n1 + 1")

    assert [name for name, _ in events] == ["stdout", "stderr", "result"]
    result = events[-1][1]
    assert events[0][1] == {"text": "out\n"}
    assert (result["status"], result["stdout"], result["stderr"]) == ("ok", "out\n", "err\n")
    assert result["result"]["text/plain"] == "2"
    assert set(result) == {
        "status", "stdout", "stderr", "result", "media", "execution_count", "error_name", "traceback",
        "variables", "started_at", "completed_at", "kernel_runtime",
    }  # fmt: skip
    assert result["kernel_runtime"]["status"] == "running"
    assert len(started(connected_box, short_id)) == 1


async def test_code_that_fails_is_a_result_too(connected_box: Box, jp_fetch: Any) -> None:
    events = await stream(jp_fetch, connected_box.new_notebook(), code="1 / 0")

    name, result = events[-1]
    assert (name, result["status"], result["error_name"]) == ("result", "error", "ZeroDivisionError")
    assert "division by zero" in result["traceback"][-1]


async def test_code_ends_at_its_time_limit(connected_box: Box, jp_fetch: Any) -> None:
    short_id = connected_box.new_notebook()
    await stream(jp_fetch, short_id, code="1")

    events = await stream(jp_fetch, short_id, code="import time\ntime.sleep(60)", timeout=1)

    assert events[-1][1]["status"] == "timeout"
    # The slot is free again: the run was stopped, not forgotten.
    assert (await stream(jp_fetch, short_id, code="print('next')"))[-1][1]["stdout"] == "next\n"


async def test_empty_code_is_taken_as_execute_takes_it(connected_box: Box, jp_fetch: Any) -> None:
    assert (await stream(jp_fetch, connected_box.new_notebook(), code=""))[-1][1]["status"] == "ok"


async def test_a_notebook_that_does_not_exist_is_404(connected_box: Box, jp_fetch: Any) -> None:
    with pytest.raises(HTTPClientError) as caught:
        await stream(jp_fetch, "noSuchOne", code="1")

    assert caught.value.code == 404
    assert error_of(caught)["message"]


@pytest.mark.parametrize("credential", ["key"], indirect=True)
@pytest.mark.parametrize("profile", ["cloud"], indirect=True)
async def test_a_page_that_goes_away_stops_its_run(connected_box: Box, jp_fetch: Any) -> None:
    short_id = connected_box.new_notebook()
    await stream(jp_fetch, short_id, code="1")
    number = connected_box.http.post(
        "/_box/faults", json={"method": "POST", "path": f"{short_id}/sql_v2/runs/.*/interrupt"}
    ).json()["id"]

    with pytest.raises(HTTPClientError):
        await jp_fetch(
            path(short_id, "kernel/execute/stream"),
            method="POST",
            body=json.dumps({"code": "import time\ntime.sleep(600)"}),
            request_timeout=2,
        )

    # Answers once the interrupt has come; the test's time limit ends it otherwise.
    met = await asyncio.to_thread(connected_box.http.post, f"/_box/faults/{number}/met")
    assert met.status_code == 200


@pytest.mark.parametrize(("offset", "limit"), [(0, 10), (45, 10), (110, 50), (0, 500)])
async def test_rows_of_a_frame_whoever_made_it(connected_box: Box, jp_fetch: Any, offset: int, limit: int) -> None:
    short_id = connected_box.new_notebook()
    made = connected_box.http.post(f"/api/projects/1/notebooks/{short_id}/kernel/execute/", json={"code": FRAME})
    made.raise_for_status()

    params = {"variable_name": "orders", "offset": str(offset), "limit": str(limit)}
    answer = await jp_fetch(path(short_id, "kernel/dataframe"), params=params, request_timeout=60)

    page = json.loads(answer.body)
    assert page["columns"] == ["event", "n"]
    assert page["row_count"] == 120
    assert page["rows"] == [{"event": f"e{n}", "n": n} for n in range(offset, min(offset + limit, 120))]


@pytest.mark.parametrize("profile", ["cloud"], indirect=True)
async def test_a_frame_that_is_not_there_starts_no_kernel(connected_box: Box, jp_fetch: Any) -> None:
    short_id = connected_box.new_notebook()

    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch(path(short_id, "kernel/dataframe"), params={"variable_name": "nothing"}, request_timeout=60)

    assert caught.value.code == 503
    assert error_of(caught)["reason"] == "frame_not_read"
    assert "nothing" in error_of(caught)["message"]
    assert started(connected_box, short_id) == []


@pytest.mark.parametrize("profile", ["cloud"], indirect=True)
async def test_rows_that_need_code_ask_for_execute(connected_box: Box, jp_fetch: Any, jp_serverapp: Any) -> None:
    asked: list[str] = []

    class ReadOnly(Authorizer):
        def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
            asked.append(action)
            return action == "read"

    jp_serverapp.web_app.settings["authorizer"] = ReadOnly(parent=jp_serverapp)
    short_id = connected_box.new_notebook()

    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch(path(short_id, "kernel/dataframe"), params={"variable_name": "orders"})

    assert (caught.value.code, asked) == (403, ["read", "execute"])
    assert started(connected_box, short_id) == []


async def test_hogql_runs_through_the_query_endpoint(connected_box: Box, jp_fetch: Any) -> None:
    body = json.dumps({"query": f"SELECT 1 AS a, '{uuid.uuid4()}' AS b"})

    answer = await jp_fetch(
        path(connected_box.new_notebook(), "hogql/execute"), method="POST", body=body, request_timeout=90
    )

    rows = json.loads(answer.body)
    assert rows["columns"] == ["a", "b"]
    assert rows["results"][0][0] == 1
    assert not {"clickhouse", "cache_key"} & set(rows)


async def test_a_mistake_in_hogql_is_told_in_this_endpoints_own_form(connected_box: Box, jp_fetch: Any) -> None:
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch(
            path(connected_box.new_notebook(), "hogql/execute"),
            method="POST",
            body=json.dumps({"query": "SELECT FROM WHERE"}),
            request_timeout=90,
        )

    assert caught.value.code == 400
    assert error_of(caught)["error"]
