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

from benchmarks.running import box_variables, direct_client, running_box

_TOKEN = "benchmark"  # noqa: S105  # of a server on loopback that lives for this run


@contextmanager
def running(
    folder: Path, *, profile: str, options: tuple[str, ...] = ()
) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """Run a box and a Jupyter server before it; give a client of each, both with the session of the box's person."""
    with running_box(profile, *options) as box, direct_client(box) as direct:
        variables = {
            **box_variables(box, box["session"]),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
            "JUPYTER_DATA_DIR": str(folder / "jupyter"),
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
        }
        config = ["--no-browser", "--allow-root", f"--IdentityProvider.token={_TOKEN}", "--ServerApp.port=0"]
        config += ["--ServerApp.jpserver_extensions={'jupyter_posthog': True}", f"--ServerApp.root_dir={folder}"]
        process = _start(["-m", "jupyter_server", *config], variables)
        try:
            url = f"{_server_url(folder / 'runtime')}posthog"
            headers = {"Authorization": f"token {_TOKEN}"}
            with httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=60) as proxied:
                yield direct, proxied
        finally:
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
