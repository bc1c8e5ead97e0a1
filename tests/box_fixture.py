"""PostHog in a box for tests: one real process per profile and test run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.canary import SECRETS

READY_TIMEOUT_S = 60.0


class Box:
    """A running box, as a plain HTTP client sees it."""

    def __init__(self, profile: str, ready: dict[str, Any]) -> None:
        self.profile = profile
        self.url: str = ready["url"]
        self.keys: dict[str, str] = ready["keys"]
        self.session: dict[str, str] = ready["session"]
        SECRETS.update(self.keys.values(), self.session.values())
        self.http = httpx.Client(base_url=self.url, headers=self.session_headers(), trust_env=False, timeout=60.0)

    def session_headers(self) -> dict[str, str]:
        cookie, csrf = self.session["cookie"], self.session["csrf"]
        return {"Cookie": f"sessionid={cookie}; posthog_csrftoken={csrf}", "X-CSRFToken": csrf}

    def environment(self, key: str = "full") -> dict[str, str]:
        """The variables of a person who is connected: a key where keys run cells, else the session."""
        common = {"POSTHOG_HOST": self.url, "POSTHOG_PROJECT_ID": "1"}
        if self.profile == "legacy":
            return common | {
                "POSTHOG_SESSION_COOKIE": self.session["cookie"],
                "POSTHOG_CSRF_TOKEN": self.session["csrf"],
            }
        return common | {"POSTHOG_PERSONAL_API_KEY": self.keys[key]}

    def new_notebook(self, content: Any = None, title: str = "A test") -> str:
        """Create a notebook and return its short_id."""
        body = {"title": title} | ({} if content is None else {"content": content})
        answer = self.http.post("/api/projects/1/notebooks/", json=body)
        answer.raise_for_status()
        return str(answer.json()["short_id"])

    def new_markdown(self, markdown: str, title: str = "A test") -> str:
        """Create a Markdown notebook and return its short_id."""
        attributes = {"nodeId": "markdown-notebook-v2", "markdown": markdown}
        return self.new_notebook(
            {"type": "doc", "content": [{"type": "ph-markdown-notebook", "attrs": attributes}]}, title
        )

    def fetch(self, short_id: str) -> dict[str, Any]:
        """Return a notebook's record."""
        answer = self.http.get(f"/api/projects/1/notebooks/{short_id}/")
        answer.raise_for_status()
        record: dict[str, Any] = answer.json()
        return record

    def markdown(self, short_id: str) -> str:
        """Return a Markdown notebook's text."""
        text: str = self.fetch(short_id)["content"]["content"][0]["attrs"]["markdown"]
        return text

    def count(self) -> int:
        """Return how many notebooks the project has."""
        found: int = self.http.get("/api/projects/1/notebooks/", params={"limit": 1}).json()["count"]
        return found

    def put_content(self, short_id: str, content: Any) -> None:
        """Store a document as an old front end would: as it is."""
        version = self.fetch(short_id)["version"]
        body = {"content": content, "version": version}
        self.http.patch(f"/api/projects/1/notebooks/{short_id}/", json=body).raise_for_status()

    def edit_elsewhere(self, short_id: str, content: Any) -> None:
        """Let a colleague save."""
        self.http.post("/_box/edit", json={"short_id": short_id, "content": content}).raise_for_status()

    def fail_next(self, **fault: Any) -> None:
        """Arrange a fault for requests to come."""
        self.http.post("/_box/faults", json=fault).raise_for_status()

    def requests(self) -> list[dict[str, Any]]:
        """Return what was asked so far."""
        answer = self.http.get("/_box/requests").json()
        found: list[dict[str, Any]] = answer["requests"] if isinstance(answer, dict) else answer
        return found

    def writes(self) -> int:
        """Return how many requests so far wanted to change a notebook."""
        return sum(
            request["method"] in {"POST", "PUT", "PATCH"} and "/notebooks" in request["path"]
            for request in self.requests()
        )


def start_box(profile: str, folder: Path, *options: str) -> Iterator[Box]:
    """Run a box until the iterator goes on."""
    ready_file = folder / "ready.json"
    command = [sys.executable, "-m", "jupyter_posthog.box", "--profile", profile, "--port", "0", "--faults"]
    command += ["--data", str(folder / "data"), "--ready-file", str(ready_file), *options]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("POSTHOG_")}
    log = folder / "box.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=subprocess.STDOUT, env=environment)
        try:
            wait_for_file(ready_file, process, log)
            box = Box(profile, json.loads(ready_file.read_text()))
            yield box
            box.http.close()
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0, log.read_text()


def wait_for_file(file: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a process has written a file; fail with its log where it ends first or takes too long."""
    for _ in range(int(READY_TIMEOUT_S * 10)):
        if file.exists():
            return
        try:
            process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
        break
    raise AssertionError(f"{file.name} did not come:\n{log.read_text()}")


@pytest.fixture(scope="session")
def boxes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Box]]:
    """Give the running box of a profile; started at its first use, ended with the test run."""
    running: dict[str, tuple[Box, Iterator[Box]]] = {}

    def give(profile: str) -> Box:
        if profile not in running:
            iterator = start_box(profile, tmp_path_factory.mktemp(f"box-{profile}"), "--no-rate-limits")
            running[profile] = (next(iterator), iterator)
        return running[profile][0]

    yield give
    for _, iterator in running.values():
        next(iterator, None)


@pytest.fixture
def box(boxes: Callable[[str], Box]) -> Box:
    """The box as PostHog is today."""
    return boxes("cloud")
