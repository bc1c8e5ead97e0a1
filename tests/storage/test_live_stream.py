"""One stream through its whole life: cut, ended, silent, refused, throttled (posthog-api.md 15.4)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import pytest

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.api.transport import Transport
from jupyter_posthog.errors import UnknownConnectionError
from jupyter_posthog.live_events import LiveEvent, NotebookChanged, NotebookFollowing
from jupyter_posthog.settings import PersonalApiKey
from jupyter_posthog.storage.live import LiveNotebooks, LivePace
from jupyter_posthog.storage.live_stream import StreamFollower, StreamPace
from jupyter_posthog.storage.live_tracking import NotebookTrack
from jupyter_posthog.storage.paths import NotebookAddress
from tests.api.conftest import ApiMaker, connection
from tests.api.conftest import make_api as make_api
from tests.box_fixture import Box
from tests.handlers.live_page import GRACES_HEADERS, save_as_grace, streams, streams_asked, until

STEADY = StreamPace(steady_s=0.0)
OURS = "jupyter-server-of-ada"


class Told(list[LiveEvent]):
    """What pages were told."""

    def changes(self) -> list[tuple[int | None, str, bool]]:
        return [(one.version, one.by, one.is_own) for one in self if isinstance(one, NotebookChanged)]

    def modes(self) -> list[tuple[str, str | None]]:
        return [(one.mode, one.reason) for one in self if isinstance(one, NotebookFollowing)]


def address_of(short_id: str) -> NotebookAddress:
    return NotebookAddress(connection="box", project_id=1, short_id=short_id)


async def no_kernel(connection: str, project_id: int, short_id: str) -> None:
    """A notebook whose kernel nobody follows."""


@asynccontextmanager
async def following(box: Box, short_id: str, pace: StreamPace = STEADY) -> AsyncIterator[Told]:
    """Follow one notebook of the box until the block is left."""
    told = Told()
    api = PosthogApi(Transport(connection(PersonalApiKey(value=box.keys["full"]), box.url)))
    live = LiveNotebooks(
        api=lambda _: api, client_id=OURS, tell=told.append, pace=LivePace(stream=pace), beside=no_kernel
    )
    live.pages.renew("page", {address_of(short_id): box.fetch(short_id)["version"]})
    try:
        await until(lambda: bool(told.modes()))
        yield told
    finally:
        await live.aclose()
        await api.aclose()


def end_streams(box: Box) -> None:
    box.http.delete("/_box/streams").raise_for_status()


def hold_next_stream(box: Box, short_id: str) -> int:
    fault = {"path": f"/{short_id}/collab/stream/", "hold": True}
    return int(box.http.post("/_box/faults", json=fault).json()["id"])


async def test_what_happened_while_the_stream_was_away_comes_with_the_next_one(box: Box) -> None:
    short_id = box.new_markdown("# Plan")
    async with following(box, short_id) as told:
        save_as_grace(box, short_id, "# One")
        await until(lambda: len(told.changes()) == 1)
        held = hold_next_stream(box, short_id)
        end_streams(box)
        await until(lambda: streams(box, short_id) == 0)
        save_as_grace(box, short_id, "# Two")
        save_as_grace(box, short_id, "# Three")

        box.http.post(f"/_box/faults/{held}/release").raise_for_status()
        await until(lambda: len(told.changes()) == 3)

    assert [version for version, _, _ in told.changes()] == [1, 2, 3]


async def test_the_end_after_five_minutes_is_no_failure(box: Box) -> None:
    short_id = box.new_markdown("# Plan")
    async with following(box, short_id) as told:
        for _ in range(3):
            asked = streams_asked(box, short_id)
            end_streams(box)
            await until(lambda asked=asked: streams_asked(box, short_id) > asked and streams(box, short_id) == 1)

    assert told.modes() == [("stream", None)]


async def test_a_silent_stream_is_opened_anew(box: Box) -> None:
    """The box's keepalive comes every 15 s, as PostHog's; for this follower that is silence."""
    short_id = box.new_markdown("# Plan")
    async with following(box, short_id, StreamPace(silence_s=0.2, steady_s=0.0)) as told:
        await until(lambda: streams_asked(box, short_id) >= 3)

    assert told.modes() == [("stream", None)]


async def test_an_event_that_comes_twice_is_told_once(box: Box) -> None:
    short_id = box.new_markdown("# Plan")
    box.fail_next(path=f"/{short_id}/collab/stream/", duplicate_event=True)
    async with following(box, short_id) as told:
        save_as_grace(box, short_id, "# One")
        save_as_grace(box, short_id, "# Two")
        await until(lambda: len(told.changes()) >= 2)

    assert [version for version, _, _ in told.changes()] == [1, 2]


async def test_steps_of_a_rich_notebook_are_told_without_a_version(box: Box) -> None:
    document = {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Plan"}]}]}
    short_id = box.new_notebook(document)
    async with following(box, short_id) as told:
        body = {
            "client_id": "page-of-grace",
            "version": box.fetch(short_id)["version"],
            "steps": [{"stepType": "replace"}],
            "content": document,
        }
        path = f"/api/projects/1/notebooks/{short_id}/collab/save/"
        box.http.post(path, json=body, headers=GRACES_HEADERS).raise_for_status()
        await until(lambda: bool(told.changes()))

    assert told.changes()[0] == (None, "Grace Hopper", False)


async def test_a_connection_that_is_removed_ends_its_streams_in_words(box: Box) -> None:
    short_id = box.new_markdown("# Plan")
    told = Told()
    api = PosthogApi(Transport(connection(PersonalApiKey(value=box.keys["full"]), box.url)))
    known = {"box": api}

    def find(name: str) -> PosthogApi:
        if name not in known:
            raise UnknownConnectionError(name=name)
        return known[name]

    live = LiveNotebooks(api=find, client_id=OURS, tell=told.append, pace=LivePace(stream=STEADY), beside=no_kernel)
    live.pages.renew("page", {address_of(short_id): 0})
    await until(lambda: ("stream", None) in told.modes())
    known.clear()
    await api.aclose()

    await until(lambda: ("off", "unknown_connection") in told.modes())
    await live.aclose()
    assert streams(box, short_id) == 0


class Ended(Exception):
    """Ends a follower that would go on."""


def follower(api: PosthogApi, told: Told, waits: list[float], *, rounds: int, **options: Any) -> StreamFollower:
    """A follower whose waiting is written down, and which ends after so many streams."""
    track = NotebookTrack(address_of("aB3dE5gH"), client_id=OURS, tell=told.append, clock=lambda: 0.0, version=0)

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == rounds:
            raise Ended

    def open_stream(last_event_id: str | None) -> Any:
        return api.collab.follow(1, "aB3dE5gH", last_event_id=last_event_id)

    return StreamFollower(
        track,
        open_stream,
        pace=StreamPace(),
        clock=options.get("clock", lambda: 0.0),
        jitter=lambda: 1.0,
        check_now=options.get("check_now", lambda: None),
        sleep=sleep,
    )


async def run(one: StreamFollower) -> None:
    with suppress(Ended):
        await asyncio.wait_for(one.run(), 20)


def update(number: int) -> bytes:
    data = {"type": "update", "client_id": "page-of-grace", "user_name": "Grace Hopper", "version": number}
    return f"event: update\nid: {number}-1\ndata: {json.dumps(data)}\n\n".encode()


class Cut(httpx.AsyncByteStream):
    """Bytes of a stream, and then the connection is gone."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body
        raise httpx.ReadError("cut")


async def test_a_cut_inside_an_event_resumes_before_it(make_api: ApiMaker) -> None:
    asked: list[str | None] = []
    bodies = [update(1) + update(2)[:30], update(2)]

    def network(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers.get("Last-Event-ID"))
        headers = {"Content-Type": "text/event-stream"}
        return httpx.Response(200, headers=headers, stream=Cut(bodies[len(asked) - 1]))

    told = Told()
    await run(follower(make_api(network), told, [], rounds=2))

    assert asked == [None, "1-1"]
    assert [version for version, _, _ in told.changes()] == [1, 2]


async def test_failures_in_a_row_wait_longer_each_and_at_most_a_minute(make_api: ApiMaker) -> None:
    def network(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("away")

    told, waits = Told(), []
    await run(follower(make_api(network), told, waits, rounds=9))

    assert waits == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]
    assert told.modes() == [("checks", "host_away")]


async def test_an_error_event_counts_as_a_failure(make_api: ApiMaker) -> None:
    body = b'event: error\ndata: {"error": "stream error"}\n\n'
    headers = {"Content-Type": "text/event-stream"}

    told, waits = Told(), []
    await run(follower(make_api(lambda _: httpx.Response(200, headers=headers, content=body)), told, waits, rounds=3))

    assert waits == [1.0, 2.0, 4.0]
    assert ("checks", "server_failed") in told.modes()


async def test_an_event_of_another_form_is_passed_over(make_api: ApiMaker) -> None:
    body = b"event: update\nid: x\ndata: no json\n\nevent: update\ndata: [1]\n\nevent: odd\ndata: {}\n\n" + update(4)
    headers = {"Content-Type": "text/event-stream"}

    told = Told()
    await run(follower(make_api(lambda _: httpx.Response(200, headers=headers, content=body)), told, [], rounds=1))

    assert told.changes() == [(4, "Grace Hopper", False)]


@pytest.mark.parametrize("clock_s", [10.0, 300.0])
async def test_a_stream_that_lived_is_followed_by_the_next_at_once(make_api: ApiMaker, clock_s: float) -> None:
    headers = {"Content-Type": "text/event-stream"}
    moments = iter([0.0, clock_s] * 3)
    clock: Callable[[], float] = lambda: next(moments)  # noqa: E731

    told, waits = Told(), []
    api = make_api(lambda _: httpx.Response(200, headers=headers, content=b": connected\n\n"))
    await run(follower(api, told, waits, rounds=3, clock=clock))

    assert waits == [0.0, 0.0, 0.0]


async def test_a_request_limit_is_waited_for(make_api: ApiMaker) -> None:
    detail = "Request was throttled. Expected available in 42 seconds."
    asked: list[str] = []

    def network(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(429, json={"detail": detail})

    told, waits = Told(), []
    await run(follower(make_api(network), told, waits, rounds=2))

    assert waits[0] == 43.0
    assert 42.0 < waits[1] <= 43.0
    assert len(asked) == 1  # the pause held the second one back
    assert told.modes() == [("checks", "rate_limited")]


@pytest.mark.parametrize(
    ("status", "detail", "reason"),
    [
        (403, "API key missing required scope 'notebook:read'", "missing_scope"),
        (403, "This action does not support personal API key access", "key_not_supported"),
        (404, "Not found.", "endpoint_missing"),
        (401, "Invalid.", "key_refused"),
    ],
)
async def test_a_refused_stream_is_left_alone_and_the_version_is_checked(
    make_api: ApiMaker, status: int, detail: str, reason: str
) -> None:
    checks: list[int] = []

    told, waits = Told(), []
    api = make_api(lambda _: httpx.Response(status, json={"detail": detail}))
    await run(follower(api, told, waits, rounds=1, check_now=lambda: checks.append(1)))

    assert (waits, told.modes(), checks) == ([600.0], [("checks", reason)], [1])


async def test_a_refused_stream_is_asked_for_at_most_three_times_a_minute(make_api: ApiMaker) -> None:
    asked: list[str] = []

    def network(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(404, json={"detail": "Not found."})

    await run(follower(make_api(network), Told(), [], rounds=6))

    assert len(asked) == 3


async def test_a_page_in_place_of_a_stream_is_no_stream(make_api: ApiMaker) -> None:
    api = make_api(lambda _: httpx.Response(200, headers={"Content-Type": "text/html"}, text="<html>"))
    told = Told()

    await run(follower(api, told, [], rounds=2))

    assert ("checks", "not_posthog") in told.modes()
    assert ("stream", None) not in told.modes()
