"""How long the kernels of open notebooks live reaches the page, and nothing is asked for closed ones."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jupyter_core.paths import jupyter_data_dir

from jupyter_posthog.execution.kernel_clock import kernel_clocks
from jupyter_posthog.records.files import NotebookKey
from jupyter_posthog.records.kernel_clocks import KernelClocks
from tests.box_fixture import Box
from tests.handlers.live_page import LivePage
from tests.kernel.running import connected, running_kernel, text_of

Pages = Callable[[], Awaitable[LivePage]]


@pytest.fixture
def jp_server_config() -> dict[str, object]:
    return {"ServerApp": {"jpserver_extensions": {"jupyter_posthog": True}}}


@pytest.fixture
def pages(connected_box: Box, jp_serverapp: Any, jp_ws_fetch: Any, jp_fetch: Any) -> Pages:
    async def open_page() -> LivePage:
        await jp_serverapp.extension_manager.start_all_extensions()
        return LivePage("page-of-ada", await jp_ws_fetch("api", "events", "subscribe"), jp_fetch)

    return open_page


def clocks_of(box: Box, short_id: str) -> KernelClocks:
    key = NotebookKey(origin=box.url, project_id=1, short_id=short_id)
    return kernel_clocks(key, Path(jupyter_data_dir()))


def looks(box: Box, short_id: str) -> int:
    return sum(request["path"].endswith(f"{short_id}/kernel/status/") for request in box.requests())


def start_remote_kernel(box: Box, short_id: str) -> str:
    answer = box.http.post(f"/api/projects/1/notebooks/{short_id}/kernel/start/")
    answer.raise_for_status()
    return str(answer.json()["id"])


async def test_a_start_that_another_process_notes_is_told_to_open_pages(connected_box: Box, pages: Pages) -> None:
    short_id = connected_box.new_markdown("# Plan")
    page = await pages()
    await page.show(short_id)
    await page.hear("notebook_following", short_id=short_id, mode="stream", reason=None)
    assert looks(connected_box, short_id) == 0
    runtime_id = start_remote_kernel(connected_box, short_id)
    started_at = datetime.now(UTC) - timedelta(minutes=5)

    clocks_of(connected_box, short_id).started(started_at, runtime_id)

    event = await page.hear("kernel_clock", short_id=short_id)
    assert event["ends_at"] == (started_at + timedelta(hours=2)).isoformat()
    assert (event["status"], event["price_usd_per_hour"], event["lifetime_s"]) == ("running", 0.25, 7200)


async def test_nothing_is_asked_for_a_notebook_that_was_closed(connected_box: Box, pages: Pages) -> None:
    closed, shown = (connected_box.new_markdown(f"# {name}") for name in ("Closed", "Open"))
    page = await pages()
    await page.show(closed, shown)
    for short_id in (closed, shown):
        await page.hear("notebook_following", short_id=short_id, mode="stream", reason=None)
    await page.show(shown)
    for short_id in (closed, shown):
        runtime_id = start_remote_kernel(connected_box, short_id)
        clocks_of(connected_box, short_id).started(datetime.now(UTC), runtime_id)

    await page.hear("kernel_clock", short_id=shown)

    assert looks(connected_box, closed) == 0


async def test_page_magic_and_a_second_kernel_know_the_same_end(connected_box: Box, jp_fetch: Any) -> None:
    short_id = connected_box.new_notebook()
    address = ("posthog", "kernels", "env", "1", f"{short_id}.ipynb")
    with running_kernel(connected(connected_box, short_id)) as first:
        first.run("x = 1")
        said = text_of(first.run("%posthog kernel")[1])
    shown = json.loads((await jp_fetch(*address)).body)
    with running_kernel(connected(connected_box, short_id)) as second:
        said_then = text_of(second.run("%posthog kernel")[1])
    shown_then = json.loads((await jp_fetch(*address)).body)

    assert "min left" in said and "min left" in said_then
    left_s = (datetime.fromisoformat(shown["ends_at"]) - datetime.now(UTC)).total_seconds()
    assert 7200 - 120 < left_s <= 7200
    assert shown["ends_at"] == shown_then["ends_at"]
