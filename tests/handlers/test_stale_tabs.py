"""A tab that never saw our save stores its old text over it: noticed, named, and put back with one click."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.box_fixture import Box
from tests.handlers.live_page import LivePage, save_as_grace
from tests.handlers.saving import BLOCKS, Page, Refused, new_notebook, stored_text

STALE = "\n\n\n".join(BLOCKS)


Opened = tuple[Page, LivePage, str]


@pytest.fixture
def open_pages(
    connected_box: Box, jp_serverapp: Any, jp_fetch: Any, jp_ws_fetch: Any
) -> Callable[[], Awaitable[Opened]]:
    """Open a notebook in a page that hears what happens."""
    return lambda: _open_pages(connected_box, jp_serverapp, jp_fetch, jp_ws_fetch)


async def _open_pages(box: Box, jp_serverapp: Any, jp_fetch: Any, jp_ws_fetch: Any) -> Opened:
    await jp_serverapp.extension_manager.start_all_extensions()
    short_id = new_notebook(box, "markdown")
    page = Page(jp_fetch, f"env/1/{short_id}.ipynb")
    await page.open()
    live = LivePage("page-0001", await jp_ws_fetch("api", "events", "subscribe"), jp_fetch)
    await live.show(short_id, version=page.base_version)
    await live.hear("notebook_following", mode="stream")
    return page, live, short_id


async def test_what_a_stale_tab_takes_back_is_named_and_put_back(
    connected_box: Box, open_pages: Callable[[], Awaitable[Opened]]
) -> None:
    page, live, short_id = await open_pages()
    page.edit("We saw growth.", "We saw 12 % growth.")
    await page.save()

    save_as_grace(connected_box, short_id, STALE.replace("The end.", "The end, says Grace."))
    told = await live.hear("edits_reverted", short_id=short_id)
    assert (told["blocks"], told["by"]) == (1, "Grace Hopper")
    await page.ask("POST", f"posthog/history/{page.path}", {"reverted": True})

    text = stored_text(connected_box, short_id)
    assert "We saw 12 % growth." in text
    assert "The end, says Grace." in text


async def test_a_colleague_who_goes_on_from_our_save_takes_nothing_back(
    connected_box: Box, open_pages: Callable[[], Awaitable[Opened]]
) -> None:
    page, live, short_id = await open_pages()
    page.edit("We saw growth.", "We saw 12 % growth.")
    await page.save()

    save_as_grace(connected_box, short_id, connected_box.markdown(short_id).replace("The end.", "The end, by Grace."))
    await live.hear("notebook_changed", is_own=False)
    version = save_as_grace(connected_box, short_id, connected_box.markdown(short_id) + "\n\nMore by Grace.")
    await live.hear("notebook_changed", is_own=False, version=version)

    assert live.names_heard("edits_reverted") == []


async def test_without_a_save_there_is_nothing_to_put_back(connected_box: Box, jp_fetch: Any) -> None:
    page = Page(jp_fetch, f"env/1/{new_notebook(connected_box, 'markdown')}.ipynb")
    await page.open()

    with pytest.raises(Refused) as refused:
        await page.ask("POST", f"posthog/history/{page.path}", {"reverted": True})

    assert (refused.value.status, refused.value.reason) == (404, "draft_gone")
