"""``jupyter posthog box`` as a person starts it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from tests.box_fixture import wait_for_file

COMMAND = [sys.executable, "-c", "from jupyter_posthog.cli.main import main; main()", "box"]


def test_the_command_becomes_the_box_and_ends_with_a_signal(tmp_path: Path) -> None:
    ready, log = tmp_path / "ready.json", tmp_path / "log"
    arguments = ["--profile", "cloud", "--port", "0", "--data", str(tmp_path / "data"), "--ready-file", str(ready)]
    with log.open("wb") as stream:
        process = subprocess.Popen([*COMMAND, *arguments], stdout=stream, stderr=subprocess.STDOUT)
    try:
        wait_for_file(ready, process, log)
        found = json.loads(ready.read_text())
        key = {"Authorization": f"Bearer {found['keys']['full']}"}
        answer = httpx.get(
            f"{found['url']}/api/projects/{found['project_id']}/notebooks/", headers=key, trust_env=False
        )
        process.send_signal(signal.SIGTERM)
        code = process.wait(30)
    finally:
        process.kill()

    assert answer.json()["count"] >= 12
    assert code == 0
    assert found["keys"]["read_only"] in log.read_text()


def test_help_is_the_boxs_own() -> None:
    shown = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, timeout=60, check=True).stdout

    assert "--ready-file" in shown
    assert "--faults" in shown
