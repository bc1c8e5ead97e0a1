"""When kernels were seen to start: noted by one process, known to all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jupyter_posthog.records.kernel_clocks import KernelClocks, KernelSight, Sight

NOW = datetime(2026, 10, 2, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def look(folder: Path, runtime_id: str, *, at: datetime, lifetime_s: int = 7200) -> KernelSight:
    """Look as a process of its own does: nothing is kept between two of them but the files."""
    return KernelClocks(folder).look(runtime_id, now=at, lifetime_s=lifetime_s)


def test_a_start_is_known_to_every_process(tmp_path: Path) -> None:
    KernelClocks(tmp_path).started(NOW)

    first = look(tmp_path, "k1", at=NOW + MINUTE)
    second = look(tmp_path, "k1", at=NOW + 40 * MINUTE)

    assert first == second == KernelSight(at=NOW, how=Sight.START, lifetime_s=7200)


def test_a_kernel_that_others_started_is_counted_from_when_it_was_first_met(tmp_path: Path) -> None:
    look(tmp_path, "k1", at=NOW)

    assert look(tmp_path, "k1", at=NOW + 30 * MINUTE) == KernelSight(at=NOW, how=Sight.RUNNING, lifetime_s=7200)


def test_a_start_belongs_to_one_kernel(tmp_path: Path) -> None:
    KernelClocks(tmp_path).started(NOW)
    look(tmp_path, "k1", at=NOW + MINUTE)

    assert look(tmp_path, "k2", at=NOW + 5 * MINUTE).how is Sight.RUNNING
    assert look(tmp_path, "k1", at=NOW + 6 * MINUTE).at == NOW


def test_a_start_is_not_taken_for_that_of_a_kernel_met_long_before(tmp_path: Path) -> None:
    look(tmp_path, "colleague", at=NOW - 20 * MINUTE)
    KernelClocks(tmp_path).started(NOW)

    assert look(tmp_path, "colleague", at=NOW + MINUTE).how is Sight.RUNNING
    assert look(tmp_path, "mine", at=NOW + MINUTE).at == NOW


def test_a_kernel_met_before_its_start_was_noted_gets_that_start(tmp_path: Path) -> None:
    """The server can meet a kernel while the answer to its start is on the way to the kernel process."""
    look(tmp_path, "k1", at=NOW - timedelta(seconds=1))
    KernelClocks(tmp_path).started(NOW)

    assert look(tmp_path, "k1", at=NOW + MINUTE).how is Sight.START


def test_a_start_that_nobody_looked_at_is_soon_believed_no_more(tmp_path: Path) -> None:
    KernelClocks(tmp_path).started(NOW)

    assert look(tmp_path, "k1", at=NOW + 45 * MINUTE).how is Sight.RUNNING


def test_another_lifetime_counts_from_the_next_kernel_on(tmp_path: Path) -> None:
    KernelClocks(tmp_path).started(NOW, "k1")
    look(tmp_path, "k1", at=NOW, lifetime_s=3600)

    assert look(tmp_path, "k1", at=NOW + MINUTE, lifetime_s=600).lifetime_s == 3600


def test_a_kernel_that_ended_is_forgotten(tmp_path: Path) -> None:
    clocks = KernelClocks(tmp_path)
    clocks.started(NOW, "k1")
    assert clocks.has_any(NOW + MINUTE)

    clocks.ended("k1")

    assert not clocks.has_any(NOW + MINUTE)


def test_a_kernel_whose_time_is_over_is_not_expected(tmp_path: Path) -> None:
    KernelClocks(tmp_path).started(NOW, "k1")
    look(tmp_path, "k1", at=NOW)

    assert not KernelClocks(tmp_path).has_any(NOW + timedelta(hours=3))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"at": "soon", "how": "start"}', '{"at": "2026-10-02", "how": "x"}'])
def test_a_broken_note_is_none(tmp_path: Path, text: str) -> None:
    KernelClocks(tmp_path).started(NOW, "k1")
    for file in tmp_path.glob("*.json"):
        file.write_text(text)

    assert look(tmp_path, "k1", at=NOW + MINUTE).how is Sight.RUNNING


def test_a_disk_that_refuses_costs_the_start_and_nothing_else(tmp_path: Path) -> None:
    blocked = tmp_path / "no folder"
    blocked.write_text("")

    KernelClocks(blocked).started(NOW, "k1")

    assert look(blocked, "k1", at=NOW).how is Sight.RUNNING
