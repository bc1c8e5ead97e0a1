"""Who did what, and pages of it (posthog-api.md 9); comments on recordings (8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.box_fixture import Box

ALL = "/api/projects/1/notebooks/"


def entries(box: Box, path: str, **query: Any) -> list[Any]:
    rows: list[Any] = box.http.get(f"{path}activity/", params=query).json()["results"]
    return rows


def test_each_kind_of_change_is_an_entry(box: Box) -> None:
    short_id = box.new_markdown("# a", title="First")
    path = f"{ALL}{short_id}/"
    content = box.fetch(short_id)["content"]
    box.http.patch(path, json={"title": "Second"})
    box.http.patch(path, json={"content": content, "version": 7})
    box.http.post(f"{path}collab/markdown_save/", json={"client_id": "c", "version": 7, "content": content})
    box.http.patch(path, json={"title": None})
    box.http.patch(path, json={"deleted": True})
    box.http.patch(path, json={"deleted": False})

    found = entries(box, path)

    assert [entry["activity"] for entry in found] == [
        "restored",
        "deleted",
        "updated",
        "save_rejected_stale",
        "save_rejected_conflict",
        "updated",
        "created",
    ]
    assert found[5]["detail"]["changes"] == [
        {"type": "Notebook", "action": "changed", "field": "title", "before": "First", "after": "Second"}
    ]
    assert found[2]["detail"]["changes"][0]["action"] == "deleted"
    assert found[6]["detail"]["changes"] is None
    assert found[6]["user"] == {"first_name": "Ada", "email": "ada@hedgebox.example"}
    assert found[6]["item_id"] == short_id


def test_a_save_shows_content_and_version(box: Box) -> None:
    short_id = box.new_markdown("# a")
    box.put_content(short_id, None)

    changes = entries(box, f"{ALL}{short_id}/")[0]["detail"]["changes"]

    assert [(change["field"], change["action"]) for change in changes] == [
        ("content", "deleted"),
        ("version", "changed"),
    ]


def test_pages_of_one_notebook(box: Box) -> None:
    short_id = box.new_markdown("# a")
    for number in range(11):
        box.http.patch(f"{ALL}{short_id}/", json={"title": str(number)})
    path = f"{ALL}{short_id}/activity/"

    first = box.http.get(path).json()
    second = box.http.get(first["next"]).json()

    assert (len(first["results"]), first["previous"], first["total_count"]) == (10, None, 12)
    assert (len(second["results"]), second["next"]) == (2, None)
    assert second["previous"] == f"{box.url}{path}?limit=10&page=1"


@pytest.mark.parametrize("query", [{"limit": "0"}, {"page": "0"}, {"page": "x"}, {"limit": "-3"}])
def test_a_wrong_page_is_400_today(boxes: Callable[[str], Box], query: dict[str, str]) -> None:
    today, legacy = boxes("cloud"), boxes("legacy")

    assert today.http.get(f"{ALL}activity/", params=query).status_code == 400
    assert legacy.http.get(f"{ALL}activity/", params=query).status_code == 200


def test_the_project_has_the_activity_of_all(box: Box) -> None:
    one, other = box.new_markdown("# a"), box.new_markdown("# b")

    found = [entry["item_id"] for entry in entries(box, ALL, limit=2)]

    assert found == [other, one]


def test_a_colleague_has_a_name(box: Box) -> None:
    short_id = box.new_markdown("# a")
    box.edit_elsewhere(short_id, None)

    assert entries(box, f"{ALL}{short_id}/")[0]["user"]["first_name"] == "Grace"


def test_comments_on_a_recording_are_the_text_beside_its_moments(box: Box) -> None:
    recording = "0191c3e0-0000-7000-8000-00000000f123"

    def moment(time_ms: int, text: str, of: str = recording) -> Any:
        stamp = {"type": "ph-replay-timestamp", "attrs": {"playbackTime": time_ms, "sessionRecordingId": of}}
        return {"type": "paragraph", "content": [stamp, {"type": "text", "text": text}]}

    short_id = box.new_notebook(title="Seen")
    nodes = [moment(83500, " slow"), moment(1, " other", of="r2"), moment(0, "")]
    box.put_content(short_id, {"type": "doc", "content": nodes})

    rows = box.http.get(f"{ALL}recording_comments/", params={"recording_id": recording}).json()["results"]

    assert [(row["timeInRecording"], row["comment"]) for row in rows] == [(83500, " slow"), (0, "")]
    assert {(row["notebookShortId"], row["notebookTitle"]) for row in rows} == {(short_id, "Seen")}
    assert len({row["id"] for row in rows}) == 2
    assert {len(row["id"]) for row in rows} == {64}


def test_comments_need_a_recording(box: Box) -> None:
    answer = box.http.get(f"{ALL}recording_comments/")

    assert (answer.status_code, answer.json()) == (400, {"detail": "recording_id is required"})
