from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from jupyter_posthog.errors import KeyRefusedError, RunDetachedError, RunStuckError, StreamCutError
from jupyter_posthog.execution.events import CellFailed, ExecuteResult, Progress, StreamText
from jupyter_posthog.execution.magics import Language
from jupyter_posthog.execution.runs import RunExecutor
from tests.conftest import load_json
from tests.execution.conftest import SHORT_ID, collect, python_cell, without_progress

STARTED = {"run_id": "r1", "starts_sandbox": False}
RUNNING = {"status": "running", "result": None, "error": None}


async def at_once(stop: asyncio.Event, seconds: float) -> bool:
    await asyncio.sleep(0)
    return stop.is_set()


def body_of(name: str):
    return load_json(f"runs/{name}.json")["body"]


async def test_a_run_is_polled_to_its_end_and_started_once(script) -> None:
    api, network = script({"/run/": [STARTED], "/r1/": [RUNNING, RUNNING, body_of("20-python-done-stdout")]})

    events = await collect(RunExecutor(api, 1, SHORT_ID, pause=at_once), python_cell("print(1)"))

    assert isinstance(events[0], Progress)
    assert [type(event) for event in without_progress(events)] == [StreamText]
    assert sum("/run/" in asked for asked in network.asked) == 1


async def test_a_frame_becomes_one_result_with_text_html_and_data(script) -> None:
    api, _ = script({"/run/": [STARTED], "/r1/": [body_of("09-sql-done")]})

    events = await collect(
        RunExecutor(api, 1, SHORT_ID, pause=at_once), python_cell("SELECT 1", language=Language.HOGQL)
    )

    result = events[-1]
    assert isinstance(result, ExecuteResult)
    assert {"text/plain", "text/html", "application/vnd.posthog.dataframe+json"} <= set(result.data)


@pytest.mark.parametrize(
    ("name", "error_name"),
    [("25-python-failed", "NameError"), ("26-python-failed-envelope", None), ("28-python-failed-multiline", None)],
)
async def test_a_failed_run_ends_with_its_error(script, name: str, error_name: str | None) -> None:
    api, _ = script({"/run/": [STARTED], "/r1/": [body_of(name)]})

    events = await collect(RunExecutor(api, 1, SHORT_ID, pause=at_once), python_cell("x"))

    failures = [event for event in events if isinstance(event, CellFailed)]
    assert len(failures) == 1
    assert events[-1] is failures[0]
    assert error_name is None or failures[0].error_name == error_name


async def test_a_stop_interrupts_the_run_and_keeps_what_it_printed(script) -> None:
    api, network = script(
        {
            "/run/": [STARTED],
            "/interrupt/": [{"status": "running"}],
            "/r1/": [RUNNING, body_of("29-python-interrupted")],
        }
    )
    stop = asyncio.Event()
    stop.set()

    events = await collect(RunExecutor(api, 1, SHORT_ID, pause=at_once), python_cell("while True: pass"), stop)

    assert any(asked.endswith("/r1/interrupt/") for asked in network.asked)
    assert isinstance(events[-2], StreamText)
    assert isinstance(events[-1], CellFailed)
    assert events[-1].error_name == "KeyboardInterrupt"


async def test_a_stop_that_posthog_does_not_take_still_gives_control_back(script) -> None:
    api, _ = script({"/run/": [STARTED], "/interrupt/": [httpx.Response(500)], "/r1/": [RUNNING]})
    stop = asyncio.Event()
    stop.set()

    events = await collect(RunExecutor(api, 1, SHORT_ID, pause=at_once), python_cell("x"), stop)

    assert isinstance(events[-1], CellFailed)
    assert "longer" in events[-1].error_text


async def test_a_busy_notebook_is_waited_for_with_the_reason(script) -> None:
    busy = httpx.Response(409, json={"detail": "This notebook already has a cell running."})
    api, network = script({"/run/": [busy, busy, STARTED], "/r1/": [body_of("20-python-done-stdout")]})

    events = await collect(RunExecutor(api, 1, SHORT_ID, pause=at_once), python_cell("print(1)"))

    assert isinstance(events[0], Progress)
    assert "another cell" in events[0].text
    assert sum("/run/" in asked for asked in network.asked) == 3


async def test_a_stop_while_waiting_for_the_slot_starts_nothing(script) -> None:
    busy = httpx.Response(409, json={"detail": "This notebook already has a cell running."})
    api, network = script({"/run/": [busy]})
    stop = asyncio.Event()
    stop.set()

    events = await collect(RunExecutor(api, 1, SHORT_ID, pause=at_once), python_cell("x"), stop)

    assert isinstance(events[-1], CellFailed)
    assert len(network.asked) == 1


def cut_start(asked: list[str], **state: Any) -> Any:
    """A network that carries a start out and loses the answer."""

    def network(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path.rsplit("/", 2)[1])
        if request.method == "POST":
            raise httpx.ReadError("cut")
        done = {"status": "done", "result": {"stdout": "found\n"}}
        return httpx.Response(200, json=state if asked[-1] == "state" else done)

    return network


async def test_a_cut_start_is_not_sent_again(make_api) -> None:
    asked: list[str] = []
    with pytest.raises(StreamCutError):
        await collect(RunExecutor(make_api(cut_start(asked, cells=[])), 1, SHORT_ID, pause=at_once), python_cell("x"))

    assert asked == ["run", "state"]


async def test_a_run_whose_start_got_no_answer_is_found_and_followed(make_api) -> None:
    asked: list[str] = []
    cells = [{"node_id": "c1", "last_run": {"run_id": "r9", "status": "running"}}, {"node_id": None}]

    events = await collect(
        RunExecutor(make_api(cut_start(asked, cells=cells)), 1, SHORT_ID, pause=at_once), python_cell("x")
    )

    assert asked == ["run", "state", "r9"]
    assert any(getattr(event, "text", "") == "found\n" for event in events)


async def test_a_silent_posthog_leaves_the_run_alone_and_says_how_to_find_it(script) -> None:
    api, network = script({"/run/": [STARTED], "/r1/": [httpx.Response(500)]})
    executor = RunExecutor(api, 1, SHORT_ID, pause=at_once, away_limit_s=0.0)

    with pytest.raises(RunDetachedError) as caught:
        await collect(executor, python_cell("x"))

    assert caught.value.run_id == "r1"
    assert not any("interrupt" in asked for asked in network.asked)


async def test_a_pause_while_polling_is_told_and_waited_for(script) -> None:
    throttled = httpx.Response(429, json={"detail": "Request was throttled. Expected available in 3 seconds."})
    waits: list[float] = []

    async def pause(stop: asyncio.Event, seconds: float) -> bool:
        waits.append(seconds)
        return stop.is_set()

    api, _ = script({"/run/": [throttled, STARTED], "/r1/": [body_of("20-python-done-stdout")]})

    stop = asyncio.Event()
    events: list = []
    executor = RunExecutor(api, 1, SHORT_ID, pause=pause)
    async for event in executor.execute(python_cell("x"), stop):
        events.append(event)
        if len(waits) == 3:  # our own pause still holds, so the person stops it
            stop.set()

    assert any(isinstance(event, Progress) and "request limit" in event.text for event in events)
    assert not any(isinstance(event, Progress) and "as many cells" in event.text for event in events)
    assert waits[0] == 3.0


async def test_a_run_that_never_ends_is_given_up_after_posthogs_own_watchdog(script, monkeypatch) -> None:
    from jupyter_posthog.execution import runs

    monkeypatch.setattr(runs, "KERNEL_LIMIT_S", 0.0)
    api, network = script(
        {
            "/run/": [STARTED],
            "/interrupt/": [{"status": "running"}],
            "/r1/": [RUNNING, RUNNING, body_of("29-python-interrupted")],
        }
    )

    with pytest.raises(RunStuckError):
        await collect(RunExecutor(api, 1, SHORT_ID, pause=at_once), python_cell("x"))

    assert any(asked.endswith("/r1/interrupt/") for asked in network.asked)


async def test_a_wrong_key_is_an_error_of_its_own(script) -> None:
    api, _ = script({"/run/": [httpx.Response(401, json={"detail": "no"})]})

    with pytest.raises(KeyRefusedError):
        await collect(RunExecutor(api, 1, SHORT_ID, pause=at_once), python_cell("x"))
