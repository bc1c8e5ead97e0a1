from __future__ import annotations

import json
import logging

import httpx
import pytest

from jupyter_posthog.api.bodies import MAXIMUM_BODY_BYTES
from jupyter_posthog.errors import HostAwayError, NotPosthogError, ServerFailedError, TooLargeError
from jupyter_posthog.messages import sentence_with_detail
from tests.api.conftest import CANARY, HOST, SESSION, ApiMaker

EMPTY_LIST = {"count": 0, "next": None, "previous": None, "results": []}


async def test_a_key_stands_in_the_authorization_header_and_nowhere_else(make_api: ApiMaker) -> None:
    seen: list[httpx.Request] = []

    def network(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=EMPTY_LIST, headers={"Set-Cookie": "sessionid=from-posthog"})

    api = make_api(network)
    await api.notebooks.list_notebooks(1, search="a b")
    await api.notebooks.list_notebooks(1)

    for request in seen:
        assert request.headers["authorization"] == f"Bearer {CANARY}"
        assert CANARY not in str(request.url)
        assert "cookie" not in request.headers


async def test_a_session_sends_its_csrf_token_only_where_something_changes(make_api: ApiMaker) -> None:
    seen: list[httpx.Request] = []

    def network(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=EMPTY_LIST)

    api = make_api(network, SESSION, "https://posthog.example")
    await api.transport.send("GET", "/api/projects/1/notebooks/")
    await api.transport.send("POST", "/api/projects/1/notebooks/", body={})

    reading, writing = seen
    assert reading.headers["cookie"] == writing.headers["cookie"]
    assert "x-csrftoken" not in reading.headers
    assert writing.headers["x-csrftoken"] == SESSION.csrf_token
    assert writing.headers["referer"] == "https://posthog.example/"
    assert "authorization" not in writing.headers


async def test_a_redirect_is_not_followed(make_api: ApiMaker) -> None:
    seen: list[str] = []

    def network(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.host)
        return httpx.Response(302, headers={"Location": "https://elsewhere.example.com/"})

    with pytest.raises(NotPosthogError):
        await make_api(network).notebooks.fetch(1, "aB3dE5gH")

    assert seen == ["127.0.0.1"]


async def test_a_foreign_next_address_is_never_followed(make_api: ApiMaker) -> None:
    hosts: list[str] = []

    def network(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        return httpx.Response(200, json={**EMPTY_LIST, "count": 300, "next": "https://evil.example/?offset=100"})

    page = await make_api(network).notebooks.list_notebooks(1, offset=100)

    assert page.count == 300
    assert hosts == ["127.0.0.1"]


async def test_reads_are_tried_again_when_a_gateway_fails(make_api: ApiMaker) -> None:
    answers = [httpx.Response(502), httpx.Response(200, json=EMPTY_LIST)]

    page = await make_api(lambda request: answers.pop(0)).notebooks.list_notebooks(1)

    assert page.count == 0


async def test_what_starts_or_stores_something_is_sent_once(make_api: ApiMaker) -> None:
    seen: list[str] = []

    def network(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.path)
        raise httpx.ReadError("cut")

    api = make_api(network)
    for call in (
        api.runs.start(1, "aB3dE5gH", node_id="c", node_type="python", code="1", output_name="", references={}),
        api.notebooks.create(1, title="T"),
        api.kernels.execute(1, "aB3dE5gH", "1"),
        api.notebooks.save_document(1, "aB3dE5gH", None, text_content=None, base_version=0),
    ):
        with pytest.raises(HostAwayError):
            await call

    assert len(seen) == len(set(seen)) == 4


async def test_a_host_that_is_down_is_named(make_api: ApiMaker) -> None:
    def network(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"refused {CANARY}")

    with pytest.raises(HostAwayError) as caught:
        await make_api(network).notebooks.list_notebooks(1)

    assert "127.0.0.1:8000 does not answer" in sentence_with_detail(caught.value)
    assert CANARY not in str(caught.value)


async def test_a_body_over_the_limit_is_not_sent(make_api: ApiMaker) -> None:
    def network(request: httpx.Request) -> httpx.Response:
        raise AssertionError("sent")

    with pytest.raises(TooLargeError):
        await make_api(network).transport.send("POST", "/api/x/", body="x" * MAXIMUM_BODY_BYTES)


async def test_an_echoed_key_is_hidden_in_the_error_and_in_the_log(
    make_api: ApiMaker, caplog: pytest.LogCaptureFixture
) -> None:
    def network(request: httpx.Request) -> httpx.Response:
        return httpx.Response(500, json={"detail": f"broken by {request.headers['authorization']}"})

    with caplog.at_level(logging.DEBUG), pytest.raises(ServerFailedError) as caught:
        await make_api(network).transport.send("POST", "/api/projects/1/notebooks/", body={})

    assert CANARY not in caught.value.detail
    assert CANARY not in caplog.text


async def test_a_document_keeps_every_number_and_surrogate(make_api: ApiMaker) -> None:
    document = {"content": [1.0, 1, True, 18446744073709551616, "\ud800", 1e21]}
    sent: list[bytes] = []

    def network(request: httpx.Request) -> httpx.Response:
        sent.append(request.content)
        return httpx.Response(200, content=json.dumps({"short_id": "a", "content": document, "version": 4}).encode())

    record = await make_api(network).notebooks.save_document(1, "a", document, text_content=None, base_version=3)

    assert json.dumps(record.content) == json.dumps(document)
    assert json.dumps(json.loads(sent[0])["content"]) == json.dumps(document)


async def test_an_unchanged_notebook_costs_a_304(make_api: ApiMaker) -> None:
    def network(request: httpx.Request) -> httpx.Response:
        assert request.headers["if-none-match"] == "7"
        return httpx.Response(304)

    assert await make_api(network).notebooks.fetch_if_changed(1, "a", known_version=7) is None


def test_the_host_is_the_settings_own(make_api: ApiMaker) -> None:
    api = make_api(lambda request: httpx.Response(200))

    assert api.transport.host == HOST
