"""The container and Binder start the demo; images cannot be built in these tests, so what they run is."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_posthog.cli.main import _parser

ROOT = Path(__file__).parent.parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
START = ROOT / "binder" / "start"


def test_the_container_runs_the_demo() -> None:
    """The command is one of our parser's; tests/cli/test_help.py runs the same as an example of the demo."""
    command = json.loads(re.findall(r"^CMD (\[.+\])$", DOCKERFILE, re.MULTILINE)[-1])

    options = _parser().parse_args(command[2:])

    assert command[:3] == ["jupyter", "posthog", "demo"]
    assert (options.ip, options.port) == ("0.0.0.0", int(re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE)[0]))


@pytest.mark.parametrize("file", ["Dockerfile", ".dockerignore", "binder/start", "binder/requirements.txt"])
def test_no_path_of_a_machine_stands_in_them(file: str) -> None:
    assert not re.search(r"/(root|home|work|Users)\b", (ROOT / file).read_text(encoding="utf-8"))


def test_the_container_runs_as_somebody_without_rights() -> None:
    assert re.search(r"^USER (?!root)\w+$", DOCKERFILE, re.MULTILINE)


def test_binder_starts_its_command_connected_to_a_box(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("POSTHOG_")}
    environment |= {"TMPDIR": str(tmp_path), "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    process = subprocess.Popen(
        [str(START), "jupyter", "posthog", "list", "--limit", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        assert process.wait(60) == 0
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # the box runs on, as it does beside Binder's server
        process.communicate(timeout=60)

    assert lines[-1].startswith("the first 2 of ")
    assert lines[-1].endswith(" (env)\n")
