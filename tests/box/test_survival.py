"""A box that is killed in the middle of a save comes back with the old version or the new one."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from jupyter_posthog.box.listing import Listing
from jupyter_posthog.box.store import Store
from tests.box_fixture import Box, start_box, wait_for_file

PARAGRAPH = "x" * 200_000


def document(number: int) -> Any:
    text = f"# {number}\n\n{PARAGRAPH}\n\n# {number}"
    node = {"type": "ph-markdown-notebook", "attrs": {"nodeId": "markdown-notebook-v2", "markdown": text}}
    return {"type": "doc", "content": [node]}


def save_until_killed(box: Box, short_id: str, has_saved: threading.Event) -> None:
    """Save one version after the other; each holds its own number twice."""
    version = 0
    while True:
        body = {"title": str(version + 1), "content": document(version + 1), "version": version}
        try:
            box.http.patch(f"/api/projects/1/notebooks/{short_id}/", json=body).raise_for_status()
        except httpx.TransportError:
            return
        version += 1
        has_saved.set()


def test_a_kernel_keeps_its_size_when_the_box_restarts(tmp_path: Path) -> None:
    path = "/api/projects/1/notebooks/wFunnel001/kernel/"
    for box in start_box("cloud", tmp_path):
        changed = box.http.post(f"{path}config/", json={"cpu_cores": 4, "memory_gb": 8}).json()
    (tmp_path / "ready.json").unlink()
    for box in start_box("cloud", tmp_path):
        status = box.http.get(f"{path}status/").json()

    assert (changed["preset_key"], changed["restarted"], changed["restart_required"]) == ("balanced", False, False)
    assert (status["cpu_cores"], status["memory_gb"], status["hourly_price"]) == (4, 8, 1.0)


@pytest.mark.parametrize("attempt", range(3))
def test_a_killed_save_is_whole_or_not_there(tmp_path: Path, attempt: int) -> None:
    ready, log = tmp_path / "first.json", tmp_path / "first.log"
    command = [sys.executable, "-m", "jupyter_posthog.box", "--port", "0", "--data", str(tmp_path / "data")]
    with log.open("wb") as stream:
        process = subprocess.Popen([*command, "--ready-file", str(ready)], stdout=stream, stderr=stream)
    wait_for_file(ready, process, log)
    box = Box("cloud", json.loads(ready.read_text()))
    short_id = box.new_notebook(document(0), title="0")
    has_saved = threading.Event()
    saving = threading.Thread(target=save_until_killed, args=(box, short_id, has_saved))
    saving.start()
    assert has_saved.wait(30)
    process.send_signal(signal.SIGKILL)
    process.wait()
    saving.join(30)

    for again in start_box("cloud", tmp_path):
        record = again.fetch(short_id)
        newest = again.http.get(f"/api/projects/1/notebooks/{short_id}/activity/?limit=1").json()["results"][0]

    assert record["content"] == document(record["version"])
    assert record["title"] == str(record["version"])
    assert {change["field"]: change["after"] for change in newest["detail"]["changes"]}["version"] == record["version"]


def test_a_file_from_before_there_was_an_index_can_be_searched(tmp_path: Path) -> None:
    file = tmp_path / "notebooks.sqlite3"
    store = Store(file)
    store.create(title="Quarterly review", content=None, text_content="of funnels")
    store.close()
    with sqlite3.connect(file) as database:
        database.execute("DROP TABLE words")
    database.close()

    again = Store(file)

    assert [again.search(Listing(search=word))[0] for word in ("quarterly", "funnel", "other")] == [1, 1, 0]
    again.close()
