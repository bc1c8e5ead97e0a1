"""A box, and a Jupyter server connected to it, for the time of a measurement."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

_TOKEN = "benchmark"  # noqa: S105  # of a server on loopback that lives for this run


@contextmanager
def running(
    folder: Path, *, profile: str, options: tuple[str, ...] = ()
) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """Run a box and a Jupyter server before it; give a client of each, both with the session of the box's person."""
    ready = folder / "ready.json"
    command = ["--profile", profile, "--port", "0", "--no-rate-limits", "--data", str(folder / "data"), *options]
    processes = [_start(["-m", "jupyter_posthog.box", *command, "--ready-file", str(ready)], {})]
    try:
        _wait(ready)
        box = json.loads(ready.read_text())
        session = box["session"]
        variables = {
            "POSTHOG_HOST": box["url"],
            "POSTHOG_PROJECT_ID": "1",
            "POSTHOG_SESSION_COOKIE": session["cookie"],
            "POSTHOG_CSRF_TOKEN": session["csrf"],
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
            "JUPYTER_DATA_DIR": str(folder / "jupyter"),
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
        }
        config = ["--no-browser", "--allow-root", f"--IdentityProvider.token={_TOKEN}", "--ServerApp.port=0"]
        config += ["--ServerApp.jpserver_extensions={'jupyter_posthog': True}", f"--ServerApp.root_dir={folder}"]
        processes.append(_start(["-m", "jupyter_server", *config], variables))
        server = _server_url(folder / "runtime")
        cookies = {"sessionid": session["cookie"], "posthog_csrftoken": session["csrf"]}
        csrf = {"X-CSRFToken": session["csrf"]}
        with (
            httpx.Client(base_url=box["url"], cookies=cookies, headers=csrf, trust_env=False, timeout=60) as direct,
            httpx.Client(
                base_url=f"{server}posthog", headers={"Authorization": f"token {_TOKEN}"}, trust_env=False, timeout=60
            ) as proxied,
        ):
            yield direct, proxied
    finally:
        for process in reversed(processes):
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _start(arguments: list[str], variables: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        env={**os.environ, **variables},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _server_url(runtime: Path) -> str:
    deadline_s = time.monotonic() + 60
    while time.monotonic() < deadline_s:
        for file in runtime.glob("jpserver-*.json"):
            with suppress(ValueError):  # it may be half written
                return str(json.loads(file.read_text())["url"])
        time.sleep(0.05)
    raise RuntimeError("The Jupyter server did not start.")


def _wait(file: Path) -> None:
    deadline_s = time.monotonic() + 60
    while not file.exists():
        if time.monotonic() > deadline_s:
            raise RuntimeError("The box did not start.")
        time.sleep(0.01)
