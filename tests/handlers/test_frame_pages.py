"""Rows of frames for a grid: of kernels by the runs that made them, of queries as PostHog keeps or runs them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from tests.box.runs import wait_for_run
from tests.box_fixture import Box
from tests.handlers.test_proxy import error_of

QUERY = "SELECT event, timestamp FROM events ORDER BY timestamp LIMIT 700"
NOTEBOOK = (
    f'<SQLV2 nodeId="q1" code="{QUERY}" returnVariable="many" />\n\n'
    '<PythonV2 nodeId="p1" code="1" returnVariable="big" />'
)
PYTHON = "import pandas as pd\nbig = pd.DataFrame({'n': range(1234)})\nbig"


@pytest.fixture
def box(boxes: Callable[[str], Box], monkeypatch: pytest.MonkeyPatch) -> Box:
    found = boxes("cloud")
    for name, value in found.environment().items():
        monkeypatch.setenv(name, value)
    return found


def finished(box: Box, short_id: str, **body: Any) -> str:
    path = f"/api/projects/1/notebooks/{short_id}/sql_v2"
    run_id = str(box.http.post(f"{path}/run/", json=body).raise_for_status().json()["run_id"])
    assert wait_for_run(box, f"{path}/runs/{run_id}/")["status"] == "done"
    return run_id


async def rows(jp_fetch: Any, short_id: str, name: str, **query: Any) -> dict[str, Any]:
    path = f"env/1/{short_id}.ipynb/frames/{name}"
    answer = await jp_fetch("posthog", "runs", *path.split("/"), params={key: str(one) for key, one in query.items()})
    found: dict[str, Any] = json.loads(answer.body)
    return found


async def test_pages_of_a_kernels_frame_come_from_its_run(jp_fetch: Any, box: Box) -> None:
    short_id = box.new_markdown(NOTEBOOK)
    run_id = finished(box, short_id, node_id="p1", node_type="python", code=PYTHON, output_name="big")

    page = await rows(jp_fetch, short_id, "big", run_id=run_id, offset=1000, limit=100)

    assert page["rows"] == [[number] for number in range(1000, 1100)]
    assert (page["row_count"], page["columns"], page["types"]) == (1234, ["n"], [["n", "BIGINT"]])


async def test_pages_of_a_query_are_the_rows_that_posthog_keeps_and_then_it_runs_again(jp_fetch: Any, box: Box) -> None:
    short_id = box.new_markdown(NOTEBOOK)
    run_id = finished(box, short_id, node_id="q1", node_type="hogql", code=QUERY, output_name="many")
    before = len(box.requests())

    kept = await rows(jp_fetch, short_id, "many", run_id=run_id, offset=100, limit=50)
    asked = [request["path"] for request in box.requests()[before:]]
    again = await rows(jp_fetch, short_id, "many", run_id=run_id, offset=650, limit=100)

    assert len(kept["rows"]) == 50
    assert not any("/query/" in path for path in asked)
    assert len(again["rows"]) == 50
    assert any("/query/" in request["path"] for request in box.requests()[before:])


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"limit": 501}, 400),
        ({"offset": -1}, 400),
        ({"limit": "x"}, 400),
        ({"run_id": "../../kernel/stop"}, 400),
    ],
)
async def test_a_wrong_question_is_refused_here(jp_fetch: Any, box: Box, query: dict[str, Any], status: int) -> None:
    short_id = box.new_markdown(NOTEBOOK)
    before = len(box.requests())

    with pytest.raises(HTTPClientError) as caught:
        await rows(jp_fetch, short_id, "many", **query)

    assert caught.value.code == status
    assert len(box.requests()) == before


async def test_a_frame_that_nobody_knows_is_told(jp_fetch: Any, box: Box) -> None:
    short_id = box.new_markdown(NOTEBOOK)

    with pytest.raises(HTTPClientError) as caught:
        await rows(jp_fetch, short_id, "nothing")

    assert error_of(caught)["reason"] == "frame_not_read"
