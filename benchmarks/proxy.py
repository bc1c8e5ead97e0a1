"""What the proxy adds to a request and to an event of a stream, over the same box in the same run."""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from benchmarks.figure import Figure

REQUESTS, EVENTS = 300, 100
TOKEN = "benchmark"  # noqa: S105  # of a server on loopback that lives for this run
_EVENTS_CODE = f"import time\nfor _ in range({EVENTS}):\n    print(time.time(), flush=True)\n    time.sleep(0.02)"


def figures() -> Iterator[Figure]:
    """Yield the figures of this file."""
    with tempfile.TemporaryDirectory() as folder, _running(Path(folder)) as (direct, proxied):
        created = direct.post("/api/projects/1/notebooks/", json={"title": "Measured"}).json()
        path = f"/api/projects/1/notebooks/{created['short_id']}/"
        raw, ours = _interleaved(direct, proxied, path)
        for name, share in (("median", 0.5), ("p99", 0.99)):
            reference = _quantile(raw, share)
            yield Figure(
                name=f"proxy.overhead.{name}",
                value=_quantile(ours, share) - reference,
                unit="ms",
                reference=reference,
                note=f"retrieve one notebook, {REQUESTS} requests each way, in turns",
            )
        raw, ours = _event_ages(direct, path), _event_ages(proxied, path)
        yield Figure(
            name="proxy.stream.event.median",
            value=statistics.median(ours),
            unit="ms",
            reference=statistics.median(raw),
            note="age of a printed line when it arrives through the proxy; reference without it",
        )


def _interleaved(direct: httpx.Client, proxied: httpx.Client, path: str) -> tuple[list[float], list[float]]:
    """Return times in milliseconds; in turns, so that what else the machine does meets both alike."""
    raw, ours = [], []
    for number in range(REQUESTS + 10):
        for client, times in ((direct, raw), (proxied, ours)):
            started_s = time.perf_counter()
            client.get(path).raise_for_status()
            if number >= 10:  # the first ones open connections and load modules
                times.append((time.perf_counter() - started_s) * 1000)
    return raw, ours


def _event_ages(client: httpx.Client, path: str) -> list[float]:
    ages = []
    with client.stream("POST", f"{path}kernel/execute/stream/", json={"code": _EVENTS_CODE}) as response:
        for line in response.iter_lines():
            now_s = time.time()
            if line.startswith('data: {"text"') and line.count("\\n") == 1:
                ages.append((now_s - float(json.loads(line[6:])["text"])) * 1000)
    return ages


def _quantile(times: list[float], share: float) -> float:
    return sorted(times)[int(len(times) * share)]


@contextmanager
def _running(folder: Path) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """Run a box of the documented API and a Jupyter server before it; give a client of each."""
    ready = folder / "ready.json"
    options = ["--profile", "legacy", "--port", "0", "--no-rate-limits", "--data", str(folder / "data")]
    processes = [_start(["-m", "jupyter_posthog.box", *options, "--ready-file", str(ready)], {})]
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
        config = ["--no-browser", "--allow-root", f"--IdentityProvider.token={TOKEN}", "--ServerApp.port=0"]
        config += ["--ServerApp.jpserver_extensions={'jupyter_posthog': True}", f"--ServerApp.root_dir={folder}"]
        processes.append(_start(["-m", "jupyter_server", *config], variables))
        server = _server_url(folder / "runtime")
        cookies = {"sessionid": session["cookie"], "posthog_csrftoken": session["csrf"]}
        csrf = {"X-CSRFToken": session["csrf"]}
        with (
            httpx.Client(base_url=box["url"], cookies=cookies, headers=csrf, trust_env=False, timeout=60) as direct,
            httpx.Client(
                base_url=f"{server}posthog", headers={"Authorization": f"token {TOKEN}"}, trust_env=False, timeout=60
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
