"""How often PostHog is asked for the kernels of open notebooks, and when the pages are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.execution.kernel_clock import kernel_clocks
from jupyter_posthog.execution.kernel_desk import KernelDesk
from jupyter_posthog.execution.kernel_watch import KernelWatch
from jupyter_posthog.live_events import KernelClock, LiveEvent
from jupyter_posthog.records.files import NotebookKey
from tests.execution.conftest import SHORT_ID, Script

NOW = datetime(2026, 10, 2, 10, 0, tzinfo=UTC)
RUNNING = {"status": "running", "runtime_id": "k1", "idle_timeout_seconds": 7200, "hourly_price": 0.25}
STOPPED = {"status": "stopped", "runtime_id": None}
Make = Callable[[dict[str, list[Any]]], tuple[PosthogApi, Script]]


class Closed(Exception):
    """The notebook was closed."""


class Scene:
    """A notebook that is open for a while; each pause moves the clock."""

    def __init__(self, script: Make, folder: Path, answers: list[Any]) -> None:
        self.now = NOW
        self.api, self.script = script({"kernel/status/": answers})
        self.told: list[tuple[float, LiveEvent]] = []
        desk = KernelDesk(folder, lambda: self.now, lambda event: self.told.append((self.minutes, event)))
        self.watch = KernelWatch(desk, folder, api=lambda _: self.api, now=lambda: self.now, pause=self._pause)
        key = NotebookKey(origin=self.api.transport.host, project_id=1, short_id=SHORT_ID)
        self.clocks = kernel_clocks(key, folder)
        self.runs = key.folder_below(folder / "posthog" / "runs")
        self.at_pause: dict[int, Callable[[], object]] = {}
        self._pauses = 0
        self._until = NOW

    @property
    def minutes(self) -> float:
        return (self.now - NOW).total_seconds() / 60

    async def open_for(self, minutes: float) -> None:
        self._until = NOW + timedelta(minutes=minutes)
        with pytest.raises(Closed):
            await self.watch.follow("env", 1, SHORT_ID)

    async def _pause(self, seconds: float) -> None:
        self._pauses += 1
        self.at_pause.get(self._pauses, lambda: None)()
        self.now += timedelta(seconds=seconds)
        if self.now >= self._until:
            raise Closed


async def test_without_a_note_of_a_kernel_nothing_is_asked(script: Make, tmp_path: Path) -> None:
    scene = Scene(script, tmp_path, [RUNNING])

    await scene.open_for(30)

    assert scene.script.asked == []


async def test_a_kernel_that_runs_is_asked_for_once_a_minute(script: Make, tmp_path: Path) -> None:
    scene = Scene(script, tmp_path, [RUNNING])
    scene.clocks.started(NOW, "k1")

    await scene.open_for(10)

    assert 9 <= len(scene.script.asked) <= 10


async def test_a_start_that_is_noted_after_the_look_is_told_without_a_question(script: Make, tmp_path: Path) -> None:
    scene = Scene(script, tmp_path, [RUNNING])
    scene.runs.mkdir(parents=True)
    scene.at_pause[2] = lambda: (scene.runs / "run.json").write_text("{}")
    scene.at_pause[4] = lambda: scene.clocks.started(scene.now)

    await scene.open_for(0.5)

    ends = [event.ends_at for _, event in scene.told if isinstance(event, KernelClock)]
    assert len(scene.script.asked) == 1
    assert ends == [None, (NOW + timedelta(hours=2, seconds=6)).isoformat()]


async def test_a_run_that_is_noted_is_reason_to_ask_once(script: Make, tmp_path: Path) -> None:
    scene = Scene(script, tmp_path, [STOPPED])
    scene.at_pause[5] = lambda: scene.runs.mkdir(parents=True)

    await scene.open_for(10)

    assert len(scene.script.asked) == 1


async def test_a_kernel_that_has_ended_is_told_and_not_asked_for_again(script: Make, tmp_path: Path) -> None:
    scene = Scene(script, tmp_path, [RUNNING, {**STOPPED, "status": "timed_out", "runtime_id": "k1"}])
    scene.clocks.started(NOW, "k1")

    await scene.open_for(10)

    states = [event.status for _, event in scene.told if isinstance(event, KernelClock)]
    assert states[:2] == ["running", "timed_out"]
    assert len(scene.script.asked) <= 3  # the second look forgot the start, which is a change like any other


async def test_the_end_is_told_at_ten_and_at_two_minutes_without_a_question(script: Make, tmp_path: Path) -> None:
    scene = Scene(script, tmp_path, [RUNNING])
    scene.clocks.started(NOW - timedelta(minutes=107, seconds=30), "k1")

    await scene.open_for(11)

    assert len(scene.told) == len(scene.script.asked) + 2
    moments = [minutes for minutes, _ in scene.told]
    assert any(abs(minutes - 2.5) < 0.05 for minutes in moments)
    assert any(abs(minutes - 10.5) < 0.05 for minutes in moments)


@pytest.mark.parametrize("status", [403, 404])
async def test_a_credential_that_is_not_told_is_left_alone(script: Make, tmp_path: Path, status: int) -> None:
    scene = Scene(script, tmp_path, [httpx.Response(status, json={"detail": "No."})])
    scene.clocks.started(NOW, "k1")

    await scene.watch.follow("env", 1, SHORT_ID)

    assert len(scene.script.asked) == 1
