"""The folders of the drive: connections, their projects, and the notebooks of a project; and what leaves and comes back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.box_fixture import Box
from tests.handlers.saving import Page, Refused

PROJECTS = {"count": 2, "next": None, "results": [{"id": 7, "name": "Mobile app"}, {"id": 1, "name": "Web app"}]}


@pytest.fixture
def page(connected_box: Box, jp_fetch: Any) -> Page:
    return Page(jp_fetch, f"env/1/{connected_box.new_markdown('# Weekly', title='Funnel')}.ipynb")


async def paths_in(page: Page, folder: str) -> list[str]:
    return [row["path"] for row in (await page.ask("GET", f"posthog/contents/{folder}"))["content"]]


async def test_a_connection_shows_every_project_that_it_sees(page: Page, connected_box: Box) -> None:
    connected_box.fail_next(method="GET", path="/api/projects/", status=200, body=json.dumps(PROJECTS))

    assert await paths_in(page, "env") == ["env/1", "env/7"]


async def test_a_key_bound_to_a_project_shows_that_one(
    page: Page, connected_box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTHOG_PERSONAL_API_KEY", connected_box.keys["one_project"])
    monkeypatch.delenv("POSTHOG_PROJECT_ID")

    assert await paths_in(page, "env") == ["env/1"]


async def test_a_project_lists_more_than_one_page(page: Page, connected_box: Box) -> None:
    made = [connected_box.new_notebook(title=f"Row {number}") for number in range(105)]

    listed = await paths_in(page, "env/1")

    for short_id in made:
        connected_box.http.patch(f"/api/projects/1/notebooks/{short_id}/", json={"deleted": True})
    assert len(listed) == len(set(listed))
    assert {f"env/1/Row {number} [{short_id}].ipynb" for number, short_id in enumerate(made)} <= set(listed)


async def test_a_notebook_comes_back_from_the_trash_as_it_was(page: Page) -> None:
    await page.open()
    await page.ask("DELETE", f"posthog/contents/{page.path}")
    assert page.path not in await paths_in(page, "env/1")
    with pytest.raises(Refused):
        await page.ask("GET", f"posthog/contents/{page.path}")

    restored = await page.ask("PATCH", f"posthog/contents/{page.path}", {"deleted": False})

    assert (restored["path"], restored["base_version"]) == (page.path, page.base_version)
    assert page.path in await paths_in(page, "env/1")
    await page.open()
    assert page.text() == "# Weekly"


async def test_edits_of_a_page_go_on_after_a_restore(page: Page, connected_box: Box) -> None:
    """The whole way of an Undo: deleted, the save refused and kept, restored, saved on the same base."""
    await page.open()
    await page.ask("DELETE", f"posthog/contents/{page.path}")
    page.edit("# Weekly", "# Monthly")
    with pytest.raises(Refused) as caught:
        await page.save()
    assert caught.value.reason == "notebook_gone"
    assert "# Monthly" in await page.kept_text()

    await page.ask("PATCH", f"posthog/contents/{page.path}", {"deleted": False})
    await page.save()

    assert connected_box.markdown(page.path.split("[")[1].split("]")[0]) == "# Monthly"
    assert await page.drafts() == []
