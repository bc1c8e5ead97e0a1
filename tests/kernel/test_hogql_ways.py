"""HogQL in each of the three ways: named, unnamed, only shown, reading other frames, with variables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.box_fixture import Box
from tests.kernel.test_kernel import RunningKernel, start_kernel, text_of

FRAME = "application/vnd.posthog.dataframe+json"
COUNTS = "SELECT event, count() AS n FROM events GROUP BY event ORDER BY n DESC"
VARIABLES = [{"name": "wanted", "type": "string", "value": "$pageview"}, {"name": "most", "type": "number", "value": 2}]


@dataclass(frozen=True)
class Way:
    """A kernel, the way it runs HogQL, and whether it runs Python too."""

    name: str
    kernel: RunningKernel
    box: Box
    short_id: str

    @property
    def runs_python(self) -> bool:
        return self.name != "query"

    def frame(self, source: str) -> dict[str, Any]:
        reply, outputs = self.kernel.run(source)
        assert reply["status"] == "ok", reply
        data: dict[str, Any] = outputs[-1]["data"][FRAME]
        return data


WAYS = {"sql_v2": "cloud", "hogql/execute": "legacy", "query": "flag-off"}


@pytest.fixture(scope="module", params=WAYS)
def way(request: pytest.FixtureRequest, boxes: Callable[[str], Box]) -> Iterator[Way]:
    box = boxes(WAYS[request.param])
    short_id = box.new_notebook()
    if request.param == "hogql/execute":
        # Servers whose query endpoint is closed to this person still have the notebook's own one.
        refusal = {"type": "authentication_error", "code": "permission_denied", "detail": "No.", "attr": None}
        refusal["detail"] = "This action does not support personal API key access"
        box.fail_next(method="POST", path="/projects/1/query/$", status=403, body=refusal, times=10_000)
    if request.param != "hogql/execute":
        box.http.patch(f"/api/projects/1/notebooks/{short_id}/", json={"variables": VARIABLES}).raise_for_status()
    for kernel in start_kernel(box.environment() | {"POSTHOG_NOTEBOOK": short_id}):
        yield Way(request.param, kernel, box, short_id)
    box.http.delete("/_box/faults")


def asked(way: Way) -> list[str]:
    return [request["path"] for request in way.box.requests() if request["method"] == "POST"]


def test_it_goes_the_way_that_is_meant(way: Way) -> None:
    way.frame(f"%%hogql -\n{COUNTS} LIMIT 1")

    words = {"sql_v2": "/sql_v2/run/", "hogql/execute": "/hogql/execute/", "query": "/projects/1/query/"}
    assert asked(way)[-1].endswith(words[way.name])


@pytest.mark.parametrize(("line", "name"), [("%%hogql counts", "counts"), ("%%hogql", "sql_df"), ("%%hogql -", None)])
def test_a_result_has_its_name_columns_types_and_notebook(way: Way, line: str, name: str | None) -> None:
    frame = way.frame(f"{line}\n{COUNTS} LIMIT 3")

    assert (frame["name"], frame["columns"], frame["row_count"]) == (name, ["event", "n"], 3)
    assert [pair[0] for pair in frame["types"]] == ["event", "n"]
    assert frame["notebook"] == {"connection": "env", "project_id": 1, "short_id": way.short_id}


@pytest.mark.parametrize(("line", "name"), [("%%hogql counts", "counts"), ("%%hogql", "sql_df")])
def test_a_later_query_reads_it_by_its_name(way: Way, line: str, name: str) -> None:
    way.frame(f"{line}\n{COUNTS} LIMIT 3 -- the first three")

    frame = way.frame(f"%%hogql more\nSELECT sum(n) AS total, '{name}' AS text FROM {name} -- FROM nothing")

    assert frame["row_count"] == 1


def test_queries_behind_queries_reach_every_part_of_a_union(way: Way) -> None:
    way.frame(f"%%hogql first\n{COUNTS} LIMIT 2")
    way.frame("%%hogql second\nSELECT n * 2 AS n FROM first")

    frame = way.frame("%%hogql -\nSELECT n FROM second UNION ALL SELECT n FROM first")

    assert frame["row_count"] == 4


def test_python_and_duckdb_read_it_too(way: Way) -> None:
    if not way.runs_python:
        pytest.skip("nothing runs Python here")
    way.frame(f"%%hogql counts\n{COUNTS} LIMIT 3")
    way.frame("%%hogql times\nSELECT timestamp FROM events LIMIT 3")

    _, kind = way.kernel.run("print(times['timestamp'].dtype.kind)")
    _, printed = way.kernel.run("print(len(counts))")
    duck = way.frame("%%duckdb top\nSELECT max(n) AS n, 'counts' AS text FROM counts")
    _, again = way.kernel.run("print(list(top.columns))")
    mixed = way.frame("%%hogql -\nSELECT n FROM top")

    assert (text_of(kind), text_of(printed)) == ("M\n", "3\n")
    assert (duck["name"], duck["row_count"]) == ("top", 1)
    assert text_of(again) == "['n', 'text']\n"
    assert mixed["row_count"] == 1


def test_what_python_made_of_a_query_stays(way: Way) -> None:
    if not way.runs_python:
        pytest.skip("nothing runs Python here")
    way.frame(f"%%hogql counts\n{COUNTS} LIMIT 3")
    way.kernel.run("counts['share'] = counts['n'] / counts['n'].sum()")

    _, printed = way.kernel.run("print('share' in counts)")

    assert text_of(printed) == "True\n"


def test_variables_of_the_notebook_are_filled_in(way: Way) -> None:
    if way.name == "hogql/execute":
        way.kernel.run('# Parameters\nwanted = "$pageview"\nmost = 2\n')

    frame = way.frame("%%hogql -\nSELECT event, count() AS n FROM events WHERE event = {wanted} GROUP BY event")

    assert [row[0] for row in frame["rows"]] == ["$pageview"]
    if way.runs_python:
        _, printed = way.kernel.run("print(wanted, most)")
        duck = way.frame("%%duckdb -\nSELECT {wanted} AS wanted, '{wanted}' AS text")
        assert text_of(printed) == "$pageview 2\n"
        assert duck["rows"] == [["$pageview", "{wanted}"]]


def test_a_query_without_a_limit_says_that_posthog_cut_it(way: Way) -> None:
    _, cut = way.kernel.run("%%hogql -\nSELECT event FROM events")
    _, whole = way.kernel.run("%%hogql -\nSELECT event FROM events LIMIT 100")

    assert "first 50 of 100 rows" in cut[-1]["data"]["text/plain"]
    assert "no LIMIT: PostHog returned the first 100 rows" in cut[-1]["data"]["text/plain"]
    assert "no LIMIT" in cut[-1]["data"]["text/html"]
    assert "no LIMIT" not in whole[-1]["data"]["text/plain"]


@pytest.mark.parametrize("source", ["%%hogql --what\nSELECT 1", "%%hogql a-b\nSELECT 1", "%%hogql --raw\nSELECT 1"])
def test_a_magic_line_that_is_not_understood_runs_nothing(way: Way, source: str) -> None:
    before = len(asked(way))

    reply, outputs = way.kernel.run(source)

    assert reply["ename"] == "MagicNotUnderstoodError"
    assert len(outputs) == 1
    assert len(asked(way)) == before


def test_a_mistake_in_the_query_is_told_in_posthogs_words_and_the_next_one_runs(way: Way) -> None:
    reply, _ = way.kernel.run("%%hogql -\nSELECT nonsense_name FROM events")

    assert reply["status"] == "error"
    assert "nonsense_name" in reply["evalue"] + "".join(reply["traceback"])
    assert way.frame("%%hogql -\nSELECT 1 AS one")["rows"] == [[1]]


def test_frames_are_listed(way: Way) -> None:
    way.frame(f"%%hogql counts\n{COUNTS} LIMIT 3")
    if way.runs_python:
        way.frame("%%duckdb top\nSELECT 1 AS n")

    _, outputs = way.kernel.run("%posthog frames")

    text = outputs[-1]["data"]["text/plain"]
    assert "counts" in text
    assert not way.runs_python or "top" in text
    assert "<td>counts</td>" in outputs[-1]["data"]["text/html"]


def test_status_says_where_and_how_cells_run(way: Way) -> None:
    _, outputs = way.kernel.run("%posthog")

    assert way.short_id in text_of(outputs)
    assert way.box.url in text_of(outputs)


def test_an_unknown_word_behind_posthog_lists_the_known_ones(way: Way) -> None:
    reply, _ = way.kernel.run("%posthog nonsense")

    assert "status, notebook, frames, pull" in reply["evalue"]


@pytest.mark.parametrize("source", ["%%hogql orders\nSELECT 1", "%%hogql orders --connection c1\nSELECT 1"])
def test_a_source_outside_of_posthog_is_asked_and_not_posthogs_own_data(
    boxes: Callable[[str], Box], source: str
) -> None:
    box = boxes("cloud")
    short_id = box.new_markdown('<SQLV2 nodeId="q1" code="SELECT 1" returnVariable="orders" connectionId="c1" />')
    for kernel in start_kernel(box.environment() | {"POSTHOG_NOTEBOOK": short_id}):
        reply, _ = kernel.run(source)

    assert reply["ename"] == "QueryRefusedError"
    assert "Unknown connection" in "".join(reply["traceback"])
