"""A stream from the inside: who listens, and what is left when nobody does (posthog-api.md 15.4)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from jupyter_posthog.box import collaboration_handlers
from jupyter_posthog.box.credentials import ADAS_SESSION
from jupyter_posthog.box.origins import LocalApplication
from jupyter_posthog.box.profiles import PROFILES
from jupyter_posthog.box.server import LOOPBACK, Box, rules

LIMIT_S = 20.0
PATH = "/api/projects/1/notebooks/heard/collab/stream/"


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[tuple[Box, str]]:
    """Serve a box's routes in this process, without its engines: there is one ClickHouse a process."""
    box = Box(PROFILES["cloud"], folder)
    box.store.create(title="Heard", content=None, text_content=None, short_id="heard")
    server = HTTPServer(LocalApplication(rules(box, has_faults=False)))
    sockets = bind_sockets(0, LOOPBACK)
    server.add_sockets(sockets)
    try:
        yield box, f"http://{LOOPBACK}:{sockets[0].getsockname()[1]}"
    finally:
        server.stop()
        await server.close_all_connections()
        box.store.close()


async def follow(box: Box, url: str, lines: int) -> list[str]:
    """Read some lines of a stream and hang up."""
    headers = {"Cookie": f"sessionid={ADAS_SESSION.cookie}"}
    seen: list[str] = []
    async with (
        httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as client,
        client.stream("GET", PATH, timeout=LIMIT_S) as answer,
    ):
        assert box.collaboration.listeners("heard") == 1
        async for line in answer.aiter_lines():
            if line:
                seen.append(line)
            if len(seen) == lines:
                break
    return seen


async def until_nobody_listens(box: Box) -> None:
    while box.collaboration.listeners("heard"):  # noqa: ASYNC110  # what the box does has no event for a test
        await asyncio.sleep(0)


def test_a_stream_keeps_alive_and_is_forgotten_when_the_page_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collaboration_handlers, "KEEPALIVE_S", 0.01)

    async def live() -> list[str]:
        async with serving(tmp_path) as (box, url):
            seen = await follow(box, url, 3)
            await asyncio.wait_for(until_nobody_listens(box), LIMIT_S)
            return seen

    assert asyncio.run(live()) == [": connected", ": keepalive", ": keepalive"]


def test_a_stream_ends_after_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collaboration_handlers, "LONGEST_STREAM_S", 0.05)

    async def live() -> list[str]:
        async with serving(tmp_path) as (box, url):
            return await asyncio.wait_for(follow(box, url, 1_000), LIMIT_S)

    assert asyncio.run(live()) == [": connected"]
