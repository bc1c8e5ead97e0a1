"""A Jupyter server of one person in a process of its own, as JupyterHub starts it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

WAIT_TRIES = 300


class Server:
    """One person's Jupyter server below a prefix of its own."""

    process_id = 0

    def __init__(self, person: str, port: int, folder: Path) -> None:
        self.person = person
        self.folder = folder
        self.root = f"http://127.0.0.1:{port}"
        self.token = f"token-of-{person}"
        self.prefix = f"/user/{person}"
        headers = {"Authorization": f"token {self.token}"}
        self.http = httpx.Client(base_url=self.root, headers=headers, trust_env=False, timeout=60.0)

    def get(self, address: str, **params: str) -> httpx.Response:
        return self.http.get(f"{self.prefix}/posthog/{address}", params=params)

    def get_as(self, other: Server, path: str) -> httpx.Response:
        """Ask with the other person's token, and without the cookie that the own one brought."""
        headers = {"Authorization": f"token {other.token}"}
        return httpx.get(f"{self.root}{self.prefix}/posthog/{path}", headers=headers, trust_env=False)

    def send(self, method: str, path: str, body: Any) -> httpx.Response:
        return self.http.request(method, f"{self.prefix}/posthog/{path}", json=body)


def environment_of(folder: Path) -> dict[str, str]:
    """The environment of a person whose home is this folder, without a word about PostHog."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("POSTHOG_")}
    environment["HOME"] = str(folder)
    for name in ("CONFIG", "DATA", "RUNTIME"):
        (folder / name.lower()).mkdir(parents=True, exist_ok=True)
        environment[f"JUPYTER_{name}_DIR"] = str(folder / name.lower())
    return environment


@contextmanager
def server_of(person: str, folder: Path, credential: dict[str, str]) -> Iterator[Server]:
    """Run a server with this environment besides; its log is ``server.log`` in the person's folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(person, port, folder)
    environment = environment_of(folder) | credential
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--ServerApp.base_url={server.prefix}/"]
    command += [f"--IdentityProvider.token={server.token}", f"--ServerApp.root_dir={folder}"]
    command += ['--ServerApp.jpserver_extensions={"jupyter_posthog": True}', "--log-level=DEBUG"]
    log = folder / "server.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=subprocess.STDOUT, env=environment)
        server.process_id = process.pid
        try:
            wait_until_it_answers(server, process, log)
            yield server
        finally:
            server.http.close()
            process.terminate()
            process.wait(30)


def wait_until_it_answers(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(WAIT_TRIES):
        try:
            if server.http.get(f"{server.prefix}/api").status_code == 200:
                return
        except httpx.TransportError:
            pass
        try:
            process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
        break
    raise AssertionError(f"the server did not come:\n{log.read_text()}")
