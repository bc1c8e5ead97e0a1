"""Which way of running cells is found, over a real transport, and why none is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.connection.families import Family
from jupyter_posthog.connection.ways import WayToRun, find_way
from jupyter_posthog.errors import HostAwayError, KeyRefusedError, NotebookNotFoundError
from jupyter_posthog.settings import ExecutorChoice
from tests.api.conftest import make_api  # noqa: F401  # a fixture
from tests.box_fixture import Box
from tests.connection.test_capabilities import connected

MISSING = httpx.Response(404, json={"detail": "Not found."})
CODE_WANTED = httpx.Response(400, json={"type": "validation_error", "code": "required", "attr": "code"})


def network(**answers: Any) -> Callable[[httpx.Request], httpx.Response]:
    """Answer by the last word of a path; everything else is missing."""

    def answer(request: httpx.Request) -> httpx.Response:
        found = answers.get(request.url.path.rstrip("/").rsplit("/", 1)[1], MISSING)
        return found if isinstance(found, httpx.Response) else httpx.Response(200, json=found)

    return answer


@pytest.mark.parametrize(
    ("answers", "way"),
    [
        ({"stream": CODE_WANTED, "state": {}}, WayToRun(family=Family.STREAM)),
        ({"state": {"cells": []}, "execute": CODE_WANTED}, WayToRun(family=Family.RUNS)),
        ({"execute": CODE_WANTED, "aB3dE5gH": {"id": "1", "short_id": "aB3dE5gH"}}, WayToRun(family=Family.EXECUTE)),
        (
            {"aB3dE5gH": {"id": "1", "short_id": "aB3dE5gH"}, "compute_options": {}},
            WayToRun(family=None, cause="flag_off"),
        ),
        ({"aB3dE5gH": {"id": "1", "short_id": "aB3dE5gH"}}, WayToRun(family=None, cause="server_too_old")),
    ],
    ids=["stream", "runs", "execute", "flag off", "too old"],
)
async def test_the_first_way_that_works_is_taken(make_api: Any, answers: dict[str, Any], way: WayToRun) -> None:  # noqa: F811
    api: PosthogApi = make_api(network(**answers))

    assert await find_way(api, 1, "aB3dE5gH") == way


async def test_no_such_notebook_is_an_error_of_its_own(make_api: Any) -> None:  # noqa: F811
    with pytest.raises(NotebookNotFoundError):
        await find_way(make_api(network()), 1, "aB3dE5gH")


async def test_an_unknown_key_is_no_answer_about_ways(make_api: Any) -> None:  # noqa: F811
    with pytest.raises(KeyRefusedError):
        await find_way(make_api(lambda request: httpx.Response(401, json={"detail": "no"})), 1, "aB3dE5gH")


async def test_a_silent_posthog_is_no_answer_about_ways(make_api: Any) -> None:  # noqa: F811
    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no")

    with pytest.raises(HostAwayError):
        await find_way(make_api(silent), 1, "aB3dE5gH")


@pytest.mark.parametrize("choice", [ExecutorChoice.RUNS, ExecutorChoice.QUERY])
async def test_a_choice_is_taken_without_asking(make_api: Any, choice: ExecutorChoice) -> None:  # noqa: F811
    def nothing(request: httpx.Request) -> httpx.Response:
        raise AssertionError("nothing is asked")

    way = await find_way(make_api(nothing), 1, "aB3dE5gH", choice=choice)

    assert way.family is (Family.RUNS if choice is ExecutorChoice.RUNS else None)


async def test_asking_starts_no_kernel_and_writes_nothing(box: Box, tmp_path: Any) -> None:
    short_id = box.new_notebook()
    writes = len([request for request in box.requests() if request["path"].endswith("/run/")])
    async with connected(box, "session", tmp_path) as connections:
        await find_way(connections.api("env"), 1, short_id)

    status = box.http.get(f"/api/projects/1/notebooks/{short_id}/kernel/status/").json()
    assert status["status"] == "stopped"
    assert len([request for request in box.requests() if request["path"].endswith("/run/")]) == writes
