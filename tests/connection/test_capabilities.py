"""What each credential may do on each kind of server, as PostHog answers it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from jupyter_posthog.connection.capability_book import UNKNOWN_VALID_S, VALID_S
from jupyter_posthog.connection.connections import Connections
from jupyter_posthog.connection.families import Family
from jupyter_posthog.connection.limits import limited_transport
from jupyter_posthog.errors import KeyRefusedError, NotebookNotFoundError
from jupyter_posthog.settings import Policy, Settings, load_settings
from tests.box_fixture import Box

YES = ("yes", None)
NO_SCOPE = ("no", "missing_scope")
NO_KEYS = ("no", "key_not_supported")
GONE = ("no", "endpoint_missing")
TOO_OLD = ("no", "server_too_old")
FLAG_OFF = ("no", "flag_off")
NOT_SAID = ("unknown", None)

KEY_ON_CLOUD = {
    Family.LIST: YES,
    Family.WRITE: YES,
    Family.ACTIVITY: YES,
    Family.ALL_ACTIVITY: NO_KEYS,
    Family.RECORDING_COMMENTS: NO_KEYS,
    Family.KERNEL_CONTROL: NO_KEYS,
    Family.EXECUTE: NO_KEYS,
    Family.STREAM: GONE,
    Family.DATAFRAME: GONE,
    Family.RUNS: YES,
    Family.QUERY: YES,
    Family.COLLAB: YES,
    Family.COMPLETE_INSPECT: YES,
}
SESSION_ON_CLOUD = dict.fromkeys(Family, YES) | {Family.STREAM: GONE, Family.DATAFRAME: GONE}
KEY_ON_LEGACY = KEY_ON_CLOUD | {
    Family.WRITE: NOT_SAID,
    Family.STREAM: NO_KEYS,
    Family.DATAFRAME: NO_KEYS,
    Family.RUNS: TOO_OLD,
    Family.COLLAB: TOO_OLD,
    Family.COMPLETE_INSPECT: TOO_OLD,
}
OLD = {Family.RUNS: TOO_OLD, Family.COLLAB: TOO_OLD, Family.COMPLETE_INSPECT: TOO_OLD}
READ_ONLY = {Family.WRITE: NO_SCOPE, Family.RUNS: NO_SCOPE, Family.COLLAB: NO_SCOPE, Family.COMPLETE_INSPECT: NO_SCOPE}

TABLE = {
    ("cloud", "full"): KEY_ON_CLOUD,
    ("cloud", "read_only"): KEY_ON_CLOUD | READ_ONLY,
    ("cloud", "no_query"): KEY_ON_CLOUD | {Family.RUNS: NO_SCOPE, Family.QUERY: NO_SCOPE},
    ("cloud", "one_project"): KEY_ON_CLOUD,
    ("cloud", "unscoped"): KEY_ON_CLOUD,
    ("cloud", "oauth"): KEY_ON_CLOUD | {Family.WRITE: NOT_SAID},
    ("cloud", "session"): SESSION_ON_CLOUD,
    ("flag-off", "full"): KEY_ON_CLOUD | {Family.RUNS: FLAG_OFF},
    ("flag-off", "session"): SESSION_ON_CLOUD | {Family.RUNS: FLAG_OFF},
    ("legacy", "full"): KEY_ON_LEGACY,
    ("legacy", "unscoped"): dict.fromkeys(Family, YES) | OLD | {Family.WRITE: NOT_SAID},
    ("legacy", "session"): dict.fromkeys(Family, YES) | OLD,
}

SCRATCHPAD_KERNEL = "/api/projects/1/notebooks/scratchpad/kernel/status/"


class Clock:
    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        self.now_s += 0.001
        return self.now_s


def settings_of(box: Box, credential: str) -> Settings:
    environment = {"POSTHOG_HOST": box.url, "POSTHOG_PROJECT_ID": "1"}
    if credential == "session":
        return load_settings(
            environment | {"POSTHOG_SESSION_COOKIE": box.session["cookie"], "POSTHOG_CSRF_TOKEN": box.session["csrf"]},
            [],
        )
    return load_settings(environment | {"POSTHOG_PERSONAL_API_KEY": box.keys[credential]}, [])


@asynccontextmanager
async def connected(
    box: Box, credential: str, folder: Path, clock: Callable[[], float] | None = None
) -> AsyncIterator[Connections]:
    opened = limited_transport(folder, per_minute=240, policy=Policy())
    connections = Connections(settings_of(box, credential), open_transport=opened, clock=clock or Clock())
    yield connections
    await connections.aclose()


@pytest.mark.parametrize(("profile", "credential"), TABLE)
async def test_each_family_is_answered_with_its_reason(
    boxes: Callable[[str], Box], tmp_path: Path, profile: str, credential: str
) -> None:
    async with connected(boxes(profile), credential, tmp_path) as connections:
        found = await connections.capabilities("env", 1)

    assert {family: (one.state.value, one.reason) for family, one in found.items()} == TABLE[profile, credential]
    assert all(one.remedy for one in found.values() if not one.is_yes)


async def test_nothing_is_started_written_or_asked_outside_the_documented_routes(box: Box, tmp_path: Path) -> None:
    version = box.http.get("/api/projects/1/notebooks/?limit=1").json()
    kernel = box.http.get(SCRATCHPAD_KERNEL).json()
    before = len(box.requests())

    async with connected(box, "session", tmp_path) as connections:
        await connections.capabilities("env", 1)

    assert box.http.get("/api/projects/1/notebooks/?limit=1").json() == version
    now = box.http.get(SCRATCHPAD_KERNEL).json()
    assert (now["status"], now["runtime_id"]) == (kernel["status"], kernel["runtime_id"])
    posts = [request["path"] for request in box.requests()[before:] if request["method"] == "POST"]
    assert {path.rstrip("/").split("/notebooks/")[-1].split("/", 1)[-1] for path in posts} <= {
        "kernel/execute",
        "kernel/execute/stream",
        "kernel/complete",
        "api/projects/1/query",
    }


async def test_answers_are_kept_for_a_while(box: Box, tmp_path: Path) -> None:
    clock = Clock()
    async with connected(box, "full", tmp_path, clock) as connections:
        first = await connections.capabilities("env", 1)
        before = len(box.requests())
        assert await connections.capabilities("env", 1) == first
        assert len(box.requests()) == before

        clock.now_s += VALID_S
        await connections.capabilities("env", 1)

        assert len(box.requests()) > before


async def test_what_was_not_answered_is_asked_again_soon(box: Box, tmp_path: Path) -> None:
    clock = Clock()
    async with connected(box, "full", tmp_path, clock) as connections:
        box.fail_next(method="POST", path="/api/projects/1/notebooks/scratchpad/kernel/execute", status=500)
        first = await connections.capabilities("env", 1)
        assert first[Family.EXECUTE].state.value == "unknown"

        clock.now_s += UNKNOWN_VALID_S
        again = await connections.capabilities("env", 1)

        assert again[Family.EXECUTE].reason == "key_not_supported"


async def test_an_answer_seen_elsewhere_settles_what_was_not_known(boxes: Callable[[str], Box], tmp_path: Path) -> None:
    box = boxes("legacy")
    async with connected(box, "full", tmp_path) as connections:
        assert (await connections.capabilities("env", 1))[Family.WRITE].state.value == "unknown"

        await connections.api("env").notebooks.create(1, title="Seen")

        assert (await connections.capabilities("env", 1))[Family.WRITE].is_yes


async def test_no_such_notebook_is_no_missing_endpoint(box: Box, tmp_path: Path) -> None:
    async with connected(box, "full", tmp_path) as connections:
        with pytest.raises(NotebookNotFoundError):
            await connections.capabilities("env", 1, "noSuchOne")


async def test_a_wrong_key_is_no_set_of_answers(box: Box, tmp_path: Path) -> None:
    async with connected(box, "expired", tmp_path) as connections:
        with pytest.raises(KeyRefusedError):
            await connections.capabilities("env", 1)


async def test_capabilities_of_one_notebook_are_asked_about_it(box: Box, tmp_path: Path) -> None:
    short_id = box.new_markdown("# One")
    async with connected(box, "full", tmp_path) as connections:
        found = await connections.capabilities("env", 1, short_id)

    assert found[Family.RUNS].is_yes
    assert any(short_id in request["path"] and "sql_v2/state" in request["path"] for request in box.requests())
