"""The box's kernels: what they hold, give and keep to themselves, how they end."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from tests.box.runs import wait_for_run
from tests.box_fixture import Box

FUNCTION_CODE = "import time\ntime.sleep(60)"


class Notebook:
    """One new notebook of a box, asked as a plain client asks."""

    def __init__(self, box: Box, markdown: str | None = None) -> None:
        self.box = box
        self.base = (
            f"/api/projects/1/notebooks/{box.new_notebook() if markdown is None else box.new_markdown(markdown)}/"
        )

    def execute(self, code: str, **more: Any) -> dict[str, Any]:
        answer = self.box.http.post(f"{self.base}kernel/execute/", json={"code": code, **more})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def start_run(self, code: str, **more: Any) -> str:
        body = {"node_id": "n", "node_type": "python", "code": code, **more}
        started = self.box.http.post(f"{self.base}sql_v2/run/", json=body)
        assert started.status_code == 200, started.text
        return f"{self.base}sql_v2/runs/{started.json()['run_id']}/"

    def run(self, code: str, **more: Any) -> dict[str, Any]:
        return wait_for_run(self.box, self.start_run(code, **more))

    def kernel(self) -> dict[str, Any]:
        found: dict[str, Any] = self.box.http.get(f"{self.base}kernel/status/").json()
        return found


@pytest.fixture
def one(box: Box) -> Notebook:
    return Notebook(box)


def test_what_posthogs_kernels_hold_is_there(one: Notebook) -> None:
    code = "import duckdb, matplotlib, numpy, pandas\nprint(pandas.DataFrame({'a': numpy.arange(3)})['a'].sum())"

    assert one.execute(code)["stdout"] == "3\n"


def test_executing_tells_what_the_code_has_bound(one: Notebook) -> None:
    answer = one.execute(
        "a, b = 1, 'x'\n_hidden = 2\nclass Odd:\n    def __repr__(self): 1 / 0\nodd = Odd()\ngone = 1\ndel gone"
    )

    variables = answer["variables"]
    assert set(variables) == {"a", "b", "odd", "gone"}
    assert (variables["a"]["type"], variables["a"]["data"]) == ("int", {"text/plain": "1"})
    assert (variables["odd"]["status"], variables["odd"]["ename"]) == ("error", "ZeroDivisionError")
    assert variables["gone"]["ename"] == "NameError"
    assert one.execute("a = 2", return_variables=False)["variables"] is None


@pytest.mark.parametrize(
    ("timeout", "code"),
    [(0.05, "min_value"), (120.5, "max_value"), ("soon", "invalid_input"), (True, "invalid_input")],
)
def test_a_time_limit_lies_between_a_tenth_of_a_second_and_two_minutes(one: Notebook, timeout: Any, code: str) -> None:
    answer = one.box.http.post(f"{one.base}kernel/execute/", json={"code": "1", "timeout": timeout})

    assert (answer.status_code, answer.json()["attr"], answer.json()["code"]) == (400, "timeout", code)


def test_at_its_time_limit_code_is_stopped_and_the_kernel_lives_on(one: Notebook) -> None:
    one.execute("kept = 7")

    late = one.execute(f"print('begun', flush=True)\n{FUNCTION_CODE}", timeout=0.3)

    assert (late["status"], late["stdout"], late["error_name"]) == ("timeout", "begun\n", "TimeoutError")
    assert one.execute("kept")["result"] == {"text/plain": "7"}


def test_code_that_ignores_its_interrupt_loses_its_kernel(one: Notebook) -> None:
    code = "while True:\n    try:\n        import time; time.sleep(60)\n    except KeyboardInterrupt:\n        pass"

    answer = one.box.http.post(f"{one.base}kernel/execute/", json={"code": code, "timeout": 0.2})

    assert answer.status_code == 503
    assert one.kernel()["status"] == "error"


def test_a_kernel_that_ends_itself_is_told_as_dead(one: Notebook) -> None:
    ended = one.run("import os\nos._exit(3)")

    assert ended["status"] == "failed"
    assert "died" in ended["error"]
    assert one.run("print('again')")["result"]["stdout"] == "again\n"


def test_status_lists_frames_tables_and_views(one: Notebook) -> None:
    one.execute(
        "import duckdb, pandas\norders = pandas.DataFrame({'event': ['a'], 'n': [1], 'x': [.5], 't': pandas.to_datetime(['2026-01-01'])})\n"
        "duckdb.sql('CREATE TABLE scratch AS SELECT 1 AS a')\nduckdb.sql('CREATE VIEW v AS SELECT 2 AS b')\n_secret = orders"
    )

    frames = {frame["name"]: frame for frame in one.kernel()["frames"]}

    assert set(frames) == {"orders", "scratch", "v"}
    assert frames["orders"]["columns"] == [["event", "VARCHAR"], ["n", "BIGINT"], ["x", "DOUBLE"], ["t", "TIMESTAMP"]]
    assert (frames["orders"]["kind"], frames["orders"]["row_count_is_estimate"]) == ("frame", False)
    assert (frames["scratch"]["kind"], frames["scratch"]["row_count"]) == ("table", 1)
    assert (frames["v"]["kind"], frames["v"]["row_count"]) == ("view", None)


def test_restart_and_another_size_lose_what_was_bound(one: Notebook) -> None:
    one.execute("kept = 1")
    first = one.kernel()["runtime_id"]

    one.box.http.post(f"{one.base}kernel/restart/").raise_for_status()
    second = one.kernel()["runtime_id"]
    one.execute("kept = 1")
    resized = one.box.http.post(f"{one.base}kernel/config/", json={"cpu_cores": 4, "memory_gb": 8}).json()

    assert first != second
    assert resized["restarted"] is True
    assert one.execute("kept")["error_name"] == "NameError"


def test_a_kernel_lives_as_long_as_it_is_set_whatever_it_does(box: Box) -> None:
    short, default = Notebook(box), Notebook(box)
    box.http.post(f"{short.base}kernel/config/", json={"idle_timeout_seconds": 600}).raise_for_status()
    for notebook in (short, default):
        notebook.execute("kept = 1")
    running = short.start_run(FUNCTION_CODE)

    box.http.post("/_box/clock", json={"advance_s": 599}).raise_for_status()
    early = short.kernel()["status"]
    box.http.post("/_box/clock", json={"advance_s": 2}).raise_for_status()

    assert (early, short.kernel()["status"], default.kernel()["status"]) == ("running", "timed_out", "running")
    assert "died" in wait_for_run(box, running)["error"]
    assert box.http.post("/_box/clock", json={"advance_s": -1}).status_code == 400


def test_streams_values_and_pictures_are_capped_in_runs(one: Notebook) -> None:
    long = one.run("import sys\nprint('x' * 40_000)\nprint('y' * 40_000, file=sys.stderr)")["result"]
    wide = one.run("import pandas\npandas.DataFrame({'a': ['z' * 20_000]})")["result"]
    plots = one.run(
        "import matplotlib.pyplot as plt\nfor n in range(10):\n    plt.figure(); plt.plot([n]); plt.show()"
    )["result"]

    assert (len(long["stdout"]), len(long["stderr"])) == (32_768, 32_768)
    assert len(wide["first_page"][0][0]) == 10_000
    assert len(plots["media"]) == 8
    assert base64.b64decode(plots["media"][0]["data"]).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("code", "text"),
    [("1 + 1", "2"), ("1 + 1;", None), ("x = 1", None), ("None", None), ("import pandas\npandas.DataFrame({'a': [1]})", None)],
)  # fmt: skip
def test_the_last_expression_gives_its_text(one: Notebook, code: str, text: str | None) -> None:
    assert one.run(code)["result"].get("result_text") == text


def test_frames_have_pages_and_plain_values(one: Notebook) -> None:
    code = (
        "import pandas\ndf = pandas.DataFrame({'n': range(120), 'f': [float('nan'), float('inf')] * 60, "
        "'t': pandas.to_datetime(['2026-01-02T03:04:05'] * 120), 'b': [True, None] * 60})"
    )
    path = one.start_run(code, output_name="df")
    result = wait_for_run(one.box, path)["result"]

    page = one.box.http.get(f"{path}page/", params={"offset": 100, "limit": 50}).json()

    assert (result["row_count"], len(result["first_page"]), result["has_more"]) == (120, 50, True)
    assert result["first_page"][:2] == [
        [0, None, "2026-01-02T03:04:05", True],
        [1, None, "2026-01-02T03:04:05", None],
    ]
    assert ([row[0] for row in page["rows"]], page["has_more"]) == (list(range(100, 120)), False)


def test_sql_over_local_frames_runs_in_the_kernels_duckdb(one: Notebook) -> None:
    one.run("import pandas\nlocal = pandas.DataFrame({'k': ['a', 'b', 'a'], 'n': [1, 2, 3]})", output_name="local")

    result = one.run(
        "SELECT k, sum(n)::BIGINT AS n, {word} AS w FROM local GROUP BY k ORDER BY k",
        node_type="hogql",
        output_name="summed",
        refs={"local": {"node_id": "n", "kind": "local"}},
        variables=[{"name": "word", "type": "string", "value": "it's"}],
    )["result"]

    assert result["columns"] == ["k", "n", "w"]
    assert result["first_page"] == [["a", 4, "it's"], ["b", 2, "it's"]]
    assert one.run("print(len(summed))")["result"]["stdout"] == "2\n"
    failed = one.run("SELECT nope FROM local", node_type="hogql", refs={"local": {"node_id": "n", "kind": "local"}})
    assert "nope" in failed["error"]


def test_variables_reach_sql_and_python(one: Notebook) -> None:
    variables = [
        {"name": "event_name", "type": "string", "value": "purchase"},
        {"name": "least", "type": "number", "value": 100},
    ]
    sql = "SELECT countIf(event = {event_name} AND properties.amount > {least}) > 0 AS some FROM events"

    table = one.run(sql, node_type="hogql", variables=variables)
    python = one.run("print(event_name, least + 1)", variables=variables)

    assert table["rows"] == [[1]]
    assert python["result"]["stdout"] == "purchase 101\n"


def test_a_cell_reads_cells_that_read_cells(box: Box) -> None:
    one = Notebook(box, '<SQLV2 nodeId="a" code="SELECT number AS n FROM numbers(10) -- ten" returnVariable="base" />')
    base = {"base": {"node_id": "a", "kind": "hogql"}}
    one.run("SELECT n * 2 AS m FROM base WHERE n > 6", node_type="hogql", node_id="b", output_name="doubled", refs=base)
    doubled = {"doubled": {"node_id": "b", "kind": "hogql"}}

    union = one.run(
        "WITH mine AS (SELECT 1 AS x) SELECT sum(m) FROM doubled UNION ALL SELECT sum(x) FROM mine",
        node_type="hogql",
        node_id="c",
        refs=doubled,
    )
    frame = one.run("print(doubled['m'].tolist())", node_id="d", refs=doubled)

    assert sorted(union["rows"]) == [[1], [48]]
    assert frame["result"]["stdout"] == "[14, 16, 18]\n"


def test_moments_of_a_query_are_moments_in_python(box: Box) -> None:
    one = Notebook(
        box, '<SQLV2 nodeId="a" code="SELECT max(timestamp) AS t, toDate(max(timestamp)) AS d FROM events" />'
    )

    answer = one.run(
        "print(latest['t'].dt.year[0] > 2000, latest['d'].dt.month[0] > 0)",
        refs={"latest": {"node_id": "a", "kind": "hogql"}},
    )

    assert answer["result"]["stdout"] == "True True\n"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"code": "SELECT (1"}, "no viable alternative"),
        ({"refs": {"x": {"node_id": "nowhere", "kind": "hogql"}}}, "Unknown reference: x"),
        ({"refs": {"x": {"node_id": "n", "kind": "odd"}}}, "Invalid reference: x"),
        ({"node_type": "ruby"}, "not a valid choice"),
        ({"connection_id": "abc"}, "Unknown connection"),
        ({"variables": [{"name": "filters", "type": "string", "value": "x"}]}, "valid name"),
        ({"variables": [{"name": "n", "type": "number", "value": "x"}]}, "valid value"),
        ({"code": None}, "may not be null"),
    ],
)
def test_a_run_that_cannot_be_is_400(one: Notebook, more: dict[str, Any], words: str) -> None:
    body = {"node_id": "n", "code": "SELECT 1", **more}

    answer = one.box.http.post(f"{one.base}sql_v2/run/", json=body)

    assert answer.status_code == 400, answer.text
    assert words in answer.json()["detail"]


def test_what_only_running_shows_fails_the_run(one: Notebook) -> None:
    ended = one.run("SELECT nope FROM events", node_type="hogql")

    assert (ended["status"], ended["result"], ended["error"]) == ("failed", None, "Unable to resolve field: nope")


def test_results_are_reused_only_when_asked(one: Notebook) -> None:
    first = one.start_run("SELECT 1", node_type="hogql")
    wait_for_run(one.box, first)

    again = one.start_run("SELECT 1", node_type="hogql", reuse_results=True)
    wait_for_run(one.box, again)
    changed = one.start_run("SELECT 2", node_type="hogql", reuse_results=True)
    wait_for_run(one.box, changed)

    assert again == first
    assert len({first, changed, one.start_run("SELECT 2", node_type="hogql")}) == 3


def test_an_interrupted_query_stops_in_clickhouse(one: Notebook) -> None:
    path = one.start_run("SELECT count() FROM events a CROSS JOIN events b CROSS JOIN events c", node_type="hogql")

    asked = one.box.http.post(f"{path}interrupt/")
    ended = one.box.http.get(path).json()

    assert (asked.status_code, asked.json()) == (200, {"status": "interrupted"})
    assert (ended["status"], ended["result"]["status"]) == ("interrupted", "interrupted")
    assert one.run("SELECT 1", node_type="hogql")["status"] == "done"


def test_two_people_of_one_kernel_see_each_other_but_notebooks_do_not(boxes: Callable[[str], Box]) -> None:
    first, second = Notebook(boxes("cloud")), Notebook(boxes("cloud"))
    first.execute("mine = 1")

    assert first.run("print(mine)")["result"]["stdout"] == "1\n"
    assert second.execute("mine")["error_name"] == "NameError"
