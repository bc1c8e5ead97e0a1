"""Boxes and kernels that benchmarks start and end."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

KERNEL_SPEC = Path(__file__).parent.parent / "kernelspec"


def resident_mb(manager: KernelManager) -> float:
    """Return the memory of a kernel's process."""
    status = Path(f"/proc/{manager.provisioner.pid}/status").read_text()  # type: ignore[union-attr]
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def new_notebook(direct: httpx.Client) -> str:
    """Create a notebook; return its address in the API."""
    created = direct.post("/api/projects/1/notebooks/", json={"title": "Measured"}).json()
    return f"/api/projects/1/notebooks/{created['short_id']}/"


def kernel_variables(box: dict[str, Any], place: str, credential: Any) -> dict[str, str]:
    """Return the environment of a kernel on one notebook."""
    return box_variables(box, credential) | {"POSTHOG_NOTEBOOK": place.split("/")[-2]}


def box_variables(box: dict[str, Any], credential: Any) -> dict[str, str]:
    """Return the environment of a process that is connected to a box with a key or a session."""
    common = {"POSTHOG_HOST": box["url"], "POSTHOG_PROJECT_ID": "1"}
    if isinstance(credential, str):
        return common | {"POSTHOG_PERSONAL_API_KEY": credential}
    return common | {"POSTHOG_SESSION_COOKIE": credential["cookie"], "POSTHOG_CSRF_TOKEN": credential["csrf"]}


@contextmanager
def running_kernel(variables: dict[str, str]) -> Iterator[tuple[KernelManager, Any]]:
    """Run a kernel on a notebook; give it and a client of it."""
    with tempfile.TemporaryDirectory() as folder:
        folders = {f"JUPYTER_{name}_DIR": f"{folder}/{name.lower()}" for name in ("CONFIG", "DATA", "RUNTIME")}
        manager = KernelManager(kernel_name="posthog")
        manager._kernel_spec = KernelSpec.from_resource_dir(str(KERNEL_SPEC))
        manager.start_kernel(env={**os.environ, **folders, **variables}, cwd=folder)
        client = manager.blocking_client()
        client.start_channels()
        # Asked again and again, since a question that comes before the kernel listens is lost only after a second.
        client.wait_for_ready(timeout=60)
        try:
            yield manager, client
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=False)


@contextmanager
def running_box(profile: str, *options: str) -> Iterator[dict[str, Any]]:
    """Run a box; give what it says about itself."""
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.json"
        command = [sys.executable, "-m", "jupyter_posthog.box", "--profile", profile, "--port", "0"]
        command += ["--no-rate-limits", "--data", f"{folder}/data", "--ready-file", str(ready), *options]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            deadline_s = time.monotonic() + 60
            while not ready.exists():
                if time.monotonic() > deadline_s:
                    raise RuntimeError("The box did not start.")
                time.sleep(0.01)
            yield json.loads(ready.read_text())
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


@contextmanager
def direct_client(box: dict[str, Any]) -> Iterator[httpx.Client]:
    """Give a plain HTTP client of a box, as a browser session."""
    session = box["session"]
    cookies = {"sessionid": session["cookie"], "posthog_csrftoken": session["csrf"]}
    headers = {"X-CSRFToken": session["csrf"]}
    with httpx.Client(base_url=box["url"], cookies=cookies, headers=headers, trust_env=False, timeout=60) as client:
        yield client
