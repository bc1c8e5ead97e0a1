"""What the proxy refuses by itself: PostHog's form, one sentence, nothing sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from tests.box_fixture import Box
from tests.handlers.test_proxy import error_of

ALL = "projects/1/notebooks"


@pytest.mark.parametrize("profile", ["cloud", "legacy"])
@pytest.mark.parametrize("prefix", ["posthog/api", "posthog/@env/api"])
@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize(
    ("method", "path", "params", "body", "attr"),
    [
        ("GET", ALL, {"limit": "many"}, None, "limit"),
        ("POST", ALL, {}, {"title": "x" * 257}, "title"),
        ("POST", ALL, {}, {"_create_in_folder": "../../etc"}, "_create_in_folder"),
        ("POST", f"{ALL}/scratchpad/kernel/execute", {}, {"code": "1", "timeout": 121}, "timeout"),
        ("POST", f"{ALL}/scratchpad/kernel/execute/stream", {}, {}, "code"),
        ("GET", f"{ALL}/scratchpad/kernel/dataframe", {"variable_name": "df", "limit": "0"}, None, "limit"),
        ("GET", f"{ALL}/no-such-id", {}, None, "short_id"),
    ],
)
async def test_a_request_outside_the_contract_is_not_sent(
    connected_box: Box,
    jp_fetch: Any,
    prefix: str,
    slash: str,
    method: str,
    path: str,
    params: dict[str, str],
    body: Any,
    attr: str,
) -> None:
    asked = len(connected_box.requests())

    with pytest.raises(HTTPClientError) as caught:
        content = None if body is None else json.dumps(body)
        await jp_fetch(f"{prefix}/{path}{slash}", method=method, params=params, body=content)

    told = error_of(caught)
    assert caught.value.code == 400
    assert (told["type"], told["attr"], told["reason"]) == ("validation_error", attr, "request_not_valid")
    assert told["detail"].startswith("This request was not sent: “")
    assert len(connected_box.requests()) == asked


@pytest.mark.parametrize("profile", ["cloud", "legacy"])
@pytest.mark.parametrize("prefix", ["posthog/api", "posthog/@env/api"])
@pytest.mark.parametrize("slash", ["", "/"])
async def test_delete_is_405_without_a_body_and_is_not_sent(
    connected_box: Box, jp_fetch: Any, prefix: str, slash: str
) -> None:
    asked = len(connected_box.requests())

    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch(f"{prefix}/{ALL}/aB3dE5gH{slash}", method="DELETE")

    assert caught.value.code == 405
    assert caught.value.response.body == b""
    assert len(connected_box.requests()) == asked


@pytest.mark.parametrize("profile", ["cloud", "legacy"])
async def test_the_documentations_form_is_taken(connected_box: Box, jp_fetch: Any) -> None:
    answer = await jp_fetch(
        f"posthog/api/{ALL}/",
        method="POST",
        body="title=string&_create_in_folder=Reports%2F2026",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert answer.code == 201
    assert json.loads(answer.body)["title"] == "string"


async def test_an_unknown_parameter_is_passed_on(connected_box: Box, jp_fetch: Any) -> None:
    answer = await jp_fetch(f"posthog/api/{ALL}/", params={"newer_than_us": "1"})

    assert answer.code == 200


async def test_a_body_that_is_not_json_is_told_as_posthog_does(connected_box: Box, jp_fetch: Any) -> None:
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch(f"posthog/api/{ALL}/", method="POST", body='{"title": ')

    assert (caught.value.code, error_of(caught)["code"]) == (400, "parse_error")
