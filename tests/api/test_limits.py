"""Limits that a whole team shares: budgets, pauses, repeated questions, hosts that are down."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from jupyter_posthog.api.breaker import FAILURES_TO_OPEN, Breaker
from jupyter_posthog.api.budget import Budget
from jupyter_posthog.api.pauses import OwnPauses, bucket_of, named_wait_s
from jupyter_posthog.api.repeats import Repeats
from jupyter_posthog.api.shared_calls import SharedCalls
from jupyter_posthog.api.turns import Turns
from jupyter_posthog.api.wire import RawAnswer
from jupyter_posthog.errors import (
    AccessDeniedError,
    EndpointMissingError,
    HostAwayError,
    NotebookNotFoundError,
    ProjectBusyError,
    RateLimitedError,
)
from tests.api.conftest import ApiMaker

EMPTY_LIST = {"count": 0, "next": None, "previous": None, "results": []}
THROTTLED = {
    "type": "throttled_error",
    "code": "throttled",
    "detail": "Request was throttled. Expected available in 42 seconds.",
}


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Network:
    """Answers what it is told, and counts."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self._answers = list(answers)
        self.count = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.count += 1
        answer = self._answers[min(self.count, len(self._answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_after_a_429_nothing_is_sent_until_the_time_is_over(make_api: ApiMaker) -> None:
    network = Network(httpx.Response(429, json=THROTTLED))
    api = make_api(network)
    for _ in range(5):
        with pytest.raises(RateLimitedError) as caught:
            await api.notebooks.fetch(1, "aB3dE5gH")
        assert 40 < caught.value.wait_s <= 42

    assert network.count == 1


async def test_a_command_waits_out_a_pause_and_sends_the_call_again() -> None:
    waited: list[float] = []
    clock = Clock()
    answers = [
        RawAnswer(status=429, content_type="application/json", body=json.dumps(THROTTLED).encode()),
        RawAnswer(status=201, content_type="application/json", body=b"{}"),
    ]

    async def wait_out(seconds: float) -> None:
        waited.append(seconds)
        clock.now += seconds

    async def exchange() -> RawAnswer:
        return answers.pop(0)

    turns = Turns("http://127.0.0.1:8000", per_minute=None, pauses=OwnPauses(clock), wait_out=wait_out)
    answer = await turns.take("POST", "/api/projects/1/notebooks/", {}, exchange)

    assert (answer.status, waited) == (201, [42.0])


async def test_a_command_does_not_wait_for_an_hour() -> None:
    pauses = OwnPauses(Clock())

    async def wait_out(_: float) -> None:
        raise AssertionError("nobody waits that long")

    async def exchange() -> RawAnswer:
        raise AssertionError("nothing is sent")

    pauses.begin("http://127.0.0.1:8000 1", 3600)
    turns = Turns("http://127.0.0.1:8000", per_minute=None, pauses=pauses, wait_out=wait_out)
    with pytest.raises(RateLimitedError):
        await turns.take("GET", "/api/projects/1/notebooks/a/", {}, exchange)


async def test_another_project_is_not_held_back(make_api: ApiMaker) -> None:
    network = Network(httpx.Response(429, json=THROTTLED), httpx.Response(200, json=EMPTY_LIST))
    api = make_api(network)
    with pytest.raises(RateLimitedError):
        await api.notebooks.list_notebooks(1)

    assert (await api.notebooks.list_notebooks(2)).count == 0


async def test_ten_running_cells_are_no_throttle(make_api: ApiMaker) -> None:
    """That 429 names no time, and other requests go on (posthog-api.md 12)."""
    busy = httpx.Response(429, json={"detail": "Too many notebook cells are running for this project."})
    network = Network(busy, httpx.Response(200, json=EMPTY_LIST))
    api = make_api(network)
    with pytest.raises(ProjectBusyError):
        await api.runs.start(1, "a", node_id="c", node_type="python", code="1", output_name="", references={})

    assert (await api.notebooks.list_notebooks(1)).count == 0


async def test_one_list_page_is_asked_for_once_in_two_seconds() -> None:
    clock, answers = Clock(), iter(range(10))
    calls: SharedCalls[int] = SharedCalls(0.02, clock)
    started = asyncio.Event()

    async def ask() -> int:
        await started.wait()
        return next(answers)

    async with asyncio.TaskGroup() as tasks:
        asked = [tasks.create_task(calls.call("page 1", ask)) for _ in range(5)]
        other = tasks.create_task(calls.call("page 2", ask))
        started.set()

    assert {task.result() for task in asked} == {0}
    assert other.result() == 1
    assert await calls.call("page 1", ask) == 2  # asked anew, after the interval


async def test_who_shared_a_call_that_was_given_up_asks_again() -> None:
    calls: SharedCalls[int] = SharedCalls(0.0, Clock())
    held = asyncio.Event()

    async def hold() -> int:
        await held.wait()
        return 1

    async def answer() -> int:
        return 2

    first = asyncio.create_task(calls.call("page", hold))
    await asyncio.sleep(0)
    second = asyncio.create_task(calls.call("page", answer))
    await asyncio.sleep(0)
    first.cancel()

    assert await second == 2


async def test_a_refused_call_is_sent_three_times_a_minute(make_api: ApiMaker) -> None:
    network = Network(httpx.Response(404, json={"detail": "Not found.", "code": "not_found"}))
    api = make_api(network)
    for _ in range(20):
        with pytest.raises(NotebookNotFoundError):
            await api.notebooks.fetch(1, "gone")

    assert network.count == 3


async def test_what_is_forbidden_for_one_call_is_asked_for_another(make_api: ApiMaker) -> None:
    network = Network(httpx.Response(403, json={"detail": "You do not have editor access to this resource."}))
    api = make_api(network)
    for short_id in "abcd":
        with pytest.raises(AccessDeniedError):
            await api.notebooks.fetch(1, short_id)

    assert network.count == 4


@pytest.mark.parametrize(
    ("refused", "is_forgotten"), [("a/", True), ("b/", True), ("", True), ("a/kernel/execute/stream/", False)]
)
def test_a_written_notebook_may_be_back_but_a_missing_endpoint_stays_missing(refused: str, is_forgotten: bool) -> None:
    repeats: Repeats[str] = Repeats(Clock())
    path = f"/api/projects/1/notebooks/{refused}"
    for _ in range(3):
        repeats.remember("GET", path, 404, "gone")
    repeats.remember("POST", "/api/projects/1/notebooks/a/sql_v2/run/", 200, "a run changes no refusal")
    assert repeats.remembered("GET", path) == "gone"

    repeats.remember("PATCH", "/api/projects/1/notebooks/a/", 200, "restored")

    assert (repeats.remembered("GET", path) is None) == is_forgotten


async def test_a_stream_that_is_missing_is_asked_for_three_times_a_minute(make_api: ApiMaker) -> None:
    network = Network(httpx.Response(404, json={"detail": "Not found.", "code": "not_found"}))
    api = make_api(network)
    for _ in range(20):
        with pytest.raises(EndpointMissingError):
            async for _ in api.kernels.execute_stream(1, "aB3dE5gH", "1"):
                pass

    assert network.count == 3


def test_a_run_is_polled_four_times_a_second_at_most() -> None:
    clock = Clock()
    repeats: Repeats[str] = Repeats(clock)
    path = "/api/projects/1/notebooks/a/sql_v2/runs/r/"

    waits = [repeats.seconds_to_next_poll("GET", path) for _ in range(3)]

    assert waits == [0.0, 0.25, 0.5]
    assert repeats.seconds_to_next_poll("GET", path.replace("/r/", "/other/")) == 0.0
    assert repeats.seconds_to_next_poll("POST", path) == 0.0
    clock.now += 10
    assert repeats.seconds_to_next_poll("GET", path) == 0.0


async def test_a_host_that_is_down_is_asked_by_one_request_now_and_then(make_api: ApiMaker) -> None:
    network = Network(httpx.ConnectError("refused"))
    api = make_api(network)
    for _ in range(12):
        with pytest.raises(HostAwayError):
            await api.transport.send("GET", "/api/users/@me/")

    assert network.count == FAILURES_TO_OPEN


def test_the_breaker_lets_one_probe_through_and_closes_on_an_answer() -> None:
    clock = Clock()
    breaker = Breaker("host", clock)
    for _ in range(FAILURES_TO_OPEN):
        with breaker.attempt():
            breaker.fail()
    with pytest.raises(HostAwayError, match="the next try is in 2 s"), breaker.attempt():
        pass
    clock.now += 2

    with breaker.attempt():
        with pytest.raises(HostAwayError, match="another request"), breaker.attempt():
            pass
        breaker.succeed()

    with breaker.attempt():
        pass


async def test_a_budget_lets_bursts_pass_and_then_holds_back() -> None:
    budget = Budget(per_minute=3)
    for _ in range(3):
        await budget.take()

    held_back = asyncio.ensure_future(budget.take())
    done, _ = await asyncio.wait({held_back}, timeout=0.05)
    held_back.cancel()

    assert not done


@pytest.mark.parametrize(
    ("detail", "header", "expected"),
    [
        ("Request was throttled. Expected available in 1 second.", None, 1.0),
        ("Request was throttled. Expected available in 42 seconds.", None, 42.0),
        ("Request was throttled.", None, 60.0),
        ("anything", "7", 7.0),
        ("anything", "Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("Too many notebook cells are running for this project.", None, None),
    ],
)
def test_the_waiting_time_of_a_429(detail: str, header: str | None, expected: float | None) -> None:
    assert named_wait_s(detail, header) == expected


def test_projects_are_limited_one_by_one() -> None:
    assert bucket_of("h", "/api/projects/1/notebooks/") == bucket_of("h", "/api/projects/1/query/") == "h 1"
    assert bucket_of("h", "/api/users/@me/") == "h"
