"""A stored key is in no command line, in no child's environment and in no log, while everything runs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from jupyter_client.blocking.client import BlockingKernelClient

from tests import canary
from tests.box_fixture import Box
from tests.server_process import Server, environment_of, server_of

PROCESSES = Path("/proc")


@pytest.fixture
def logged_in(box: Box, tmp_path: Path) -> Path:
    """A person's folder with a stored connection, made as people make it."""
    folder = tmp_path / "ada"
    program = str(Path(sys.executable).parent / "jupyter-posthog")
    command = [program, "login", "--host", box.url, "--stdin", "--key-file"]
    login = subprocess.run(
        command, input=box.keys["full"], env=environment_of(folder), capture_output=True, text=True, timeout=60
    )
    assert login.returncode == 0, login.stderr
    assert box.keys["full"] not in login.stdout + login.stderr
    return folder


@pytest.fixture
def server(logged_in: Path) -> Iterator[Server]:
    with server_of("ada", logged_in, {}) as running:
        yield running


def test_a_stored_key_never_reaches_a_command_line_or_a_childs_environment(box: Box, server: Server) -> None:
    key = box.keys["full"].encode()
    (connection,) = server.get("connections").json()["connections"]
    short_id = box.new_markdown('<PythonV2 nodeId="p1" code="print(6 * 7)" />')
    path = f"posthog:{connection['name']}/1/{short_id}.ipynb"
    kernels = [start_kernel(server, path, "posthog"), start_kernel(server, "plain.ipynb", "python3")]

    assert run_cell(server, kernels[0], "print(6 * 7)") == "42\n"
    assert run_cell(server, kernels[1], "print(6 * 7)") == "42\n"

    children = descendants(server.process_id)
    assert len(children) >= 2
    for process_id in (server.process_id, *children):
        assert key not in read(process_id, "environ"), read(process_id, "cmdline")
    assert not [file for file in PROCESSES.glob("[0-9]*/cmdline") if key in read(int(file.parent.name), "cmdline")]
    assert key not in (server.folder / "server.log").read_bytes()
    assert key not in server.get(f"contents/{path.removeprefix('posthog:')}").content


def test_a_test_that_shows_a_key_fails(box: Box) -> None:
    report = pytest.TestReport(
        nodeid="test_x", location=("", 0, ""), keywords={}, outcome="passed", longrepr=None, when="call"
    )
    report.sections.append(("Captured stderr call", f"Authorization: Bearer {box.keys['full']}"))
    checking = canary.pytest_runtest_makereport(_NamedItem())  # type: ignore[arg-type]
    next(checking)

    with pytest.raises(StopIteration) as ended:
        checking.send(report)

    assert ended.value.value.outcome == "failed"
    assert box.keys["full"] not in ended.value.value.longrepr


class _NamedItem:
    nodeid = "test_x"

    def get_closest_marker(self, name: str) -> None:
        return None


def start_kernel(server: Server, path: str, name: str) -> str:
    body = {"path": path, "name": path, "type": "notebook", "kernel": {"name": name}}
    answer = server.http.post(f"{server.prefix}/api/sessions", json=body)
    assert answer.status_code == 201, answer.text
    kernel_id: str = answer.json()["kernel"]["id"]
    return kernel_id


def run_cell(server: Server, kernel_id: str, code: str) -> str:
    """Run one cell as any client does and return what it printed to stdout."""
    client = BlockingKernelClient(connection_file=str(server.folder / "runtime" / f"kernel-{kernel_id}.json"))
    client.load_connection_file()
    client.start_channels()
    printed = ""
    try:
        client.wait_for_ready(timeout=60)

        def take(message: dict[str, object]) -> None:
            nonlocal printed
            content = message["content"]
            if isinstance(content, dict) and content.get("name") == "stdout":
                printed += content["text"]

        reply = client.execute_interactive(code, timeout=90, output_hook=take)
        assert reply["content"]["status"] == "ok", reply["content"]
    finally:
        client.stop_channels()
    return printed


def descendants(process_id: int) -> list[int]:
    """Return the children of a process, and theirs."""
    parents = {}
    for folder in PROCESSES.glob("[0-9]*"):
        status = read(int(folder.name), "stat").rpartition(b")")[2].split()
        if len(status) > 1:
            parents[int(folder.name)] = int(status[1])
    found: list[int] = []
    waiting = [process_id]
    while waiting:
        parent = waiting.pop()
        children = [child for child, its_parent in parents.items() if its_parent == parent]
        found += children
        waiting += children
    return found


def read(process_id: int, name: str) -> bytes:
    """Return one file about a process; nothing where it has ended."""
    try:
        return (PROCESSES / str(process_id) / name).read_bytes()
    except OSError:
        return b""
