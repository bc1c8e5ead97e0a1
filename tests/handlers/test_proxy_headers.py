"""Headers pass the proxy only by allow-list, both ways; error bodies of every form become one sentence."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from tests.handlers.test_proxy import error_of

MARK = "marked-by-the-test"
LIST = "posthog/api/projects/1/notebooks/"
ONE = "posthog/api/projects/1/notebooks/aB3dE5gH/"
Upstream = Callable[..., Awaitable[list[str]]]


@pytest.fixture
def upstream(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give what makes a server on a real socket that answers as told and keeps the heads of requests."""
    servers: list[asyncio.Server] = []

    async def serve(answer: str) -> list[str]:
        heads: list[str] = []

        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
            writer.write(answer.replace("\n", "\r\n").encode())
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(take, "127.0.0.1", 0)
        servers.append(server)
        port = server.sockets[0].getsockname()[1]
        monkeypatch.setenv("POSTHOG_HOST", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("POSTHOG_PERSONAL_API_KEY", "phx_" + "k" * 20)
        return heads

    yield serve
    for server in servers:
        server.close()


def answer(status: str, body: str, *headers: str) -> str:
    return "\n".join([f"HTTP/1.1 {status}", "Connection: close", f"Content-Length: {len(body)}", *headers, "", body])


async def test_nothing_of_jupyters_goes_out(upstream: Upstream, jp_fetch: Any, jp_serverapp: Any) -> None:
    token = jp_serverapp.identity_provider.token
    heads = await upstream(answer("200 OK", "{}", "Content-Type: application/json"))

    await jp_fetch(
        ONE,
        params={"token": token, "_xsrf": MARK, "1732550000000": "", "kept": "yes"},
        headers={
            "Cookie": f"username-localhost={MARK}; _xsrf={MARK}",
            "X-XSRFToken": MARK,
            "Referer": f"http://localhost/{MARK}",
            "X-Forwarded-For": MARK,
            "X-Anything": MARK,
            "If-None-Match": "3",
        },
    )

    (head,) = heads
    names = {line.partition(":")[0].lower() for line in head.splitlines()[1:] if line}
    assert MARK not in head
    assert token not in head
    assert head.startswith("GET /api/projects/1/notebooks/aB3dE5gH/?kept=yes ")
    assert names <= {
        "host", "accept", "accept-encoding", "connection", "user-agent", "authorization", "if-none-match",
    }  # fmt: skip


async def test_nothing_but_data_comes_back(upstream: Upstream, jp_fetch: Any) -> None:
    marked = (f"Set-Cookie: sessionid={MARK}", f"Location: https://{MARK}.example", f"X-Anything: {MARK}")
    await upstream(answer("200 OK", '{"a": 1}', "Content-Type: text/html", 'ETag: "x"', *marked))

    response = await jp_fetch(ONE)

    assert response.headers["Content-Type"] == "application/json"
    assert MARK not in str(list(response.headers.get_all()))
    assert "Etag" not in response.headers
    assert json.loads(response.body) == {"a": 1}


async def test_a_redirect_is_not_followed_and_not_handed_on(upstream: Upstream, jp_fetch: Any) -> None:
    heads = await upstream(answer("302 Found", "", f"Location: https://{MARK}.example/"))

    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch(ONE, follow_redirects=False)

    assert (caught.value.code, error_of(caught)["reason"], len(heads)) == (502, "not_posthog", 1)
    assert MARK not in str(list(caught.value.response.headers.get_all()))


async def test_an_answer_of_304_stays_one(upstream: Upstream, jp_fetch: Any) -> None:
    await upstream("HTTP/1.1 304 Not Modified\nConnection: close\n\n")

    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch(ONE, headers={"If-None-Match": "3"})

    assert (caught.value.code, caught.value.response.body) == (304, b"")


HTML = "<html><script>alert(1)</script></html>"


@pytest.mark.parametrize(
    ("status", "body", "content_type", "code", "reason"),
    [
        ("403 Forbidden", {"type": "authentication_error", "detail": "API key missing required scope 'query:read'"}, "application/json", 403, "missing_scope"),
        ("403 Forbidden", {"detail": "This action does not support personal API key access"}, "application/json", 403, "key_not_supported"),
        ("401 Unauthorized", {"detail": "Personal API key found in request is invalid."}, "application/json", 401, "key_refused"),
        ("404 Not Found", {"detail": "Not found."}, "application/json", 404, "notebook_gone"),
        ("409 Conflict", {"code": "conflict", "updates": [], "version": 4}, "application/json", 409, "save_conflict"),
        ("410 Gone", {"code": "conflict_stale"}, "application/json", 410, "save_conflict"),
        ("400 Bad Request", {"error": "Syntax error"}, "application/json", 400, "invalid_request"),
        ("500 Error", {"detail": "A server error occurred."}, "application/json", 500, "server_failed"),
        ("503 Unavailable", {"detail": "Failed to start notebook kernel."}, "application/json", 503, "kernel_unavailable"),
        ("502 Bad Gateway", HTML, "text/html", 502, "server_failed"),
        ("504 Timeout", "", "text/html", 504, "server_failed"),
        ("413 Too Large", HTML, "text/html", 413, "too_large"),
        ("200 OK", HTML, "text/html", 502, "not_posthog"),
        ("200 OK", '{"short_id": "aB', "application/json", 502, "not_posthog"),
        ("403 Forbidden", HTML, "text/html", 502, "not_posthog"),
    ],
)  # fmt: skip
async def test_each_form_of_refusal_has_its_reason_and_a_sentence(
    upstream: Upstream, jp_fetch: Any, status: str, body: Any, content_type: str, code: int, reason: str
) -> None:
    text = body if isinstance(body, str) else json.dumps(body)
    await upstream(answer(status, text, f"Content-Type: {content_type}"))

    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch(ONE, method="PATCH", body='{"title": "T"}')

    told = error_of(caught)
    assert (caught.value.code, told["reason"]) == (code, reason)
    assert told["message"].endswith(".")
    assert "script" not in json.dumps(told)
    if isinstance(body, dict):
        assert {name: told[name] for name in body} == body


async def test_an_answer_that_echoes_the_key_is_redacted(upstream: Upstream, jp_fetch: Any) -> None:
    key = "phx_" + "k" * 20
    await upstream(answer("400 Bad Request", json.dumps({"detail": f"odd: {key}", "extra": [{"a": key}]})))

    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch(ONE)

    assert key.encode() not in caught.value.response.body


async def test_a_stream_that_is_no_stream_is_not_handed_on(upstream: Upstream, jp_fetch: Any) -> None:
    await upstream(answer("200 OK", HTML, "Content-Type: text/html"))

    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch(f"{ONE}collab/stream/")

    assert (caught.value.code, error_of(caught)["reason"]) == (502, "not_posthog")


async def test_a_stream_that_is_cut_ends_in_an_error_event(upstream: Upstream, jp_fetch: Any) -> None:
    begun = "HTTP/1.1 200 OK\nContent-Type: text/event-stream\nContent-Length: 999\n\n: connected\n\n"
    heads = await upstream(begun)

    response = await jp_fetch(f"{ONE}collab/stream/", headers={"Last-Event-ID": "3-0"})

    assert response.headers["Content-Type"].startswith("text/event-stream")
    assert "event: error" in response.body.decode()
    assert "Last-Event-ID: 3-0" in heads[0]


async def test_a_page_that_goes_away_closes_posthogs_stream(
    monkeypatch: pytest.MonkeyPatch, connected_box: Any, jp_fetch: Any
) -> None:
    closed = asyncio.Event()
    begun = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: connected\n\n"

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(begun)
        await reader.read()  # returns when the other side is gone
        closed.set()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    monkeypatch.setenv("POSTHOG_HOST", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    parts: list[bytes] = []

    with pytest.raises(HTTPClientError):
        await jp_fetch(f"{ONE}collab/stream/", streaming_callback=parts.append, request_timeout=1)

    await asyncio.wait_for(closed.wait(), 5)
    assert parts == [b": connected\n\n"]
    server.close()
