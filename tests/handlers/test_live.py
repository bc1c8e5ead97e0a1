"""What happens in PostHog reaches a page on Jupyter Server's own WebSocket, and nothing is asked for closed pages."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from tests.box_fixture import Box
from tests.handlers.live_page import (
    GRACES_HEADERS,
    LivePage,
    markdown_document,
    save_as_grace,
    streams,
    streams_asked,
    until,
)

Pages = Callable[[str], Awaitable[LivePage]]


@pytest.fixture
def check_interval_s() -> float:
    """How often versions are checked; a test that is not about checks hears only the stream."""
    return 30.0


@pytest.fixture
def lease_s() -> float:
    return 60.0


@pytest.fixture
def jp_server_config(check_interval_s: float, lease_s: float) -> dict[str, object]:
    return {
        "ServerApp": {"jpserver_extensions": {"jupyter_posthog": True}},
        "PostHog": {"live_check_interval_s": check_interval_s, "live_lease_s": lease_s},
    }


@pytest.fixture
def pages(connected_box: Box, jp_serverapp: Any, jp_ws_fetch: Any, jp_fetch: Any) -> Pages:
    """Open pages of one server."""

    async def open_page(page_id: str = "page-of-ada") -> LivePage:
        await jp_serverapp.extension_manager.start_all_extensions()
        return LivePage(page_id, await jp_ws_fetch("api", "events", "subscribe"), jp_fetch)

    return open_page


async def followed(page: LivePage, *short_ids: str) -> None:
    await page.show(*short_ids)
    for short_id in short_ids:
        await page.hear("notebook_following", short_id=short_id, mode="stream", reason=None)


async def test_a_live_save_by_somebody_else_is_told(connected_box: Box, pages: Pages) -> None:
    short_id = connected_box.new_markdown("# Plan")
    page = await pages("page-of-ada")
    await followed(page, short_id)

    version = save_as_grace(connected_box, short_id, "# Plan, better")

    event = await page.hear("notebook_changed", short_id=short_id)
    assert (event["version"], event["by"], event["is_own"]) == (version, "Grace Hopper", False)
    assert (event["connection"], event["project_id"]) == ("env", 1)
    assert [event["people"] for event in page.names_heard("notebook_presence")] == [["Grace Hopper"]]


@pytest.mark.parametrize("check_interval_s", [0.2])
async def test_a_plain_edit_is_told_too_which_no_stream_tells(connected_box: Box, pages: Pages) -> None:
    short_id = connected_box.new_markdown("# Plan")
    page = await pages("page-of-ada")
    await followed(page, short_id)

    connected_box.edit_elsewhere(short_id, markdown_document("# Plan by a script"))

    event = await page.hear("notebook_changed", short_id=short_id)
    assert (event["version"], event["by"], event["is_own"]) == (1, "Grace Hopper", False)


async def test_an_edit_made_before_the_stream_was_open_is_told(connected_box: Box, pages: Pages) -> None:
    short_id = connected_box.new_markdown("# Plan")
    connected_box.edit_elsewhere(short_id, markdown_document("# Changed after the page loaded it"))
    page = await pages("page-of-ada")

    await page.show(short_id, version=0)

    assert (await page.hear("notebook_changed", short_id=short_id))["version"] == 1


async def test_presence_is_told_once_and_not_at_each_movement(connected_box: Box, pages: Pages) -> None:
    short_id = connected_box.new_markdown("# Plan")
    page = await pages("page-of-ada")
    await followed(page, short_id)
    path = f"/api/projects/1/notebooks/{short_id}/collab/presence/"
    for offset in range(3):
        body = {"client_id": "page-of-grace", "version": 0, "cursor": {"head": offset}}
        connected_box.http.post(path, json=body, headers=GRACES_HEADERS).raise_for_status()

    save_as_grace(connected_box, short_id, "# Plan, after three movements")
    await page.hear("notebook_changed", short_id=short_id)

    assert [event["people"] for event in page.names_heard("notebook_presence")] == [["Grace Hopper"]]


async def test_our_own_save_is_told_as_our_own_and_once(connected_box: Box, pages: Pages, jp_fetch: Any) -> None:
    short_id = connected_box.new_markdown("# Plan")
    page = await pages("page-of-ada")
    await followed(page, short_id)
    path = f"posthog/contents/env/1/{short_id}.ipynb"
    model = json.loads((await jp_fetch(path)).body)
    model["content"]["cells"][0]["source"] = "# Plan of Ada"

    await jp_fetch(path, method="PUT", body=json.dumps(model))
    saved = await page.hear("save_state", short_id=short_id, state="saved")
    version = save_as_grace(connected_box, short_id, "# Plan of Grace")
    await page.hear("notebook_changed", short_id=short_id, version=version)

    changes = [(event["version"], event["is_own"]) for event in page.names_heard("notebook_changed")]
    assert changes == [(saved["version"], True), (version, False)]
    assert [event["state"] for event in page.names_heard("save_state")] == ["saving", "saved"]


async def test_a_refused_save_is_told_with_whose_edit_it_met(connected_box: Box, pages: Pages, jp_fetch: Any) -> None:
    short_id = connected_box.new_markdown("# Plan")
    page = await pages("page-of-ada")
    await followed(page, short_id)
    path = f"posthog/contents/env/1/{short_id}.ipynb"
    model = json.loads((await jp_fetch(path)).body)
    save_as_grace(connected_box, short_id, "# Plan of Grace")
    model["content"]["cells"][0]["source"] = "# Plan of Ada"

    with pytest.raises(HTTPClientError):
        await jp_fetch(path, method="PUT", body=json.dumps(model))

    state = await page.hear("save_state", short_id=short_id, state="conflict")
    assert (state["by"], state["version"], state["reason"]) == ("Grace Hopper", 1, "save_conflict")


async def test_two_pages_share_one_stream_and_the_last_one_closes_it(connected_box: Box, pages: Pages) -> None:
    short_id = connected_box.new_markdown("# Plan")
    first, second = await pages("first-page"), await pages("second-page")
    await followed(first, short_id)
    known = await second.show(short_id)
    version = save_as_grace(connected_box, short_id, "# Plan of Grace")
    await first.hear("notebook_changed", version=version)
    await second.hear("notebook_changed", version=version)
    assert (known["notebooks"][0]["mode"], streams(connected_box, short_id)) == ("stream", 1)

    await first.leave()
    assert streams(connected_box, short_id) == 1
    assert (await second.show())["notebooks"] == []

    await until(lambda: streams(connected_box, short_id) == 0)


@pytest.mark.parametrize("lease_s", [1.0])
async def test_a_page_that_dies_without_a_word_loses_its_lease(connected_box: Box, pages: Pages) -> None:
    short_id = connected_box.new_markdown("# Plan")
    page = await pages("page-of-ada")
    await followed(page, short_id)

    await until(lambda: streams(connected_box, short_id) == 0)

    before = streams_asked(connected_box, short_id)
    await followed(page, short_id)
    assert streams_asked(connected_box, short_id) == before + 1


async def test_a_renewal_says_what_was_missed_and_opens_nothing_anew(connected_box: Box, pages: Pages) -> None:
    short_id = connected_box.new_markdown("# Plan")
    page = await pages("page-of-ada")
    await followed(page, short_id)
    version = save_as_grace(connected_box, short_id, "# Plan of Grace")
    await page.hear("notebook_changed", short_id=short_id)

    (known,) = (await page.show(short_id, version=0))["notebooks"]

    assert (known["version"], known["by"], known["people"]) == (version, "Grace Hopper", ["Grace Hopper"])
    assert streams_asked(connected_box, short_id) == 1


async def test_six_notebooks_are_six_streams_and_ordinary_calls_do_not_wait_for_them(
    connected_box: Box, pages: Pages, jp_fetch: Any
) -> None:
    short_ids = [connected_box.new_markdown(f"# Plan {number}") for number in range(6)]
    page = await pages("page-of-ada")
    await followed(page, *short_ids)
    assert streams(connected_box, *short_ids) == 6

    for short_id in short_ids:
        await jp_fetch(f"posthog/contents/env/1/{short_id}.ipynb")
    await jp_fetch("api/contents")

    assert streams(connected_box, *short_ids) == 6
    assert [streams_asked(connected_box, short_id) for short_id in short_ids] == [1] * 6


@pytest.mark.parametrize("check_interval_s", [0.2])
async def test_a_server_without_a_stream_is_checked_and_says_so(connected_box: Box, pages: Pages) -> None:
    short_id = connected_box.new_markdown("# Plan")
    body = {"type": "invalid_request", "code": "not_found", "detail": "Not found.", "attr": None}
    connected_box.fail_next(path=f"/{short_id}/collab/stream/", status=404, body=body, times=100)
    page = await pages("page-of-ada")
    await page.show(short_id)
    mode = await page.hear("notebook_following", short_id=short_id)
    assert (mode["mode"], mode["reason"]) == ("checks", "endpoint_missing")

    save_as_grace(connected_box, short_id, "# Plan of Grace")

    assert (await page.hear("notebook_changed", short_id=short_id))["by"] == "Grace Hopper"
    assert streams_asked(connected_box, short_id) == 1


async def test_a_key_that_may_not_read_is_asked_about_the_stream_once(connected_box: Box, pages: Pages) -> None:
    short_id = connected_box.new_markdown("# Plan")
    detail = "API key missing required scope 'notebook:read'"
    body = {"type": "authentication_error", "code": "permission_denied", "detail": detail, "attr": None}
    connected_box.fail_next(path=f"/notebooks/{short_id}/", status=403, body=body, times=2)
    page = await pages("page-of-ada")

    await page.show(short_id)

    mode = await page.hear("notebook_following", short_id=short_id, mode="off")
    assert mode["reason"] == "missing_scope"
    assert streams_asked(connected_box, short_id) == 1


async def test_another_key_is_tried_at_once_where_the_old_one_was_refused(
    connected_box: Box, pages: Pages, jp_fetch: Any
) -> None:
    short_id = connected_box.new_markdown("# Plan")
    body = {"host": connected_box.url, "key": connected_box.keys["full"]}
    await jp_fetch("posthog/connections/mine", method="PUT", body=json.dumps(body))
    refusal = {"type": "authentication_error", "code": "permission_denied", "detail": "No.", "attr": None}
    connected_box.fail_next(path=f"/{short_id}/collab/stream/", status=403, body=refusal)
    page = await pages("page-of-ada")
    shown = json.dumps({"notebooks": [{"path": f"mine/1/{short_id}.ipynb", "version": 0}]})
    await jp_fetch("posthog/live/page-of-ada", method="PUT", body=shown)
    await page.hear("notebook_following", short_id=short_id, mode="checks", reason="access_denied")

    body["key"] = connected_box.keys["read_only"]
    await jp_fetch("posthog/connections/mine", method="PUT", body=json.dumps(body))

    await page.hear("notebook_following", short_id=short_id, mode="stream")


@pytest.mark.parametrize("check_interval_s", [0.2])
async def test_a_notebook_in_the_trash_is_told_as_gone(connected_box: Box, pages: Pages) -> None:
    short_id = connected_box.new_markdown("# Plan")
    page = await pages("page-of-ada")
    await followed(page, short_id)

    connected_box.http.patch(f"/api/projects/1/notebooks/{short_id}/", json={"deleted": True}).raise_for_status()

    mode = await page.hear("notebook_following", short_id=short_id, mode="off")
    assert mode["reason"] == "notebook_gone"


async def test_a_request_limit_is_told_with_its_end(connected_box: Box, pages: Pages, jp_fetch: Any) -> None:
    page = await pages("page-of-ada")
    connected_box.fail_next(path="/projects/1/query/", throttled_s=24)
    body = json.dumps({"query": {"kind": "HogQLQuery", "query": "SELECT 1"}})

    with pytest.raises(HTTPClientError):
        await jp_fetch("posthog/api/projects/1/query/", method="POST", body=body)

    pause = await page.hear("limit_pause")
    assert (pause["host"], pause["project_id"], pause["wait_s"]) == (connected_box.url, 1, 24.0)
    assert pause["ends_at"].endswith("+00:00")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ([], "request_not_valid"),
        ({"notebooks": "all"}, "request_not_valid"),
        ({"notebooks": [{"path": "env/1/x.ipynb"}] * 101}, "request_not_valid"),
        ({"notebooks": [{"path": "env/1"}]}, "invalid_path"),
    ],
)
async def test_a_page_that_says_nonsense_is_told_so(jp_fetch: Any, body: object, reason: str) -> None:
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("posthog/live/page-of-ada", method="PUT", body=json.dumps(body))

    assert json.loads(caught.value.response.body)["reason"] == reason
