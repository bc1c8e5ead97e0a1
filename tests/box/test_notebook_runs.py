"""Runs of a whole notebook (posthog-api.md 13)."""

from __future__ import annotations

import json
from typing import Any

from tests.box.runs import wait_for_run
from tests.box_fixture import Box

ALL = "/api/projects/1/notebooks/"


def tag(kind: str, node_id: str, code: str, name: str) -> str:
    return f'<{kind} nodeId="{node_id}" code={json.dumps(code)} returnVariable="{name}" />'


def start(box: Box, *tags: str, **body: Any) -> tuple[str, Any]:
    """Start a run of a new notebook; return its address and the answer."""
    one = f"{ALL}{box.new_markdown('Prose' + ''.join(f'{chr(10)}{chr(10)}{cell}' for cell in tags))}/"
    answer = box.http.post(f"{one}runs/", json=body)
    assert answer.status_code == 200, answer.text
    return f"{one}runs/{answer.json()['run_id']}/", answer.json()


def test_every_cell_runs_after_those_it_reads(box: Box) -> None:
    path, started = start(
        box,
        tag("SQLV2", "a", "SELECT 1 AS x UNION ALL SELECT 2 AS x", "one"),
        tag("SQLV2", "b", "SELECT sum(x) AS total FROM one", "two"),
        tag("SQLV2", "c", "SELECT total + 1 AS more FROM two", "three"),
        tag("PythonV2", "d", "print(len(one), int(three['more'].iloc[0]))", "four"),
        tag("PythonV2", "e", "  ", "blank"),
    )

    ended = wait_for_run(box, path)

    assert (started["cell_count"], started["starts_sandbox"], started["sandbox_hourly_price"]) == (4, True, 0.25)
    assert (ended["status"], ended["current_index"], ended["current_node_id"]) == ("done", 4, None), ended
    assert [cell["node_id"] for cell in ended["cells"]] == ["a", "b", "c", "d"]
    runs = f"{path.partition('runs/')[0]}sql_v2/runs/"
    query, python = (box.http.get(f"{runs}{cell['run_id']}/").json() for cell in ended["cells"][2:])
    assert query["rows"] == [[4]]
    assert python["result"]["stdout"] == "2 4\n"
    assert ended["finished_at"]


def test_a_run_stops_at_the_first_cell_that_fails(box: Box) -> None:
    path, _ = start(box, tag("SQLV2", "a", "SELECT nope FROM events", "a"), tag("SQLV2", "b", "SELECT 1", "b"))

    ended = wait_for_run(box, path)

    assert (ended["status"], ended["failed_node_id"], ended["current_index"]) == ("failed", "a", 0)
    assert "nope" in ended["error"]
    assert [cell["status"] for cell in ended["cells"]] == ["failed", None]


def test_a_run_can_be_stopped_once(box: Box) -> None:
    path, _ = start(box, tag("PythonV2", "a", "import time\ntime.sleep(60)", "a"), tag("SQLV2", "b", "SELECT 1", "b"))

    first = box.http.post(f"{path}interrupt/").json()
    second = box.http.post(f"{path}interrupt/").json()

    assert first == {"interrupted": True, "status": "interrupted"}
    assert second == {"interrupted": False, "status": "interrupted"}
    assert box.http.get(path).json()["cells"][1]["status"] is None


def test_a_notebook_has_one_run_at_a_time(box: Box) -> None:
    path, _ = start(box, tag("PythonV2", "a", "import time\ntime.sleep(60)", "a"))
    one = path.partition("runs/")[0]

    whole = box.http.post(f"{one}runs/", json={})
    cell = box.http.post(f"{one}sql_v2/run/", json={"node_id": "x", "code": "SELECT 1"})
    box.http.post(f"{path}interrupt/")

    assert (whole.status_code, cell.status_code) == (409, 409)
    assert whole.json() == cell.json()


def test_without_cells_there_is_nothing_to_run(box: Box) -> None:
    short_id = box.new_markdown("# Only prose")

    assert box.http.post(f"{ALL}{short_id}/runs/", json={}).status_code == 400


def test_variables_that_are_sent_replace_those_of_the_notebook(box: Box) -> None:
    wanted = [{"name": "n", "type": "number", "value": 3}]
    path, _ = start(box, tag("SQLV2", "a", "SELECT 1", "a"), variables=wanted)

    ended = wait_for_run(box, path)

    assert ended["variables"] == wanted
    assert box.fetch(path.split("/")[5])["variables"] == wanted


def test_an_unknown_run_is_404(box: Box) -> None:
    assert box.http.get(f"{ALL}{box.new_markdown('a')}/runs/none/").status_code == 404
