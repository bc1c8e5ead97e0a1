"""A PostHog that lies, drips, floods and redirects, over real sockets: the client stays inside its limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.api.transport import Transport
from jupyter_posthog.api.wire import MAXIMUM_ANSWER_BYTES
from jupyter_posthog.errors import (
    AnswerTooLargeError,
    HostAwayError,
    NotPosthogError,
    PosthogError,
    RateLimitedError,
)
from jupyter_posthog.messages import sentence_with_detail
from tests.api.conftest import CANARY, connection

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Hostile:
    """A server on a real socket; counts requests and the bytes it could get rid of."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.requests: list[bytes] = []
        self.released = asyncio.Event()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                self.requests.append(head)
                await self._answer(writer)
                if writer.is_closing():
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


@asynccontextmanager
async def served(answer: Answer) -> AsyncIterator[tuple[PosthogApi, Hostile]]:
    hostile = Hostile(answer)
    server = await asyncio.start_server(hostile, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    api = PosthogApi(Transport(connection(host=f"http://127.0.0.1:{port}")))
    try:
        yield api, hostile
    finally:
        await api.aclose()
        server.close()


def answering(head: str, body: bytes = b"") -> Answer:
    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
        await writer.drain()

    return answer


def closing(head: str, body: bytes) -> Answer:
    async def answer(writer: asyncio.StreamWriter) -> None:
        await answering(head, body)(writer)
        writer.close()

    return answer


async def refused_by(api: PosthogApi) -> PosthogError:
    with pytest.raises(PosthogError) as caught:
        await api.transport.send("GET", "/api/projects/1/notebooks/x/")
    sentence = sentence_with_detail(caught.value)
    assert sentence.endswith((".", "!", "?"))
    assert CANARY not in sentence
    return caught.value


async def test_a_flood_is_cut_off() -> None:
    sent = 0

    async def flood(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n[")
        while sent < 2**30:
            writer.write(b" " * 2**20)
            sent += 2**20
            await writer.drain()

    async with served(flood) as (api, hostile):
        assert isinstance(await refused_by(api), AnswerTooLargeError)

        assert sent < 2 * MAXIMUM_ANSWER_BYTES
        assert len(hostile.requests) == 1


async def test_an_answer_that_unpacks_to_a_flood_is_cut_off() -> None:
    import gzip

    packed = gzip.compress(b" " * (MAXIMUM_ANSWER_BYTES + 10))
    head = f"HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Encoding: gzip\nContent-Length: {len(packed)}"

    async with served(answering(head, packed)) as (api, _):
        assert isinstance(await refused_by(api), AnswerTooLargeError)


async def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONNECT_TIMEOUT_S", "WRITE_TIMEOUT_S", "DRIP_TIMEOUT_S"):
        monkeypatch.setattr(f"jupyter_posthog.api.wire.{name}", 0.1)
    given_up = asyncio.Event()

    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
        end = asyncio.ensure_future(given_up.wait())
        while not writer.is_closing() and not end.done():
            writer.write(b" ")
            await writer.drain()
            await asyncio.wait([end], timeout=0.02)

    async with served(drip) as (api, _):
        with pytest.raises(HostAwayError, match="no answer in time"):
            await api.transport.send("GET", "/api/users/@me/", answer_timeout_s=0.3)
        given_up.set()


@pytest.mark.parametrize(
    ("head", "body", "cause"),
    [
        ("HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 500", b'{"a": 1', "the connection was cut"),
        (
            "HTTP/1.1 200 OK\nContent-Type: application/json\nTransfer-Encoding: chunked",
            b"5\r\n{",
            "the connection was cut",
        ),
        ("HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: 3", b"abc", "its answer cannot be unpacked"),
        ("NOT HTTP AT ALL", b"", "the connection was cut"),
    ],
    ids=["too short", "cut chunk", "not gzip", "no http"],
)
async def test_an_answer_that_is_broken_is_named(head: str, body: bytes, cause: str) -> None:
    async with served(closing(head, body)) as (api, hostile):
        error = await refused_by(api)

        assert isinstance(error, HostAwayError)
        assert error.cause == cause
        assert len(hostile.requests) == 1


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("HTTP/1.1 302 Found\nLocation: https://evil.example/\nContent-Length: 0", b""),
        ("HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 15", b"<html>hi</html>"),
        ("HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 8", b'{"a": 1,'),
        ("HTTP/1.1 401 Unauthorized\nContent-Type: text/html\nContent-Length: 15", b"<html>hi</html>"),
    ],
    ids=["redirect", "web page", "truncated json", "proxy's login"],
)
async def test_what_is_not_posthogs_is_said(head: str, body: bytes) -> None:
    async with served(answering(head, body)) as (api, hostile):
        assert isinstance(await refused_by(api), NotPosthogError)
        assert len(hostile.requests) == 1


async def test_a_storm_of_429s_is_met_with_silence() -> None:
    body = b'{"detail": "Request was throttled. Expected available in 30 seconds.", "code": "throttled"}'
    head = f"HTTP/1.1 429 Too Many Requests\nContent-Type: application/json\nContent-Length: {len(body)}"

    async with served(answering(head, body)) as (api, hostile):
        for _ in range(50):
            assert isinstance(await refused_by(api), RateLimitedError)

        assert len(hostile.requests) == 1


async def test_cookies_that_are_set_do_not_come_back() -> None:
    head = "HTTP/1.1 200 OK\nContent-Type: application/json\nSet-Cookie: sessionid=theirs\nContent-Length: 2"

    async with served(answering(head, b"{}")) as (api, hostile):
        for number in range(2):
            await api.transport.send("GET", f"/api/projects/{number}/")

        assert all(b"cookie" not in request.lower() for request in hostile.requests)
