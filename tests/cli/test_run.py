"""`jupyter posthog run`: progress, results, exit codes, and what stops it."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from tests.box_fixture import Box
from tests.test_headless import Terminal

QUERY = "SELECT event, count() AS n FROM events GROUP BY event ORDER BY n DESC LIMIT 3"
PLAIN = (
    "# Weekly\n\n"
    f'<SQLV2 nodeId="q1" title="Orders" code="{QUERY}" returnVariable="orders" />\n\n'
    '<PythonV2 nodeId="p1" code="print(len(orders))" returnVariable="df" />\n\n'
    '<PythonV2 nodeId="p2" code="orders" returnVariable="top" />'
)
FAILING = PLAIN.replace("print(len(orders))", "1/0")
SLOW = PLAIN.replace("print(len(orders))", "import time; time.sleep(60)")
FRAME = "application/vnd.posthog.dataframe+json"


@pytest.fixture(params=["cloud", "legacy"])
def any_box(request: pytest.FixtureRequest, boxes: Callable[[str], Box]) -> Box:
    return boxes(request.param)


@pytest.fixture
def terminal(any_box: Box, tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, any_box.environment())


def whole_runs(box: Box, short_id: str) -> int:
    path = f"/notebooks/{short_id}/runs/"
    return sum(one["method"] == "POST" and one["path"].endswith(path) for one in box.requests())


def test_every_cell_runs_with_a_plain_line_in_a_pipe(any_box: Box, terminal: Terminal) -> None:
    short_id = any_box.new_markdown(PLAIN)

    ran = terminal.run("jupyter", "posthog", "run", short_id, "--output", "done.ipynb")

    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.splitlines()
    assert lines[0].startswith(" [1/3] Orders (HogQL) ………… done, 3 rows, ")
    assert lines[1].startswith(" [2/3] print(len(orders)) (Python) ")
    assert lines[-1] == "done: 3 of 3 cells done"
    assert "\r" not in ran.stdout
    notebook = nbformat.read(terminal.folder / "done.ipynb", as_version=4)
    nbformat.validate(notebook)
    query, printed, _ = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert query.outputs[-1].data[FRAME]["row_count"] == 3
    assert printed.outputs[0].text == "3\n"
    assert whole_runs(any_box, short_id) == 1


def test_a_failing_cell_ends_the_run_with_exit_code_1(any_box: Box, terminal: Terminal) -> None:
    short_id = any_box.new_markdown(FAILING)

    ran = terminal.run("jupyter", "posthog", "run", short_id, "--json")

    report = json.loads(ran.stdout)
    assert ran.returncode == 1
    assert (report["status"], report["count"]) == ("failed", 3)
    assert [cell["status"] for cell in report["cells"]] == ["done", "failed"]
    assert report["cells"][1]["error"].startswith("ZeroDivisionError")


def test_a_given_value_is_for_this_run_only(any_box: Box, terminal: Terminal) -> None:
    text = (
        '<SQLV2 nodeId="q1" code="SELECT {region} AS region" returnVariable="found" />\n\n'
        '<PythonV2 nodeId="p1" code="print(region, limit + 1)" />'
    )
    short_id = any_box.new_markdown(text)
    before = any_box.fetch(short_id)

    ran = terminal.run("jupyter", "posthog", "run", short_id, "-p", "region=eu", "-p", "limit=2", "--output", "o.ipynb")

    assert ran.returncode == 0, ran.stdout + ran.stderr
    notebook = nbformat.read(terminal.folder / "o.ipynb", as_version=4)
    query, printed = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert query.outputs[-1].data[FRAME]["rows"] == [["eu"]]
    assert printed.outputs[0].text == "eu 3\n"
    assert any_box.fetch(short_id).get("variables") == before.get("variables")


def test_results_are_stored_where_that_is_said(boxes: Callable[[str], Box], tmp_path: Path) -> None:
    box = boxes("cloud")
    terminal = Terminal(tmp_path, box.environment())
    short_id = box.new_markdown(PLAIN)

    without = terminal.run("jupyter", "posthog", "run", short_id)
    untouched = box.markdown(short_id)
    stored = terminal.run("jupyter", "posthog", "run", short_id, "--save")

    assert (without.returncode, stored.returncode) == (0, 0), stored.stderr
    assert untouched == PLAIN
    assert '"row_count":3' in box.markdown(short_id)
    assert 'runStatus="done"' in box.markdown(short_id)


def test_only_what_is_out_of_date_runs(boxes: Callable[[str], Box], tmp_path: Path) -> None:
    box = boxes("cloud")
    terminal = Terminal(tmp_path, box.environment())
    short_id = box.new_markdown(PLAIN)
    terminal.run("jupyter", "posthog", "run", short_id)

    fresh = terminal.run("jupyter", "posthog", "run", short_id, "--stale")
    content = box.fetch(short_id)["content"]
    content["content"][0]["attrs"]["markdown"] = PLAIN.replace('code="orders"', 'code="orders.head(1)"')
    box.put_content(short_id, content)
    changed = terminal.run("jupyter", "posthog", "run", short_id, "--stale", "--json")

    assert fresh.stdout == "Nothing to run: every cell is up to date.\n"
    assert [cell["node_id"] for cell in json.loads(changed.stdout)["cells"]] == ["p2"]


def test_a_pulled_file_runs_as_it_is(any_box: Box, terminal: Terminal) -> None:
    short_id = any_box.new_markdown(PLAIN)
    terminal.run("jupyter", "posthog", "pull", short_id, "own.ipynb")
    file = terminal.folder / "own.ipynb"
    file.write_text(file.read_text().replace("print(len(orders))", "print('mine')"))

    ran = terminal.run("jupyter", "posthog", "run", "own.ipynb", "--output", "own.ipynb")

    assert ran.returncode == 0, ran.stderr
    assert "mine\\n" in file.read_text()


@pytest.mark.parametrize(
    "arguments", [[], ["x", "-p", "novalue"], ["x", "-p", "1a=2"], ["aB3dE5gH", "--output", "done.txt"]]
)
def test_wrong_use_is_exit_code_2(terminal: Terminal, arguments: list[str]) -> None:
    assert terminal.run("jupyter", "posthog", "run", *arguments).returncode == 2


@pytest.mark.parametrize(
    ("named", "words"), [("noSuchOne", "no such notebook"), ("none.ipynb", "none.ipynb"), ("a b", "neither")]
)
def test_what_is_not_there_is_one_sentence(terminal: Terminal, named: str, words: str) -> None:
    ran = terminal.run("jupyter", "posthog", "run", named)

    assert ran.returncode == 1
    assert words in ran.stderr
    assert ran.stderr.count("\n") == 1


@pytest.mark.parametrize("way", ["whole", "cells"])
def test_ctrl_c_stops_the_run_in_posthog_and_says_so(boxes: Callable[[str], Box], tmp_path: Path, way: str) -> None:
    box = boxes("cloud")
    short_id = box.new_markdown(SLOW)
    program = str(Path(sys.executable).parent / "jupyter")
    command = [program, "posthog", "run", short_id, *(["-p", "x=1"] if way == "cells" else [])]
    process = subprocess.Popen(
        command, cwd=tmp_path, env={**os.environ, **box.environment()}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    )  # fmt: skip
    state = f"/api/projects/1/notebooks/{short_id}/sql_v2/state/"
    deadline_s = time.monotonic() + 60
    while not any(
        cell["node_id"] == "p1" and cell["status"] == "running" for cell in box.http.get(state).json()["cells"]
    ):
        assert time.monotonic() < deadline_s
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)

    assert process.returncode == 1
    assert "interrupted" in out
    assert "asked to stop" in err
    cells = {cell["node_id"]: cell["status"] for cell in box.http.get(state).json()["cells"]}
    assert cells["p1"] in {"interrupted", "running"}
    assert cells["p2"] == "never_run"


def test_somebody_elses_code_is_asked_about_once(boxes: Callable[[str], Box], tmp_path: Path) -> None:
    box = boxes("cloud")
    terminal = Terminal(tmp_path, box.environment())
    short_id = box.new_markdown(PLAIN)
    box.edit_elsewhere(short_id, box.fetch(short_id)["content"])

    refused = terminal.run("jupyter", "posthog", "run", short_id)
    agreed = terminal.run("jupyter", "posthog", "run", short_id, "--yes")
    again = terminal.run("jupyter", "posthog", "run", short_id)

    assert refused.returncode == 1
    assert "wrote this notebook" in refused.stderr
    assert "--yes" in refused.stderr
    assert agreed.returncode == 0
    assert "an hour" in agreed.stderr
    assert (again.returncode, again.stderr) == (0, "")


def test_a_terminal_sees_the_line_change_and_is_asked(boxes: Callable[[str], Box], tmp_path: Path) -> None:
    box = boxes("cloud")
    short_id = box.new_markdown(PLAIN)
    box.edit_elsewhere(short_id, box.fetch(short_id)["content"])
    ours, theirs = pty.openpty()
    command = [str(Path(sys.executable).parent / "jupyter"), "posthog", "run", short_id]
    process = subprocess.Popen(
        command, cwd=tmp_path, env={**os.environ, **box.environment()}, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    os.write(ours, b"y\n")
    seen = b""
    while process.poll() is None or b"cells done" not in seen:
        try:
            seen += os.read(ours, 4096)
        except OSError:
            break
    os.close(ours)

    assert process.wait(20) == 0, seen
    text = seen.decode()
    assert "Run it? [y/N]" in text
    assert "\r\x1b[K [1/3] Orders (HogQL)" in text
    assert "done: 3 of 3 cells done" in text


def test_ctrl_c_at_the_question_ends_the_command_and_runs_nothing(boxes: Callable[[str], Box], tmp_path: Path) -> None:
    box = boxes("cloud")
    short_id = box.new_markdown(PLAIN)
    box.edit_elsewhere(short_id, box.fetch(short_id)["content"])
    ours, theirs = pty.openpty()
    command = [str(Path(sys.executable).parent / "jupyter"), "posthog", "run", short_id]
    environment = {**os.environ, **box.environment()}
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    seen = b""
    while b"[y/N]" not in seen:
        seen += os.read(ours, 4096)
    assert interrupted(process) == 1
    os.close(ours)
    assert whole_runs(box, short_id) == 0


def interrupted(process: subprocess.Popen[bytes]) -> int:
    """Press Ctrl-C until it is heard: between writing a question and reading the answer CPython hears none."""
    for _ in range(20):
        os.killpg(process.pid, signal.SIGINT)
        try:
            return process.wait(1)
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError("it did not end")
