"""Two people with servers of their own on one machine, as JupyterHub runs them: nothing of one is with the other."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from jupyter_posthog.box.credentials import GRACES_SESSION
from tests.box_fixture import Box

WAIT_TRIES = 300


class Server:
    """One person's Jupyter server below a prefix of its own."""

    def __init__(self, person: str, port: int) -> None:
        self.person = person
        self.root = f"http://127.0.0.1:{port}"
        self.token = f"token-of-{person}"
        self.prefix = f"/user/{person}"
        headers = {"Authorization": f"token {self.token}"}
        self.http = httpx.Client(base_url=self.root, headers=headers, trust_env=False, timeout=60.0)

    def get(self, path: str) -> httpx.Response:
        return self.http.get(f"{self.prefix}/posthog/{path}")

    def get_as(self, other: Server, path: str) -> httpx.Response:
        """Ask with the other person's token, and without the cookie that the own one brought."""
        headers = {"Authorization": f"token {other.token}"}
        return httpx.get(f"{self.root}{self.prefix}/posthog/{path}", headers=headers, trust_env=False)

    def send(self, method: str, path: str, body: Any) -> httpx.Response:
        return self.http.request(method, f"{self.prefix}/posthog/{path}", json=body)


@contextmanager
def server_of(person: str, folder: Path, credential: dict[str, str]) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(person, port)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("POSTHOG_")}
    environment |= credential | {"HOME": str(folder)}
    for name in ("CONFIG", "DATA", "RUNTIME"):
        (folder / name.lower()).mkdir(parents=True)
        environment[f"JUPYTER_{name}_DIR"] = str(folder / name.lower())
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--ServerApp.base_url={server.prefix}/"]
    command += [f"--IdentityProvider.token={server.token}", f"--ServerApp.root_dir={folder}"]
    command += ['--ServerApp.jpserver_extensions={"jupyter_posthog": True}', "--log-level=DEBUG"]
    log = folder / "server.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=subprocess.STDOUT, env=environment)
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


@pytest.fixture
def people(box: Box, tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    here = {"POSTHOG_HOST": box.url, "POSTHOG_PROJECT_ID": "1"}
    adas = here | {"POSTHOG_PERSONAL_API_KEY": box.keys["full"]}
    graces = here | {
        "POSTHOG_SESSION_COOKIE": GRACES_SESSION.cookie,
        "POSTHOG_CSRF_TOKEN": GRACES_SESSION.csrf,
    }
    with server_of("ada", tmp_path / "ada", adas) as ada, server_of("grace", tmp_path / "grace", graces) as grace:
        yield ada, grace


def name_of(server: Server) -> str:
    (connection,) = server.get("status").json()["connections"]
    name: str = connection["user"]["name"]
    return name


def test_two_servers_side_by_side_never_mix(box: Box, people: tuple[Server, Server], tmp_path: Path) -> None:
    ada, grace = people

    assert (name_of(ada), name_of(grace)) == ("Ada Lovelace", "Grace Hopper")

    for server, author in ((ada, "Ada"), (grace, "Grace"), (ada, "Ada")):
        created = server.send("POST", "api/projects/1/notebooks/", {"title": f"Of {author}"}).json()
        assert created["created_by"]["first_name"] == author

    added = ada.send("PUT", "connections/mine", {"host": box.url, "key": box.keys["read_only"]})
    assert added.status_code == 201
    assert [one["name"] for one in ada.get("connections").json()["connections"]] == ["env", "mine"]
    assert [one["name"] for one in grace.get("connections").json()["connections"]] == ["env"]
    assert grace.get("@mine/api/projects/1/notebooks/").json()["reason"] == "unknown_connection"

    assert grace.get_as(ada, "status").status_code == 403
    assert grace.http.get("/posthog/status").status_code == 404
    assert grace.http.get(f"{ada.prefix}/posthog/status").status_code == 404
    check_nothing_of_one_is_with_the_other(box, ada, grace, tmp_path)


def check_nothing_of_one_is_with_the_other(box: Box, ada: Server, grace: Server, folder: Path) -> None:
    adas_secrets = {box.keys["full"], box.keys["read_only"]}
    graces_secrets = {GRACES_SESSION.cookie, GRACES_SESSION.csrf}
    for server, foreign in ((ada, graces_secrets), (grace, adas_secrets)):
        said = json.dumps([server.get("status").json(), server.get("connections").json()])
        kept = [file for file in (folder / server.person).rglob("*") if file.is_file()]
        texts = [said, *(file.read_text(errors="replace") for file in kept)]

        assert not [secret for secret in foreign for text in texts if secret in text]
    for server, own in ((ada, adas_secrets), (grace, graces_secrets)):
        log = (folder / server.person / "server.log").read_text(errors="replace")

        assert not [secret for secret in own if secret in log]
