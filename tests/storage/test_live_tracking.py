"""What is news about an open notebook, and what is not."""

from __future__ import annotations

import asyncio

import anyio

from jupyter_posthog.api.models import Person, RemoteNotebook
from jupyter_posthog.live_events import LiveEvent, NotebookChanged, NotebookFollowing, NotebookPresence
from jupyter_posthog.storage.live_checks import VersionChecks
from jupyter_posthog.storage.live_tracking import PRESENCE_S, NotebookTrack
from jupyter_posthog.storage.paths import NotebookAddress

OURS = "jupyter-server-of-ada"
ADDRESS = NotebookAddress(connection="box", project_id=1, short_id="aB3dE5gH")


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def track_at(version: int | None, clock: Clock | None = None) -> tuple[NotebookTrack, list[LiveEvent]]:
    told: list[LiveEvent] = []
    track = NotebookTrack(ADDRESS, client_id=OURS, tell=told.append, clock=clock or Clock(), version=version)
    return track, told


def changes(told: list[LiveEvent]) -> list[tuple[int | None, bool]]:
    return [(event.version, event.is_own) for event in told if isinstance(event, NotebookChanged)]


def test_a_version_that_a_page_shows_already_is_no_news() -> None:
    track, told = track_at(3)
    track.shown(5)

    for version in (4, 5, 6):
        track.changed(version, by="Grace")

    assert changes(told) == [(6, False)]


def test_a_host_that_is_away_is_told_once_and_not_at_each_try() -> None:
    track, told = track_at(0)
    track.stream_opened()

    for _ in range(3):
        track.stream_failed("host_away")
        track.check_failed("host_away")
    track.checked()
    track.stream_opened()

    modes = [(event.mode, event.reason) for event in told if isinstance(event, NotebookFollowing)]
    assert modes == [
        ("stream", None),
        ("checks", "host_away"),
        ("off", "host_away"),
        ("checks", "host_away"),
        ("stream", None),
    ]


def test_a_notebook_that_comes_back_from_the_trash_is_followed_again() -> None:
    track, told = track_at(0)
    track.stream_opened()
    track.check_failed("notebook_gone")
    track.stream_opened()

    track.checked()

    modes = [(event.mode, event.reason) for event in told if isinstance(event, NotebookFollowing)]
    assert modes == [("stream", None), ("off", "notebook_gone"), ("stream", None)]


def test_somebody_who_does_nothing_for_a_while_counts_as_gone() -> None:
    clock = Clock()
    track, told = track_at(0, clock)
    track.seen("page-of-grace", "Grace")
    track.seen("other-page-of-grace", "Grace")
    track.seen(OURS, "Ada")
    clock.now_s = PRESENCE_S + 1

    track.forget_absent()

    people = [event.people for event in told if isinstance(event, NotebookPresence)]
    assert people == [("Grace",), ()]


async def test_a_check_that_meets_our_own_save_on_its_way_is_no_news_from_elsewhere() -> None:
    """A plain PATCH of ours raises the version before its answer is here; the check must not call it foreign."""
    track, told = track_at(0)
    fetched = anyio.Event()

    async def fetch(known: int | None) -> RemoteNotebook:
        fetched.set()
        return RemoteNotebook(short_id="aB3dE5gH", version=1, last_modified_by=Person(first_name="Ada"))

    checks = VersionChecks(track, fetch, interval_s=lambda: 60.0)
    track.save_begins()
    running = asyncio.create_task(checks.run())
    checks.check_now()
    await fetched.wait()

    track.save_ends(1)
    for _ in range(5):
        await asyncio.sleep(0)
    running.cancel()

    assert changes(told) == [(1, True)]


async def test_the_first_check_of_a_page_that_named_no_version_is_only_where_it_begins() -> None:
    track, told = track_at(None)
    asked: list[int | None] = []
    second = anyio.Event()

    async def fetch(known: int | None) -> RemoteNotebook | None:
        asked.append(known)
        if len(asked) == 2:
            second.set()
            return None
        return RemoteNotebook(short_id="aB3dE5gH", version=7)

    running = asyncio.create_task(VersionChecks(track, fetch, interval_s=lambda: 0.0).run())
    await asyncio.wait_for(second.wait(), 20)
    running.cancel()

    assert asked[:2] == [None, 7]
    assert changes(told) == []
