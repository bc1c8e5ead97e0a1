"""Real engines behind the box: its numbers are ClickHouse's, its Python is Python's."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.box_fixture import Box, start_box

TIMEOUT_S = 60.0


def query(box: Box, hogql: str, **values: Any) -> httpx.Response:
    body = {"query": {"kind": "HogQLQuery", "query": hogql, "values": values}}
    return box.http.post("/api/projects/1/query/", json=body)


def run(box: Box, short_id: str, code: str, **more: Any) -> dict[str, Any]:
    """Start a run and poll it to its end."""
    base = f"/api/projects/1/notebooks/{short_id}/sql_v2/"
    body = {"node_id": "n1", "node_type": "python", "code": code, **more}
    started = box.http.post(f"{base}run/", json=body)
    assert started.status_code == 200, started.text
    return poll(box, f"{base}runs/{started.json()['run_id']}/")


def poll(box: Box, path: str) -> dict[str, Any]:
    """Ask until a run has ended, a moment apart, at most a minute."""
    never = threading.Event()
    end_s = time.monotonic() + TIMEOUT_S
    while time.monotonic() < end_s:
        answer: dict[str, Any] = box.http.get(path).json()
        if answer["status"] != "running":
            return answer
        never.wait(0.05)
    raise AssertionError("the run did not end")


@pytest.mark.parametrize(
    ("hogql", "rows"),
    [
        ("SELECT count() >= 100000 FROM events", [[1]]),
        ("SELECT uniqExact(person_id) <= 2500 FROM events", [[1]]),
        ("SELECT {a} + 1 AS n", [[42]]),
        ("WITH x AS (SELECT 1 AS a UNION ALL SELECT 2 AS a) SELECT sum(a) FROM x", [[3]]),
        ("SELECT arrayMap(n -> n * 2, [1, 2]) AS doubled", [[[2, 4]]]),
        ("SELECT if(1 > 2, 'a', null) ?? 'b'", [["b"]]),
        ("SELECT 'it''s', 1.5, 18446744073709551615", [["it's", 1.5, 18446744073709551615]]),
    ],
)
def test_hogql_gives_clickhouse_numbers(box: Box, hogql: str, rows: Any) -> None:
    answer = query(box, hogql, a=41)

    assert answer.status_code == 200, answer.text
    assert answer.json()["results"] == rows


@pytest.mark.parametrize(
    "hogql",
    [
        "SELECT properties.$browser AS b, count() FROM events WHERE person.properties.plan = 'team' GROUP BY b ORDER BY b",
        "SELECT p.properties.email, count() FROM events e JOIN persons p ON e.person_id = p.id GROUP BY 1 LIMIT 5",
        "SELECT event, row_number() OVER (PARTITION BY event ORDER BY timestamp) AS n FROM events LIMIT 3",
        "SELECT quantile(0.9)(properties.load_time_ms), windowFunnel(3600)(toDateTime(timestamp), event = 'signed_up') FROM events",
        "SELECT toStartOfWeek(timestamp) AS week, uniq(person_id) FROM events WHERE event ILIKE '%page%' GROUP BY week",
        "SELECT * FROM persons WHERE properties['seats'] > 10 AND id NOT IN (SELECT person_id FROM events LIMIT 1)",
    ],
)
def test_what_analysts_write_runs(box: Box, hogql: str) -> None:
    answer = query(box, hogql)

    assert answer.status_code == 200, answer.text
    assert answer.json()["results"]


def test_without_a_limit_there_are_a_hundred_rows(box: Box) -> None:
    answer = query(box, "SELECT event FROM events").json()

    assert (len(answer["results"]), answer["hasMore"]) == (100, True)


@pytest.mark.parametrize(
    ("hogql", "words"),
    [
        ("SELECT (1", "viable"),
        ("SELECT nothing FROM events", "nothing"),
        ("SELECT 1 FROM system.tables", "Unknown table"),
        ("SELECT file('/etc/passwd')", "Unsupported function"),
        ("SELECT {missing}", "placeholder"),
    ],
)
def test_a_mistake_is_400_in_words(box: Box, hogql: str, words: str) -> None:
    answer = query(box, hogql)

    assert answer.status_code == 400
    assert words in answer.json()["detail"]


def test_a_python_run_reads_a_query_cell_and_gives_a_frame(box: Box) -> None:
    sql = "SELECT event, count() AS n FROM events GROUP BY event ORDER BY n DESC LIMIT 3"
    short_id = box.new_markdown(f'<SQLV2 nodeId="q" code="{sql}" />')

    answer = run(box, short_id, "print(len(orders))\norders", refs={"orders": {"node_id": "q", "kind": "hogql"}})

    assert answer["status"] == "done"
    assert answer["result"]["stdout"] == "3\n"
    assert answer["result"]["columns"] == ["event", "n"]
    assert answer["result"]["types"] == [["event", "VARCHAR"], ["n", "BIGINT"]]


def test_the_state_knows_cells_their_runs_and_who_reads_from_whom(box: Box) -> None:
    short_id = box.new_markdown(
        '🦔 text\n\n<SQLV2 nodeId="q" code="SELECT 1 AS a" returnVariable="orders" />\n\n'
        '<PythonV2 nodeId="p" code="len(orders)" returnVariable="top" />'
    )
    run(box, short_id, "SELECT 1 AS a", node_id="q", node_type="hogql", output_name="orders")

    state = box.http.get(f"/api/projects/1/notebooks/{short_id}/sql_v2/state/").json()

    query, python = (cell for cell in state["cells"] if cell["cell_type"] != "markdown")
    assert (query["status"], query["dependents"], python["depends_on"]) == ("done", ["p"], ["q"])
    assert query["last_run"]["columns"] == ["a"]
    assert query["last_run"]["finished_at"]
    units = state["markdown"].encode("utf-16-le")
    assert units[query["start"] * 2 : query["end"] * 2].decode("utf-16-le").startswith("<SQLV2")
    assert python["status"] == "never_run"


def test_a_failed_run_has_only_its_error(box: Box) -> None:
    answer = run(box, box.new_notebook(), "print('lost')\nnope")

    assert (answer["status"], answer["result"]) == ("failed", None)
    assert answer["error"] == "NameError: name 'nope' is not defined"


def test_one_cell_at_a_time_and_an_interrupt_ends_it(box: Box) -> None:
    short_id = box.new_notebook()
    base = f"/api/projects/1/notebooks/{short_id}/sql_v2/"
    body = {"node_id": "n", "node_type": "python", "code": "import time\nprint('on')\ntime.sleep(60)"}
    run_id = box.http.post(f"{base}run/", json=body).json()["run_id"]

    busy = box.http.post(f"{base}run/", json=body)
    while box.http.get(f"/api/projects/1/notebooks/{short_id}/kernel/status/").json()["status"] != "running":
        continue
    asked = box.http.post(f"{base}runs/{run_id}/interrupt/")
    ended = poll(box, f"{base}runs/{run_id}/")

    assert busy.status_code == 409
    assert asked.status_code in {200, 202}
    assert ended["status"] == "interrupted"


@pytest.mark.parametrize(("body", "attr"), [({}, "node_id"), ({"node_id": "n", "code": " "}, "code")])
def test_a_blank_cell_is_400(box: Box, body: dict[str, str], attr: str) -> None:
    answer = box.http.post("/api/projects/1/notebooks/scratchpad/sql_v2/run/", json=body)

    assert (answer.status_code, answer.json()["attr"]) == (400, attr)


def test_execute_answers_as_documented(boxes: Callable[[str], Box]) -> None:
    box = boxes("legacy")
    path = f"/api/projects/1/notebooks/{box.new_notebook()}/kernel/execute/"

    good = box.http.post(path, json={"code": "print('hi')\n1 + 2"}).json()
    bad = box.http.post(path, json={"code": "1/0"}).json()
    late = box.http.post(path, json={"code": "import time\ntime.sleep(60)", "timeout": 0.2}).json()

    assert (good["status"], good["stdout"], good["result"]) == ("ok", "hi\n", {"text/plain": "3"})
    assert (bad["status"], bad["error_name"]) == ("error", "ZeroDivisionError")
    assert late["status"] == "timeout"


def test_a_stream_comes_before_the_cell_ends(boxes: Callable[[str], Box], tmp_path: Path) -> None:
    box = boxes("legacy")
    flag = tmp_path / "go"
    code = f"import os\nprint('first', flush=True)\nwhile not os.path.exists({str(flag)!r}): pass\nprint('second')"
    path = f"/api/projects/1/notebooks/{box.new_notebook()}/kernel/execute/stream/"
    seen = ""

    with box.http.stream("POST", path, json={"code": code}) as answer:
        for part in answer.iter_text():
            seen += part
            if "first" in seen and not flag.exists():
                assert "second" not in seen
                flag.touch()

    assert seen.index("first") < seen.index("second") < seen.index("event: result")


def test_the_box_leaves_nothing_behind(tmp_path: Path) -> None:
    for box in start_box("cloud", tmp_path):
        answer = run(box, box.new_notebook(), "import os\nprint(os.getpid())")
        process = int(answer["result"]["stdout"])
        os.kill(process, 0)

    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_busy_port_is_said_in_words(box: Box) -> None:
    port = box.url.rsplit(":", 1)[1]

    failed = subprocess.run(
        [sys.executable, "-m", "jupyter_posthog.box", "--port", port], capture_output=True, text=True, timeout=60
    )

    assert failed.returncode == 1
    assert "--port 0" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_notebooks_survive_a_kill(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "jupyter_posthog.box", "--port", "0", "--data", str(tmp_path / "data")]
    ready = tmp_path / "first.json"
    process = subprocess.Popen([*command, "--ready-file", str(ready)], stdout=subprocess.DEVNULL)
    while not ready.exists():
        assert process.poll() is None
    box = Box("cloud", json.loads(ready.read_text()))
    short_id = box.new_markdown("# Kept")
    process.send_signal(signal.SIGKILL)
    process.wait()

    for again in start_box("cloud", tmp_path):
        assert again.markdown(short_id) == "# Kept"
