from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from jupyter_posthog.errors import KernelUnavailableError, StreamCutError
from jupyter_posthog.execution.classic import ClassicExecutor
from jupyter_posthog.execution.events import CellFailed, DisplayData, ExecuteResult, Notice, StreamText
from jupyter_posthog.execution.magics import Language
from tests.conftest import DATA, load_json
from tests.execution.conftest import SHORT_ID, collect, python_cell, without_progress

EVENT_STREAM = {"Content-Type": "text/event-stream"}


def stream_of(name: str) -> httpx.Response:
    return httpx.Response(200, headers=EVENT_STREAM, content=(DATA / "kernel" / f"{name}.sse").read_bytes())


def printed(events: list, name: str = "stdout") -> str:
    return "".join(event.text for event in events if isinstance(event, StreamText) and event.name == name)


@pytest.mark.parametrize("name", ["sse-01-simple", "sse-02-many-chunks", "sse-04-result-only", "sse-11-crlf"])
async def test_streamed_text_is_shown_once(script, name: str) -> None:
    api, _ = script({"/stream/": [stream_of(name)]})

    events = await collect(ClassicExecutor(api, 1, SHORT_ID, is_streaming=True), python_cell("print(1)"))

    text = (DATA / "kernel" / f"{name}.sse").read_text()
    answer = next(json.loads(line[6:]) for line in text.splitlines() if line.startswith('data: {"status"'))
    assert printed(events) == answer["stdout"]


async def test_a_stream_that_is_cut_says_that_the_end_is_not_known(script) -> None:
    api, _ = script({"/stream/": [stream_of("sse-09-no-final-event")]})

    with pytest.raises(StreamCutError):
        await collect(ClassicExecutor(api, 1, SHORT_ID, is_streaming=True), python_cell("x"))


async def test_an_error_in_the_code_has_its_name_and_traceback(script) -> None:
    api, _ = script({"/stream/": [stream_of("sse-06-user-error")]})

    events = await collect(ClassicExecutor(api, 1, SHORT_ID, is_streaming=True), python_cell("1/0"))

    assert isinstance(events[-1], CellFailed)
    assert events[-1].traceback
    assert not events[-1].error_text.startswith(events[-1].error_name)


@pytest.mark.parametrize(
    "name", ["exec-01-ok-expression", "exec-06-media-png", "exec-05-timeout", "exec-11-unicode", "exec-15-minimal"]
)
async def test_an_execution_answer_becomes_events(script, name: str) -> None:
    answer = load_json(f"kernel/{name}.json")
    api, _ = script({"/execute/": [answer]})

    events = await collect(ClassicExecutor(api, 1, SHORT_ID, is_streaming=False), python_cell("x"))

    assert printed(events) == answer.get("stdout", "")
    assert sum(isinstance(event, DisplayData) for event in events) == len(answer.get("media") or [])
    assert any(isinstance(event, ExecuteResult) for event in events) == bool(answer.get("result"))
    assert any(isinstance(event, CellFailed) for event in events) == (answer["status"] != "ok")


async def test_a_kernel_that_cannot_start_is_one_error(script) -> None:
    exchange = load_json("kernel/http-53-503-execute.json")
    api, network = script({"/execute/": [httpx.Response(503, json=exchange["body"])]})

    with pytest.raises(KernelUnavailableError):
        await collect(ClassicExecutor(api, 1, SHORT_ID, is_streaming=False), python_cell("x"))

    assert len(network.asked) == 1


async def test_a_query_is_shown_and_bound_to_its_name_in_the_kernel(script) -> None:
    ok = {"status": "ok", "stdout": "", "stderr": ""}
    api, network = script(
        {
            "/query/": [{"results": [["a'\"\\", 1]], "columns": ["event", "n"], "types": [["event", "String"]]}],
            "/execute/": [ok],
        }
    )
    cell = python_cell("SELECT 1", language=Language.HOGQL, result_name="orders")

    events = without_progress(await collect(ClassicExecutor(api, 1, SHORT_ID, is_streaming=False), cell))

    assert len(events) == 1
    assert isinstance(events[0], ExecuteResult)
    assert [asked.rsplit("/", 2)[1] for asked in network.asked] == ["query", "execute"]


async def test_a_stop_gives_control_back_and_says_what_is_still_running(make_api) -> None:
    held = asyncio.Event()

    async def hold(request: httpx.Request) -> httpx.Response:
        held.set()
        await asyncio.Event().wait()
        raise AssertionError

    api = make_api(hold)
    stop = asyncio.Event()
    executor = ClassicExecutor(api, 1, SHORT_ID, is_streaming=False)
    running = asyncio.ensure_future(collect(executor, python_cell("x"), stop))
    await asyncio.wait_for(held.wait(), 10)
    stop.set()

    events = await asyncio.wait_for(running, 2)
    assert isinstance(events[-1], CellFailed)
    assert "still be running" in events[-1].error_text
    assert "still running there" in executor.describe()
    await executor.aclose()


async def test_the_output_of_a_cell_that_was_given_up_stands_under_no_later_one(make_api) -> None:
    may_end, begun = asyncio.Event(), asyncio.Event()
    ended = {"status": "ok", "stdout": "from the first\n", "stderr": ""}

    async def network(request: httpx.Request) -> httpx.Response:
        if b"first" in request.content:
            begun.set()
            await may_end.wait()
            return httpx.Response(200, json=ended)
        return httpx.Response(200, json=ended | {"stdout": "from the second\n"})

    executor = ClassicExecutor(make_api(network), 1, SHORT_ID, is_streaming=False)
    stop = asyncio.Event()
    first = asyncio.ensure_future(collect(executor, python_cell("first"), stop))
    await asyncio.wait_for(begun.wait(), 10)
    stop.set()
    await first
    second = asyncio.ensure_future(collect(executor, python_cell("second")))
    may_end.set()

    events = without_progress(await asyncio.wait_for(second, 10))

    assert [type(event) for event in events] == [Notice, StreamText]
    assert "ran to its end" in events[0].text
    assert events[1].text == "from the second\n"
