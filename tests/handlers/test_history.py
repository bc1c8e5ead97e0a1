"""The past of a notebook: PostHog's notes, versions kept here, what differs from now, putting something back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.box_fixture import Box
from tests.handlers.saving import Page, Refused, edit_elsewhere, new_notebook, stored_text


async def opened(box: Box, jp_fetch: Any, shape: str = "markdown") -> tuple[Page, str]:
    short_id = new_notebook(box, shape, title="Funnel")
    page = Page(jp_fetch, f"env/1/{short_id}.ipynb")
    await page.open()
    return page, short_id


@pytest.fixture(params=["markdown", "rich"])
def shape(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_posthogs_notes_say_who_did_what(connected_box: Box, jp_fetch: Any, shape: str) -> None:
    page, short_id = await opened(connected_box, jp_fetch, shape)
    edit_elsewhere(connected_box, short_id, shape, "The end.", "The end, says Grace.")

    activity = (await page.ask("GET", f"posthog/history/{page.path}"))["activity"]

    assert activity["refusal"] is None
    newest = activity["entries"][0]
    assert (newest["activity"], newest["by"], newest["has_content"]) == ("updated", "Grace", True)
    assert activity["entries"][-1]["activity"] == "created"


async def test_an_entry_is_looked_at_compared_and_put_back(connected_box: Box, jp_fetch: Any, shape: str) -> None:
    page, short_id = await opened(connected_box, jp_fetch, shape)
    edit_elsewhere(connected_box, short_id, shape, "We saw growth.", "We saw decline.")
    entries = (await page.ask("GET", f"posthog/history/{page.path}"))["activity"]["entries"]
    edit_elsewhere(connected_box, short_id, shape, "We saw decline.", "We saw nothing.")

    old = await page.ask("GET", f"posthog/history/{page.path}", entry=entries[0]["id"])
    assert any("We saw decline." in cell["source"] for cell in old["content"]["cells"])
    (difference,) = old["differences"]
    assert difference["kind"] == "edited"
    assert "We saw decline." in difference["before"]
    assert "We saw nothing." in difference["after"]
    assert [sign for sign, _ in difference["lines"] if sign] == ["-", "+"]
    restored = await page.ask("POST", f"posthog/history/{page.path}", {"entry": entries[0]["id"]})
    assert "We saw decline." in stored_text(connected_box, short_id)

    await page.ask("POST", f"posthog/history/{page.path}", {"version": restored["replaced_version"]})

    assert "We saw nothing." in stored_text(connected_box, short_id)


async def test_a_version_says_what_has_changed_since(connected_box: Box, jp_fetch: Any, shape: str) -> None:
    page, _ = await opened(connected_box, jp_fetch, shape)
    version = str(page.base_version)
    page.edit("We saw growth.", "We saw 12 % growth.")
    await page.save()

    old = await page.ask("GET", f"posthog/history/{page.path}", version=version)

    assert [difference["kind"] for difference in old["differences"]] == ["edited"]


async def test_a_key_that_may_not_read_activity_still_sees_what_is_kept_here(connected_box: Box, jp_fetch: Any) -> None:
    page, _ = await opened(connected_box, jp_fetch)
    detail = "API key missing required scope 'activity_log:read'"
    refusal = {"type": "authentication_error", "code": "permission_denied", "detail": detail, "attr": None}
    connected_box.fail_next(method="GET", path="/activity/?$", status=403, body=refusal)

    answer = await page.ask("GET", f"posthog/history/{page.path}")

    assert [entry["version"] for entry in answer["versions"]] == [page.base_version]
    assert answer["activity"]["refusal"]["reason"] == "missing_scope"
    assert "activity_log:read" in answer["activity"]["refusal"]["message"]


@pytest.mark.parametrize("query", [{"version": "999"}, {"entry": "no-such-entry"}])
async def test_what_is_not_kept_any_more_is_said(connected_box: Box, jp_fetch: Any, query: dict[str, str]) -> None:
    page, _ = await opened(connected_box, jp_fetch)

    with pytest.raises(Refused) as refused:
        await page.ask("GET", f"posthog/history/{page.path}", **query)

    assert (refused.value.status, refused.value.reason) == (404, "version_gone")


@pytest.mark.parametrize("body", [{}, {"version": "x"}, {"version": True}, [], {"entry": "e", "page": "x"}])
async def test_a_restore_of_nothing_is_refused(connected_box: Box, jp_fetch: Any, body: Any) -> None:
    page, _ = await opened(connected_box, jp_fetch)

    with pytest.raises(Refused) as refused:
        await page.ask("POST", f"posthog/history/{page.path}", body)

    assert (refused.value.status, refused.value.reason) == (400, "request_not_valid")
