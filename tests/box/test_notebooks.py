"""The box's notebook endpoints, asked by a plain HTTP client."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.box_fixture import Box
from tests.conftest import load_json

NOTEBOOKS = "/api/projects/1/notebooks/"


def test_the_list_has_the_keys_of_posthog_and_pages(box: Box) -> None:
    for number in range(3):
        box.new_markdown(f"# {number}", title=f"Zebraword {number}")

    first = box.http.get(NOTEBOOKS, params={"search": "Zebraword", "limit": 2}).json()
    second = box.http.get(first["next"]).json()

    assert set(first) == {"count", "next", "previous", "results"}
    assert set(first["results"][0]) == set(load_json("api/01-list-first.json")["body"]["results"][0])
    assert (first["count"], len(first["results"]), len(second["results"])) == (3, 2, 1)
    assert second["next"] is None
    assert "search=Zebraword" in second["previous"]


def test_the_newest_comes_first_and_the_trash_is_not_listed(box: Box) -> None:
    kept, trashed = box.new_markdown("# a", title="Sortable a"), box.new_markdown("# b", title="Sortable b")
    box.http.patch(f"{NOTEBOOKS}{trashed}/", json={"deleted": True})
    box.http.patch(f"{NOTEBOOKS}{kept}/", json={"title": "Sortable a, renamed"})

    rows = box.http.get(NOTEBOOKS, params={"search": "Sortable"}).json()["results"]

    assert [row["short_id"] for row in rows] == [kept]
    assert box.http.get(f"{NOTEBOOKS}{trashed}/").status_code == 404
    assert box.http.patch(f"{NOTEBOOKS}{trashed}/", json={"deleted": False}).status_code == 200


def test_a_record_has_the_keys_of_posthog(box: Box) -> None:
    record = box.fetch(box.new_markdown("# a"))

    assert set(record) == set(load_json("api/12-patch-content.json")["body"])
    assert record["version"] == 0


def test_create_makes_markdown_today_and_keeps_null_on_old_servers(boxes: Any) -> None:
    today, legacy = boxes("cloud"), boxes("legacy")

    assert today.fetch(today.new_notebook())["content"]["content"][0]["attrs"]["markdown"] == ""
    assert legacy.fetch(legacy.new_notebook())["content"] is None


def test_an_unchanged_version_is_304(box: Box) -> None:
    short_id = box.new_markdown("# a")

    answer = box.http.get(f"{NOTEBOOKS}{short_id}/", headers={"If-None-Match": "0"})

    assert (answer.status_code, answer.content) == (304, b"")


def test_content_needs_the_stored_version(box: Box) -> None:
    short_id = box.new_markdown("# a")
    content = box.fetch(short_id)["content"]

    first = box.http.patch(f"{NOTEBOOKS}{short_id}/", json={"content": content, "version": 0})
    second = box.http.patch(f"{NOTEBOOKS}{short_id}/", json={"content": content, "version": 0})

    assert (first.status_code, first.json()["version"]) == (200, 1)
    assert second.status_code == 409
    assert second.json() == load_json("kernel/http-39-409-save.json")["body"]


def test_a_title_needs_no_version_and_changes_none(box: Box) -> None:
    short_id = box.new_markdown("# a")

    record = box.http.patch(f"{NOTEBOOKS}{short_id}/", json={"title": "New"}).json()

    assert (record["title"], record["version"]) == ("New", 0)


def test_delete_is_refused_with_an_empty_body(box: Box) -> None:
    answer = box.http.delete(f"{NOTEBOOKS}{box.new_markdown('# a')}/")

    assert (answer.status_code, answer.content) == (405, b"")


def test_a_markdown_save_that_missed_one_is_told_what_changed(box: Box) -> None:
    short_id = box.new_markdown("# T 🦔\n\nold text")
    content = box.fetch(short_id)["content"]
    content["content"][0]["attrs"]["markdown"] = "# T 🦔\n\nnew text"
    body = {"client_id": "c", "version": 0, "content": content, "text_content": ""}

    saved = box.http.post(f"{NOTEBOOKS}{short_id}/collab/markdown_save/", json=body)
    missed = box.http.post(f"{NOTEBOOKS}{short_id}/collab/markdown_save/", json=body)

    assert saved.status_code == 200
    assert missed.status_code == 409
    (update,) = missed.json()["updates"]
    assert set(update) == {"version", "diff", "base_crc", "client_id"}
    assert update["diff"][0]["start"] >= len("# T 🦔\n\n".encode("utf-16-le")) // 2


def test_a_save_on_a_version_that_is_not_known_is_stale(box: Box) -> None:
    short_id = box.new_markdown("# a")
    content = box.fetch(short_id)["content"]
    box.put_content(short_id, content)

    answer = box.http.post(
        f"{NOTEBOOKS}{short_id}/collab/markdown_save/", json={"client_id": "c", "version": 0, "content": content}
    )

    assert (answer.status_code, answer.json()) == (410, {"code": "conflict_stale"})


def test_every_change_is_in_the_activity(box: Box) -> None:
    short_id = box.new_markdown("# a")
    path = f"{NOTEBOOKS}{short_id}/"
    box.http.patch(path, json={"title": "New"})
    box.http.patch(path, json={"content": None, "version": 9})
    box.http.patch(path, json={"deleted": True})
    box.http.patch(path, json={"deleted": False})

    answer = box.http.get(f"{path}activity/").json()

    assert [entry["activity"] for entry in answer["results"]] == [
        "restored",
        "deleted",
        "save_rejected_conflict",
        "updated",
        "created",
    ]
    assert set(answer) == set(load_json("api/19-activity-first.json")["body"])
    assert set(answer["results"][0]) == set(load_json("api/19-activity-first.json")["body"]["results"][0])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/projects/@current/notebooks", 200),
        ("/api/projects/1/notebooks", 200),
        ("/api/projects/2/notebooks/", 403),
        ("/api/projects/web-app/notebooks/", 404),
        ("/api/projects/1/notebooks/noSuchOne/", 404),
        ("/api/nothing/", 404),
    ],
)
def test_paths(box: Box, path: str, status: int) -> None:
    assert box.http.get(path).status_code == status


def test_a_held_request_waits_until_it_is_released(box: Box) -> None:
    number = box.http.post("/_box/faults", json={"method": "GET", "path": "users/@me", "hold": True}).json()["id"]

    async def ask() -> int:
        async with httpx.AsyncClient(base_url=box.url, headers=box.session_headers(), trust_env=False) as client:
            import asyncio

            held = asyncio.ensure_future(client.get("/api/users/@me/"))
            await client.post(f"/_box/faults/{number}/met")
            assert not held.done()
            await client.post(f"/_box/faults/{number}/release")
            return (await held).status_code

    import anyio

    assert anyio.run(ask) == 200


def test_a_page_shows_the_text_escaped(box: Box) -> None:
    short_id = box.new_markdown("<script>alert(1)</script>", title="<b>")

    page = box.http.get(f"/project/1/notebooks/{short_id}").text

    assert "&lt;script&gt;" in page
    assert "<script>" not in page
