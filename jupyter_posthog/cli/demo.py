"""``jupyter posthog demo``: the box and Lab beside each other, connected, with one address to open."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_posthog.cli.box import box_command, missing_engines
from jupyter_posthog.cli.help_texts import add_command_parser
from jupyter_posthog.errors import NotStartedError

if TYPE_CHECKING:
    from argparse import _SubParsersAction

CONNECTION_NAME = "box"
READY_TIMEOUT_S = 90.0
STOP_TIMEOUT_S = 15.0
_LOOPBACK = "127.0.0.1"
_EVERYWHERE = ("0.0.0.0", "::", "*")  # compared with, not bound to
_EXAMPLES = """examples:
  jupyter posthog demo
  jupyter posthog demo --data demo-notebooks    and find them again tomorrow
  jupyter posthog demo --profile legacy         PostHog as its documentation describes it
  jupyter posthog demo --ip 0.0.0.0 --port 8888  in a container, whose port is published

Nothing is needed but this package with its extra [box]; Ctrl-C ends everything that was started.
"""
_PROFILES = ("cloud", "flag-off", "legacy")


def add_command(commands: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = add_command_parser(commands, "demo", "start the box and JupyterLab, connected to each other", _EXAMPLES)
    parser.add_argument("--profile", choices=_PROFILES, default="cloud", help="which PostHog the box plays")
    parser.add_argument("--data", type=Path, help="keep the notebooks in this folder (default: forget them at the end)")
    parser.add_argument("--ip", default=_LOOPBACK, help="where JupyterLab listens (default: this machine only)")
    parser.add_argument("--port", type=int, default=0, help="port of JupyterLab (default: a free one)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the demo until Ctrl-C; everything started is ended."""
    missing = missing_engines()
    if missing:
        print(missing, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="jupyter-posthog-demo-") as temporary, _terminating():
        folder = Path(temporary)
        data = options.data or folder / "box"
        ready_file = folder / "box.json"
        arguments = ["--profile", options.profile, "--port", "0", "--data", str(data), "--ready-file", str(ready_file)]
        with _process(box_command(arguments), folder / "box.log", dict(os.environ)) as box:
            ready = _wait_for_box(ready_file, box, folder / "box.log")
            _connect(folder / "config", ready, profile=options.profile)
            _open_sidebar(folder / "workspaces")
            return _run_lab(folder, box, ip=options.ip, port=options.port or _free_port())


def _run_lab(folder: Path, box: subprocess.Popen[bytes], *, ip: str, port: int) -> int:
    token = secrets.token_urlsafe(24)
    # A container's address is none that a browser could open; its published port is on the machine itself.
    origin = f"http://{_LOOPBACK if ip in _EVERYWHERE else ip}:{port}"
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--ServerApp.ip={ip}"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={notebooks}"]
    command += [f"--IdentityProvider.token={token}", "--LabApp.news_url="]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--ServerApp.allow_root=True")
    with _process(command, folder / "lab.log", _lab_environment(folder)) as lab:
        _wait_for_lab(f"{origin}/api", lab, folder / "lab.log")
        print(f"\n  {origin}/lab?token={token}\n\nPress Ctrl-C to end the demo.", flush=True)
        while lab.poll() is None and box.poll() is None:
            try:
                lab.wait(timeout=1.0)
            except subprocess.TimeoutExpired:
                continue
    print("The box or Lab ended by itself.", file=sys.stderr)
    return 1


def _connect(config_dir: Path, ready: dict[str, object], *, profile: str) -> None:
    """Write the connection ``box``: the key stands in a file that only its owner can read."""
    folder = config_dir / "posthog"
    folder.mkdir(parents=True)
    host = str(ready["url"])
    text = f"[connections.{CONNECTION_NAME}]\nhost = {json.dumps(host)}\nproject_id = {ready['project_id']}\n"
    (folder / "connections.toml").write_text(f"{text}default = true\n", encoding="utf-8")
    file = folder / "keys.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps({host: _secrets_of(ready, profile)}), encoding="utf-8")


def _secrets_of(ready: dict[str, object], profile: str) -> dict[str, str]:
    keys, session = ready["keys"], ready["session"]
    if not isinstance(keys, dict) or not isinstance(session, dict):
        raise TypeError("the box's ready file has another form")
    # On the documented server only a browser session runs cells.
    return session if profile == "legacy" else {"key": keys["full"]}


def _open_sidebar(folder: Path) -> None:
    """Give Lab a workspace in which the PostHog panel is open."""
    from jupyterlab_server.workspaces_handler import WorkspacesManager

    layout = {"left": {"collapsed": False, "visible": True, "current": "jp-posthog-panel", "widgets": []}}
    workspace = {"data": {"layout-restorer:data": layout}, "metadata": {"id": "default"}}
    folder.mkdir()
    WorkspacesManager(str(folder)).save("default", json.dumps(workspace))


def _lab_environment(folder: Path) -> dict[str, str]:
    # The demo's Lab knows only the box: no other connection, no setting of the person's own Lab.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POSTHOG_")}
    return kept | {
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
    }


@contextmanager
def _process(command: list[str], log: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run one process beside this one and end it, with a group of its own so that Ctrl-C reaches only us."""
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, stdout=stream, stderr=subprocess.STDOUT, env=environment, start_new_session=True
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def _terminating() -> Iterator[None]:
    """Let SIGTERM end the demo as Ctrl-C does."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _wait_for_box(ready_file: Path, box: subprocess.Popen[bytes], log: Path) -> dict[str, object]:
    deadline_s = time.monotonic() + READY_TIMEOUT_S
    while not ready_file.exists():
        _raise_if_over("The box", box, log, deadline_s)
    found = json.loads(ready_file.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise TypeError("the box's ready file has another form")
    return found


def _wait_for_lab(address: str, lab: subprocess.Popen[bytes], log: Path) -> None:
    deadline_s = time.monotonic() + READY_TIMEOUT_S
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5.0):
                return
        except (urllib.error.URLError, TimeoutError):
            _raise_if_over("Lab", lab, log, deadline_s)


def _raise_if_over(what: str, process: subprocess.Popen[bytes], log: Path, deadline_s: float) -> None:
    """Wait a moment; raise where the process ended or the time is up, with the end of its log."""
    try:
        process.wait(timeout=0.1)
    except subprocess.TimeoutExpired:
        if time.monotonic() < deadline_s:
            return
    last_lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
    raise NotStartedError(program=what, log="\n".join(last_lines))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
