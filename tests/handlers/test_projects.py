"""The projects that the page can choose among."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from tests.box_fixture import Box


async def projects(jp_fetch: Any, name: str = "env") -> dict[str, Any]:
    return json.loads((await jp_fetch("posthog", "connections", name, "projects")).body)


async def test_a_person_sees_their_projects_and_the_one_to_begin_with(connected_box: Box, jp_fetch: Any) -> None:
    answer = await projects(jp_fetch)

    assert answer == {
        "default_project_id": 1,
        "projects": [{"id": 1, "name": "Web app", "organization": "Hedgebox"}],
    }


async def test_a_key_that_is_bound_to_a_project_sees_that_one(
    connected_box: Box, jp_fetch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTHOG_PERSONAL_API_KEY", connected_box.keys["one_project"])
    monkeypatch.delenv("POSTHOG_PROJECT_ID")

    answer = await projects(jp_fetch)

    assert answer["default_project_id"] == 1
    assert [project["id"] for project in answer["projects"]] == [1]


async def test_a_key_that_is_refused_is_told_in_words(
    connected_box: Box, jp_fetch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTHOG_PERSONAL_API_KEY", "phx_" + "wrong" * 4)

    with pytest.raises(HTTPClientError) as caught:
        await projects(jp_fetch)

    assert json.loads(caught.value.response.body)["reason"] == "key_refused"


async def test_a_connection_that_is_not_there_is_not_found(connected_box: Box, jp_fetch: Any) -> None:
    with pytest.raises(HTTPClientError) as caught:
        await projects(jp_fetch, "removed")

    assert caught.value.code == 404
    assert json.loads(caught.value.response.body)["reason"] == "unknown_connection"
