"""The life of PostHog's kernel: its clock, warnings in time, and what is lost with it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from jupyter_posthog.api.kernel_models import KernelFrame, KernelStatus
from jupyter_posthog.errors import HostAwayError
from jupyter_posthog.execution.events import CellBegan, CellEnded
from jupyter_posthog.execution.kernel_clock import clock_of, remaining_words
from jupyter_posthog.execution.kernel_life import KernelLife
from jupyter_posthog.records.kernel_clocks import KernelClocks, KernelSight, Sight

NOW = datetime(2026, 10, 2, 10, 0, tzinfo=UTC)
RUNNING = KernelStatus(
    status="running",
    runtime_id="k1",
    frames=[KernelFrame(name="orders")],
    idle_timeout_seconds=7200,
    hourly_price=0.25,
)


class Scene:
    """A life whose clock and PostHog the test moves."""

    def __init__(self, status: KernelStatus | Exception = RUNNING) -> None:
        self.now, self.status, self.forgotten = NOW, status, 0
        self._folder = TemporaryDirectory()
        clocks = KernelClocks(Path(self._folder.name) / "clocks")
        self.life = KernelLife(
            self._ask, clocks=clocks, now=lambda: self.now, names=lambda: ("df2",), forget=self._forget
        )

    async def _ask(self) -> KernelStatus:
        if isinstance(self.status, Exception):
            raise self.status
        return self.status

    def _forget(self) -> None:
        self.forgotten += 1

    async def begin(self) -> None:
        self.life.note_began(CellBegan(run_id="r1", starts_sandbox=True))
        self.life.note_ended(CellEnded(run_id="r1", status="done"))
        await self.life.look()


def test_a_kernel_that_was_seen_to_start_ends_after_its_lifetime_whatever_runs() -> None:
    clock = clock_of(RUNNING, now=NOW, sight=KernelSight(at=NOW - timedelta(minutes=78), how=Sight.START))

    assert clock.ends_at == NOW + timedelta(minutes=42)
    assert remaining_words(clock, NOW) == "running · 42 min left · $0.25/h"


def test_a_kernel_whose_start_nobody_saw_has_only_a_latest_end() -> None:
    clock = clock_of(RUNNING, now=NOW)

    assert clock.ends_at is None
    assert clock.ends_by == NOW + timedelta(hours=2)
    assert "left" not in remaining_words(clock, NOW)


def test_an_id_in_order_of_time_tells_the_start() -> None:
    begun = NOW - timedelta(minutes=30)
    number = (int(begun.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62)
    status = KernelStatus(status="running", runtime_id=str(uuid.UUID(int=number)), idle_timeout_seconds=3600)

    assert clock_of(status, now=NOW).ends_at == NOW + timedelta(minutes=30)


@pytest.mark.parametrize(
    "runtime_id", ["0191c3e0-0000-7000-8000-0000000000cc", "eaf64fa1-2fc1-46c4-a5f3-dfc79ab11c7e", "k1", None]
)
def test_an_id_that_cannot_be_a_start_is_not_taken_for_one(runtime_id: str | None) -> None:
    status = KernelStatus(status="running", runtime_id=runtime_id)

    assert clock_of(status, now=datetime(2026, 11, 25, tzinfo=UTC)).ends_at is None


async def test_the_end_is_warned_of_once_at_ten_and_once_at_two_minutes() -> None:
    scene = Scene()
    await scene.begin()
    said = []
    for minutes in (100, 111, 112, 115, 118, 119):
        scene.now = NOW + timedelta(minutes=minutes)
        said.append(list(scene.life.notices()))

    assert [len(notices) for notices in said] == [0, 1, 0, 0, 1, 0]
    assert said[1][0] == "PostHog's kernel ends in 9 minutes, whatever runs then. orders would be lost.\n"
    assert "2 minutes" in said[4][0]


async def test_a_kernel_that_lives_ten_minutes_is_warned_of_at_two_only() -> None:
    scene = Scene(KernelStatus(status="running", runtime_id="k1", idle_timeout_seconds=600))
    await scene.begin()
    at_start = list(scene.life.notices())
    scene.now = NOW + timedelta(minutes=8, seconds=30)

    assert at_start == []
    assert len(list(scene.life.notices())) == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [("timed_out", "(its 2 hours were up)"), ("stopped", "(somebody stopped it)"), ("error", "(it crashed)")],
)
async def test_a_lost_kernel_is_told_once_with_what_was_lost(status: str, words: str) -> None:
    scene = Scene()
    await scene.begin()
    scene.status = KernelStatus(status=status)
    await scene.life.look()

    notices = list(scene.life.notices())

    assert len(notices) == 1
    assert f"The remote kernel ended {words}. Lost: orders, df2." in notices[0]
    assert scene.forgotten == 1
    assert list(scene.life.notices()) == []


async def test_a_sandbox_that_is_started_anew_means_that_the_old_one_was_lost() -> None:
    scene = Scene()
    await scene.begin()
    scene.life.note_began(CellBegan(run_id="r2", starts_sandbox=True))

    assert "Lost: orders, df2" in next(scene.life.notices())


async def test_another_kernel_behind_an_answer_means_that_the_old_one_was_lost() -> None:
    scene = Scene()
    scene.life.note_ended(CellEnded(run_id=None, status="done", kernel_id="k1"))
    scene.life.note_ended(CellEnded(run_id=None, status="done", kernel_id="k2"))

    assert "The remote kernel ended." in next(scene.life.notices())


async def test_a_first_cell_and_queries_lose_nothing() -> None:
    scene = Scene(KernelStatus(status="stopped"))
    scene.life.note_began(CellBegan(run_id="q1"))
    scene.life.note_ended(CellEnded(run_id="q1", status="done"))
    await scene.life.look()
    scene.life.note_began(CellBegan(run_id="r1", starts_sandbox=True))

    assert list(scene.life.notices()) == []


async def test_a_posthog_that_does_not_tell_is_no_loss() -> None:
    scene = Scene()
    await scene.begin()
    scene.status = HostAwayError(host="h")

    assert await scene.life.look() is None
    assert list(scene.life.notices()) == []
