"""A PostHog that answers from a script of the test, over the real transport."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.execution.events import CellBegan, CellEnded, Event, Progress
from jupyter_posthog.execution.executor import CellToRun, Executor
from jupyter_posthog.execution.magics import Language
from tests.api.conftest import make_api  # noqa: F401  # a fixture

SHORT_ID = "aB3dE5gH"


def python_cell(code: str, **changes: Any) -> CellToRun:
    return CellToRun(**{"node_id": "c1", "language": Language.PYTHON, "code": code, "result_name": "df", **changes})


async def collect(executor: Executor, cell: CellToRun, stop: asyncio.Event | None = None) -> list[Event]:
    events: AsyncIterator[Event] = executor.execute(cell, stop or asyncio.Event())
    return [event async for event in events if not isinstance(event, CellBegan | CellEnded)]


def without_progress(events: list[Event]) -> list[Event]:
    return [event for event in events if not isinstance(event, Progress)]


class Script:
    """Answers by the last words of a path; keeps what was asked."""

    def __init__(self, answers: dict[str, list[Any]]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.method} {request.url.path}")
        for ending, answers in self.answers.items():
            if request.url.path.endswith(ending):
                answer = answers.pop(0) if len(answers) > 1 else answers[0]
                return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)
        return httpx.Response(404, json={"detail": "Not found."})


@pytest.fixture
def script(make_api: Callable[..., PosthogApi]) -> Callable[[dict[str, list[Any]]], tuple[PosthogApi, Script]]:  # noqa: F811
    def make(answers: dict[str, list[Any]]) -> tuple[PosthogApi, Script]:
        network = Script(answers)
        return make_api(network), network

    return make
