"""How a box ends and comes back: nothing half written, no process left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.box.runs import wait_for_run
from tests.box_fixture import Box, wait_for_file

GONE_WITHIN_S = 20.0
CHILDREN = "import os, subprocess\nchild = subprocess.Popen(['sleep', '600'])\nprint(os.getpid(), child.pid)"


@contextmanager
def running_box(folder: Path) -> Iterator[tuple[Box, subprocess.Popen[bytes]]]:
    """Run a box that the test ends; whatever happens, it is gone afterwards."""
    ready, log = folder / "ready.json", folder / "box.log"
    ready.unlink(missing_ok=True)
    command = [sys.executable, "-m", "jupyter_posthog.box", "--profile", "cloud", "--port", "0", "--faults"]
    command += ["--data", str(folder / "data"), "--ready-file", str(ready)]
    with log.open("wb") as stream, subprocess.Popen(command, stdout=stream, stderr=subprocess.STDOUT) as process:
        try:
            wait_for_file(ready, process, log)
            box = Box("cloud", json.loads(ready.read_text()))
            yield box, process
            box.http.close()
        finally:
            process.kill()


def processes_of(box: Box) -> list[psutil.Process]:
    """Start a kernel with a child of its own and return both processes."""
    path = f"/api/projects/1/notebooks/{box.new_notebook()}/kernel/execute/"
    printed = box.http.post(path, json={"code": CHILDREN}).json()["stdout"]
    return [psutil.Process(int(number)) for number in printed.split()]


def are_gone(processes: list[psutil.Process]) -> bool:
    """Wait until processes have ended; one that nobody has collected counts as ended."""
    end_s = time.monotonic() + GONE_WITHIN_S
    never = threading.Event()
    while time.monotonic() < end_s:
        if not any(_lives(process) for process in processes):
            return True
        never.wait(0.1)
    return False


def _lives(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


def test_sigterm_ends_it_with_no_child_left(tmp_path: Path) -> None:
    with running_box(tmp_path) as (box, process):
        processes = processes_of(box)
        slow = {"node_id": "n", "code": "SELECT count() FROM events a CROSS JOIN events b CROSS JOIN events c"}
        busy = {"node_id": "n", "node_type": "python", "code": "while True: pass"}
        for body in (slow, busy):
            box.http.post(f"/api/projects/1/notebooks/{box.new_notebook()}/sql_v2/run/", json=body).raise_for_status()
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)

        assert process.wait(GONE_WITHIN_S) == 0
        assert are_gone([*processes, *children])


def test_sigkill_leaves_no_kernel_behind(tmp_path: Path) -> None:
    with running_box(tmp_path) as (box, process):
        processes = processes_of(box)
        busy = {"node_id": "n", "node_type": "python", "code": "while True: pass"}
        box.http.post(f"/api/projects/1/notebooks/{box.new_notebook()}/sql_v2/run/", json=busy).raise_for_status()
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGKILL)
        process.wait()

        assert are_gone([*processes, *children])


def test_killed_in_the_middle_of_saves_it_comes_back_with_the_old_or_the_new_version(tmp_path: Path) -> None:
    with running_box(tmp_path) as (box, process):
        short_id = box.new_markdown(_text(0))
        path = f"/api/projects/1/notebooks/{short_id}/"
        answered = [0]
        saving = threading.Thread(target=_save_on, args=(box, path, answered))
        saving.start()
        while answered[0] < 3:
            assert saving.is_alive()
        process.send_signal(signal.SIGKILL)
        process.wait()
        saving.join()

    with running_box(tmp_path) as (again, _):
        record = again.fetch(short_id)
        activity = again.http.get(f"{path}activity/").json()
    assert record["version"] in {answered[0], answered[0] + 1}
    assert record["content"]["content"][0]["attrs"]["markdown"] == _text(record["version"])
    assert activity["total_count"] == record["version"] + 1


def _text(version: int) -> str:
    return f"# Version {version}\n\n" + f"word{version} " * 20_000


def _save_on(box: Box, path: str, answered: list[int]) -> None:
    """Save version after version until the box is gone."""
    with suppress(httpx.HTTPError):
        while True:
            version = answered[0]
            node = {"type": "ph-markdown-notebook", "attrs": {"nodeId": "n", "markdown": _text(version + 1)}}
            body: dict[str, Any] = {"content": {"type": "doc", "content": [node]}, "version": version}
            box.http.patch(path, json=body).raise_for_status()
            answered[0] = version + 1


def test_runs_are_kept_and_an_open_one_is_lost(tmp_path: Path) -> None:
    with running_box(tmp_path) as (box, process):
        short_id = box.new_markdown('<SQLV2 nodeId="q" code="SELECT 7 AS n" />')
        base = f"/api/projects/1/notebooks/{short_id}/sql_v2/"
        done = box.http.post(f"{base}run/", json={"node_id": "q", "code": "SELECT 7 AS n"}).json()["run_id"]
        ended = wait_for_run(box, f"{base}runs/{done}/")
        busy = {"node_id": "p", "node_type": "python", "code": "while True: pass"}
        lost = box.http.post(f"{base}run/", json=busy).json()["run_id"]
        process.send_signal(signal.SIGKILL)
        process.wait()

    with running_box(tmp_path) as (again, _):
        kept, gone = (again.http.get(f"{base}runs/{run_id}/").json() for run_id in (done, lost))
        state = again.http.get(f"{base}state/").json()
        free = again.http.post(f"{base}run/", json={"node_id": "q", "code": "SELECT 8"})
    assert kept == ended
    assert (gone["status"], gone["result"]) == ("failed", None)
    assert "lost" in gone["error"]
    assert state["cells"][0]["last_run"]["columns"] == ["n"]
    assert free.status_code == 200


def test_a_data_set_that_was_not_finished_is_made_anew(tmp_path: Path) -> None:
    with running_box(tmp_path) as (_, process):
        process.send_signal(signal.SIGKILL)  # while the engine loads
        process.wait()

    with running_box(tmp_path) as (again, _):
        body = {
            "query": {"kind": "HogQLQuery", "query": "SELECT count() >= 100000, uniqExact(uuid) = count() FROM events"}
        }
        answer = again.http.post("/api/projects/1/query/", json=body)

    assert answer.json()["results"] == [[1, 1]]


def test_the_ready_file_comes_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    with running_box(tmp_path) as (box, _):
        file = tmp_path / "ready.json"
        ready = json.loads(file.read_text())
        names = [summary["title"] for summary in box.http.get("/api/projects/1/notebooks/").json()["results"]]

    assert set(ready) == {"url", "project_id", "keys", "session"}
    assert set(ready["keys"]) == {"full", "read_only", "no_query", "one_project", "expired", "unscoped", "oauth"}
    assert set(ready["session"]) == {"cookie", "csrf"}
    assert file.stat().st_mode & 0o777 == 0o600
    assert "Weekly funnel" in names
    assert (tmp_path / "box.log").read_text().count("key ") == 7


@pytest.mark.skipif(not hasattr(os, "fork"), reason="POSIX")
def test_what_an_earlier_box_left_of_its_kernels_is_removed(tmp_path: Path) -> None:
    left = tmp_path / "data" / "kernels" / "old"
    left.mkdir(parents=True)

    with running_box(tmp_path):
        assert not left.exists()


def start_and_fail(*arguments: str) -> str:
    """Start a box that cannot start and return what it says."""
    command = [sys.executable, "-m", "jupyter_posthog.box", "--port", "0", *arguments]
    failed = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert failed.returncode != 0
    assert "Traceback" not in failed.stderr
    return failed.stderr


def test_two_boxes_do_not_share_a_folder(tmp_path: Path) -> None:
    with running_box(tmp_path) as (box, _):
        assert "Another box uses" in start_and_fail("--data", str(tmp_path / "data"))
        assert box.http.get("/api/projects/1/notebooks/").status_code == 200


def test_data_that_are_none_are_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "notebooks.sqlite3").write_text("no database" * 100)

    assert "cannot use" in start_and_fail("--data", str(tmp_path / "file"))
    assert "cannot be read" in start_and_fail("--data", str(tmp_path / "data"))
    assert "99999 is no port" in start_and_fail("--port", "99999")
