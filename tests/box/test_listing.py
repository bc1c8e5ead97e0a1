"""Filters, order, search and pages of the list (posthog-api.md 5, 6.4)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from jupyter_posthog.box.moments import parse_moment
from tests.box_fixture import Box

ALL = "/api/projects/1/notebooks/"
NOON = datetime(2026, 11, 25, 12, 30, 15, tzinfo=UTC)


@pytest.fixture
def word() -> str:
    """A word that no other test's notebook has."""
    return f"w{uuid4().hex}"


def found(box: Box, **query: Any) -> list[str]:
    """Return the titles of a list, without the word that keeps tests apart."""
    rows = box.http.get(ALL, params=query).json()["results"]
    return [row["title"].split(" ", 1)[1] for row in rows]


def rich(box: Box, title: str, *nodes: Any) -> str:
    short_id = box.new_notebook(title=title)
    box.put_content(short_id, {"type": "doc", "content": list(nodes)})
    return short_id


def widget(kind: str, **attrs: Any) -> Any:
    return {"type": f"ph-{kind}", "attrs": attrs}


@pytest.mark.parametrize(
    ("contains", "titles"),
    [
        ("recording:true", ["one", "two"]),
        ("recordings", ["one", "two"]),
        ("recording:none", ["one", "two"]),
        ("recording:r1", ["one"]),
        ("recording:false", ["flag", "insight", "markdown", "moment"]),
        ("feature-flag:12", ["flag"]),
        ("feature-flags:true", ["flag"]),
        ("feature-flag:13", []),
        ("recording:true,recording:r2", ["two"]),
        ("recording:true feature-flag:true", []),
        ("query:abc", ["insight"]),
        ("replay-timestamp:true", ["moment"]),
        ("replay-timestamp:r9", ["moment"]),
        ("replay-timestamp:r8", []),
    ],
)
def test_contains_looks_at_top_level_rich_nodes(box: Box, word: str, contains: str, titles: list[str]) -> None:
    moment = {"type": "paragraph", "content": [widget("replay-timestamp", sessionRecordingId="r9", playbackTime=1)]}
    rich(box, f"{word} one", widget("recording", id="r1"))
    rich(box, f"{word} two", widget("recording", id="r2"))
    rich(box, f"{word} flag", {"type": "paragraph", "content": []}, widget("feature-flag", id=12))
    rich(box, f"{word} insight", widget("query", query={"kind": "SavedInsightNode", "shortId": "abc"}))
    rich(box, f"{word} moment", moment)
    box.new_markdown('<Recording id="r1" />', title=f"{word} markdown")

    assert sorted(found(box, search=word, contains=contains)) == titles


def test_people_filters_use_their_uuids(box: Box, word: str) -> None:
    short_id = box.new_markdown("# a", title=f"{word} mine")
    me = box.http.get("/api/users/@me/").json()["uuid"]
    grace = box.http.get(ALL, params={"short_id": "actDeep002"}).json()["results"][0]["created_by"]["uuid"]

    assert found(box, search=word, created_by=me) == ["mine"]
    assert found(box, search=word, created_by=grace) == []
    assert found(box, search=word, user="anything") == ["mine"]
    assert found(box, search=word, last_modified_by=me) == ["mine"]
    box.edit_elsewhere(short_id, box.fetch(short_id)["content"])
    assert found(box, search=word, last_modified_by=grace) == ["mine"]
    assert box.http.get(ALL, params={"created_by": grace, "user": "true"}).json()["count"] == 0


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ({"date_from": "-1h"}, True),
        ({"date_from": "-7d"}, True),
        ({"date_to": "-1d"}, False),
        ({"date_from": "2020-01-01", "date_to": "2100-01-01T10:00:00Z"}, True),
        ({"date_from": "2100-01-01"}, False),
    ],
)
def test_dates_are_those_of_the_last_change(box: Box, word: str, query: dict[str, str], is_found: bool) -> None:
    box.new_markdown("# a", title=f"{word} dated")

    assert bool(found(box, search=word, **query)) is is_found


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-10-02", "2026-10-02T00:00:00+00:00"),
        ("2026-10-02T10:00:00", "2026-10-02T10:00:00+00:00"),
        ("2026-10-02T10:00:00+02:00", "2026-10-02T10:00:00+02:00"),
        ("-7d", "2026-11-18T00:00:00+00:00"),
        ("-24h", "2026-11-24T12:30:15+00:00"),
        ("-2w", "2026-11-11T00:00:00+00:00"),
        ("-1m", "2026-10-25T00:00:00+00:00"),
        ("-9m", "2026-02-25T00:00:00+00:00"),
        ("-1q", "2026-08-25T00:00:00+00:00"),
        ("-1y", "2025-11-25T00:00:00+00:00"),
        ("dStart", "2026-11-25T00:00:00+00:00"),
        ("-1dEnd", "2026-11-24T23:59:59.999999+00:00"),
        ("mStart", "2026-11-01T00:00:00+00:00"),
        ("-1mStart", "2026-10-01T00:00:00+00:00"),
        ("-1mEnd", "2026-10-31T23:59:59.999999+00:00"),
        ("qStart", "2026-10-01T00:00:00+00:00"),
        ("yStart", "2026-01-01T00:00:00+00:00"),
        ("-9999y", "0001-11-25T00:00:00+00:00"),
        ("all", "2026-11-25T12:30:15+00:00"),
        ("nonsense", "2026-11-25T12:30:15+00:00"),
    ],
)
def test_a_moment_is_read(text: str, moment: str) -> None:
    assert parse_moment(text, NOON) == datetime.fromisoformat(moment)


def test_the_day_of_a_shorter_month_is_its_last() -> None:
    assert parse_moment("-1m", datetime(2026, 3, 31, tzinfo=UTC)).day == 28


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("funnels", True),
        ("FUNNEL", True),
        ("converting funnel", True),
        ("funnel missing", False),
        ("the funnel", True),
        ("fun", False),
        ("%", False),
        ('"', False),
        ("weekly-funnel", True),
    ],
)
def test_search_knows_words_and_their_stems(box: Box, word: str, words: str, is_found: bool) -> None:
    box.new_markdown(f"{word} weekly funnel of conversions, converted", title=f"{word} Searchable")

    titles = [row["title"] for row in box.http.get(ALL, params={"search": words, "limit": 1000}).json()["results"]]

    assert (f"{word} Searchable" in titles) is is_found


def test_search_finds_words_of_the_title_and_follows_changes(box: Box, word: str) -> None:
    short_id = box.new_markdown("# a", title=f"{word} before")
    box.http.patch(f"{ALL}{short_id}/", json={"title": f"{word} after"})

    assert found(box, search=f"{word} after") == ["after"]
    assert found(box, search=f"{word} before") == []


@pytest.mark.parametrize(
    ("order", "titles"),
    [
        ("title", ["a", "b", "c"]),
        ("-title", ["c", "b", "a"]),
        ("created_at", ["b", "a", "c"]),
        ("-created_at", ["c", "a", "b"]),
        ("last_modified_at", ["a", "c", "b"]),
        ("", ["b", "c", "a"]),
        ("nonsense; DROP TABLE notebooks", ["b", "c", "a"]),
    ],
)
def test_order(box: Box, word: str, order: str, titles: list[str]) -> None:
    first = box.new_markdown("# x", title=f"{word} b")
    box.new_markdown("# x", title=f"{word} a")
    box.new_markdown("# x", title=f"{word} c")
    box.http.patch(f"{ALL}{first}/", json={"text_content": f"{word} touched"})

    assert found(box, search=word, **({"order": order} if order else {})) == titles


def test_pages_keep_the_other_parameters(box: Box, word: str) -> None:
    for number in range(5):
        box.new_markdown("# x", title=f"{word} {number}")
    query = {"search": word, "order": "title", "limit": 2}

    first = box.http.get(ALL, params=query).json()
    second = box.http.get(first["next"]).json()
    third = box.http.get(second["next"]).json()

    assert [row["title"][-1] for page in (first, second, third) for row in page["results"]] == list("01234")
    assert (first["count"], first["previous"], third["next"]) == (5, None, None)
    assert second["previous"] == f"{box.url}{ALL}?search={word}&order=title&limit=2"
    assert third["previous"].endswith("limit=2&offset=2")


@pytest.mark.parametrize(("limit", "size"), [("0", 100), ("-5", 100), ("x", 100), ("3", 3), ("100000", None)])
def test_a_limit_that_is_none_is_the_default(box: Box, limit: str, size: int | None) -> None:
    answer = box.http.get(ALL, params={"limit": limit}).json()

    assert len(answer["results"]) == min(answer["count"], size or answer["count"])


def test_short_id_is_exact(box: Box) -> None:
    short_id = box.new_markdown("# x")

    assert [row["short_id"] for row in box.http.get(ALL, params={"short_id": short_id}).json()["results"]] == [short_id]
    assert box.http.get(ALL, params={"short_id": short_id[:4]}).json()["count"] == 0
