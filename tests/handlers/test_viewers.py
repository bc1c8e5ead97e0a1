"""Somebody who may look at a notebook and no more."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.box_fixture import Box
from tests.handlers.saving import Page, Refused

TEXT = "# Weekly funnel\n\nNumbers."


@pytest.fixture
def page(box: Box, monkeypatch: pytest.MonkeyPatch, jp_fetch: Any) -> Page:
    """A page of Vera, who has viewer access, on a notebook of Ada."""
    session = {"POSTHOG_SESSION_COOKIE": "box-session-of-vera", "POSTHOG_CSRF_TOKEN": "box-csrf-of-vera"}
    for name, value in ({"POSTHOG_HOST": box.url, "POSTHOG_PROJECT_ID": "1"} | session).items():
        monkeypatch.setenv(name, value)
    return Page(jp_fetch, f"env/1/{box.new_markdown(TEXT, title='Funnel')}.ipynb")


async def test_a_viewer_sees_that_nothing_can_be_written(page: Page) -> None:
    one = await page.ask("GET", f"posthog/contents/{page.path}")
    row = next(
        row for row in (await page.ask("GET", "posthog/contents/env/1"))["content"] if row["path"] == one["path"]
    )

    assert (one["writable"], row["writable"]) == (False, False)


async def test_what_a_viewer_made_can_be_written(page: Page) -> None:
    made = await page.ask("POST", "posthog/contents/env/1", {"type": "notebook"})

    assert made["writable"] is True


async def test_an_edit_of_a_viewer_is_refused_and_kept(page: Page, box: Box) -> None:
    await page.open()
    page.edit("Numbers.", "Mine.")

    with pytest.raises(Refused) as caught:
        await page.save()

    assert (caught.value.status, caught.value.reason) == (403, "access_denied")
    drafts = (await page.ask("GET", "posthog/drafts"))["drafts"]
    assert len(drafts) == 1
    assert "Mine." not in json.dumps(box.fetch(drafts[0]["short_id"]))


@pytest.mark.parametrize(("verb", "body"), [("PATCH", {"path": "env/1/Mine.ipynb"}), ("DELETE", None)])
async def test_a_viewer_neither_renames_nor_deletes(page: Page, verb: str, body: Any) -> None:
    with pytest.raises(Refused) as caught:
        await page.ask(verb, f"posthog/contents/{page.path}", body)

    assert caught.value.reason == "access_denied"
    assert (await page.ask("GET", f"posthog/contents/{page.path}"))["name"].startswith("Funnel [")
