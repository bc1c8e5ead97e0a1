"""Every refusal of the corpus becomes the error that says what it means."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from jupyter_posthog.errors import (
    EndpointMissingError,
    InvalidRequestError,
    KernelUnavailableError,
    KeyNotSupportedError,
    KeyRefusedError,
    MethodRefusedError,
    MissingScopeError,
    NotPosthogError,
    PosthogError,
    ProjectBusyError,
    RateLimitedError,
    SaveConflictError,
    ServerFailedError,
    TooLargeError,
)
from jupyter_posthog.messages import sentence_with_detail
from tests.api.conftest import CANARY, ApiMaker
from tests.conftest import load_json

CASES: dict[str, type[PosthogError]] = {
    "http-28-401-no-key": KeyRefusedError,
    "http-29-401-bad-key": KeyRefusedError,
    "http-30-403-pak-not-supported": KeyNotSupportedError,
    "http-31-403-missing-scope": MissingScopeError,
    "http-34-404-flag-off": EndpointMissingError,
    "http-35-404-stream-removed": EndpointMissingError,
    "http-37-405-delete": MethodRefusedError,
    "http-39-409-save": SaveConflictError,
    "http-40-409-markdown-save": SaveConflictError,
    "http-42-400-title": InvalidRequestError,
    "http-45-413": TooLargeError,
    "http-46-429-throttled": RateLimitedError,
    "http-48-429-retry-after": RateLimitedError,
    "http-51-500": ServerFailedError,
    "http-52-502-html": ServerFailedError,
    "http-53-503-execute": KernelUnavailableError,
    "http-55-504-empty": ServerFailedError,
    "http-56-200-truncated": NotPosthogError,
    "http-60-302-redirect": NotPosthogError,
}


def response_of(exchange: dict[str, Any]) -> httpx.Response:
    body = exchange.get("body")
    text = exchange.get("body_text", "") if body is None else json.dumps(body)
    headers = {name: value for name, value in exchange.get("headers", {}).items() if name != "Content-Length"}
    return httpx.Response(exchange["status"], headers=headers, content=text.encode())


@pytest.mark.parametrize("name", CASES)
async def test_a_refusal_becomes_its_error_and_one_sentence(name: str, make_api: ApiMaker) -> None:
    exchange = load_json(f"kernel/{name}.json")
    api = make_api(lambda request: response_of(exchange))

    with pytest.raises(CASES[name]) as caught:
        await api.transport.send(exchange["request"]["method"], exchange["request"]["path"], body={})

    assert CANARY not in sentence_with_detail(caught.value)


async def test_the_waiting_time_comes_from_the_text_or_from_a_header(make_api: ApiMaker) -> None:
    for name, wait_s in (("http-46-429-throttled", 42.0), ("http-48-429-retry-after", 7.0)):
        exchange = load_json(f"kernel/{name}.json")
        api = make_api(lambda request, exchange=exchange: response_of(exchange))

        with pytest.raises(RateLimitedError) as caught:
            await api.transport.send("GET", "/api/projects/1/notebooks/")

        assert caught.value.wait_s == wait_s


async def test_a_missing_scope_is_named(make_api: ApiMaker) -> None:
    api = make_api(lambda request: response_of(load_json("kernel/http-31-403-missing-scope.json")))

    with pytest.raises(MissingScopeError) as caught:
        await api.notebooks.list_notebooks(1)

    assert caught.value.scope in caught.value.detail


async def test_ten_running_cells_are_not_the_request_limit(make_api: ApiMaker) -> None:
    api = make_api(lambda request: response_of(load_json("kernel/http-50-429-cells.json")))

    with pytest.raises(ProjectBusyError):
        await api.runs.start(1, "aB3dE5gH", node_id="c", node_type="python", code="1", output_name="", references={})
