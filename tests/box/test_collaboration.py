"""Live editing: saves, presence and the stream (posthog-api.md 15)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_posthog.box.collaboration import Collaboration
from jupyter_posthog.box.text.differences import checksum, difference
from tests.box_fixture import Box
from tests.conftest import load_json

ALL = "/api/projects/1/notebooks/"
Events = Iterator[dict[str, Any]]


def markdown(text: str) -> Any:
    node = {"type": "ph-markdown-notebook", "attrs": {"nodeId": "markdown-notebook-v2", "markdown": text}}
    return {"type": "doc", "content": [node]}


def save(box: Box, short_id: str, text: str, version: int, client_id: str = "c") -> httpx.Response:
    body = {"client_id": client_id, "version": version, "content": markdown(text), "text_content": "replaced"}
    return box.http.post(f"{ALL}{short_id}/collab/markdown_save/", json=body)


def save_steps(box: Box, short_id: str, version: int, steps: list[Any]) -> httpx.Response:
    document = {"type": "doc", "content": [{"type": "paragraph"}]}
    body = {
        "client_id": "r",
        "version": version,
        "steps": steps,
        "content": document,
        "text_content": "",
        "cursor_head": 3,
    }
    return box.http.post(f"{ALL}{short_id}/collab/save/", json=body)


@contextmanager
def listening(box: Box, short_id: str, **headers: str) -> Iterator[Events]:
    """Open the stream and wait until it is connected."""
    with box.http.stream("GET", f"{ALL}{short_id}/collab/stream/", headers=headers) as answer:
        assert answer.headers["Content-Type"] == "text/event-stream"
        lines = answer.iter_lines()
        assert next(lines) == ": connected"
        yield _events(lines)


def _events(lines: Iterator[str]) -> Events:
    fields: dict[str, Any] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if name == "data":
            fields["data"] = json.loads(value)
        elif name:
            fields[name] = value
        elif fields:
            yield fields
            fields = {}


def test_open_pages_hear_of_a_markdown_save(box: Box) -> None:
    short_id = box.new_markdown("# T 🦔\n\nold text")

    with listening(box, short_id) as events:
        saved = save(box, short_id, "# T 🦔\n\nnew text", 0)
        event = next(events)

    assert (saved.status_code, saved.json()["version"]) == (200, 1)
    assert saved.json()["text_content"] == "# T 🦔\n\nnew text"
    assert event["event"] == "update"
    assert event["id"].startswith("1-")
    assert event["data"] == {
        "type": "update",
        "version": 1,
        "diff": [{"start": 8, "end": 11, "text": "new"}],
        "base_crc": load_json("kernel/http-62-409-markdown-real-crc.json")["body"]["updates"][0]["base_crc"],
        "client_id": "c",
        "user_id": 7,
        "user_name": "Ada Lovelace",
        "cursor": None,
    }


def test_a_stream_resumes_after_the_last_event_that_was_seen(box: Box) -> None:
    short_id = box.new_markdown("a")
    with listening(box, short_id) as events:
        save(box, short_id, "b", 0)
        seen = next(events)["id"]
    save(box, short_id, "c", 1)
    save(box, short_id, "d", 2)

    with listening(box, short_id, **{"Last-Event-ID": seen}) as events:
        missed = [next(events)["data"]["version"], next(events)["data"]["version"]]

    assert missed == [2, 3]


def test_a_large_change_is_told_without_its_difference(box: Box) -> None:
    short_id = box.new_markdown("a")

    with listening(box, short_id) as events:
        save(box, short_id, "x" * 70_000, 0)
        event = next(events)
    missed = save(box, short_id, "b", 0)

    assert "diff" not in event["data"]
    assert (missed.status_code, missed.json()) == (410, {"code": "conflict_stale"})


def test_presence_is_told_and_not_kept(box: Box) -> None:
    short_id = box.new_markdown("a")
    body = {"client_id": "c", "version": 0, "cursor": {"head": 5}}

    with listening(box, short_id) as events:
        answer = box.http.post(f"{ALL}{short_id}/collab/presence/", json=body)
        event = next(events)

    assert (answer.status_code, answer.content) == (204, b"")
    assert event == {
        "event": "presence",
        "data": {"type": "presence", "user_id": 7, "user_name": "Ada Lovelace", **body},
    }


def test_steps_move_the_version_by_their_number(box: Box) -> None:
    short_id = box.new_notebook()
    box.put_content(short_id, {"type": "doc", "content": []})
    steps = [{"stepType": "replace", "from": 0, "to": 0}, {"stepType": "replace", "from": 1, "to": 1}]

    with listening(box, short_id) as events:
        saved = save_steps(box, short_id, 1, steps)
        told = [next(events), next(events)]
    missed = save_steps(box, short_id, 2, steps[:1])

    assert (saved.status_code, saved.json()["version"]) == (200, 3)
    assert [(event["event"], event["data"]["step"]) for event in told] == [("step", step) for step in steps]
    assert told[0]["data"]["cursor_head"] == 3
    assert missed.status_code == 409
    assert missed.json() == {"code": "conflict", "steps": steps[1:], "client_ids": ["r"], "version": 3}


def test_steps_before_what_is_known_are_stale(box: Box) -> None:
    short_id = box.new_notebook()
    box.put_content(short_id, {"type": "doc", "content": []})

    answer = save_steps(box, short_id, 0, [])

    assert (answer.status_code, answer.json()) == (410, {"code": "conflict_stale"})
    assert box.http.get(f"{ALL}{short_id}/activity/").json()["results"][0]["activity"] == "save_rejected_stale"


def test_a_plain_save_makes_the_log_stale(box: Box) -> None:
    short_id = box.new_markdown("a")
    save(box, short_id, "b", 0)
    box.put_content(short_id, markdown("c"))

    assert save(box, short_id, "d", 1).status_code == 410


@pytest.mark.parametrize(
    ("changes", "attr"),
    [
        ({"client_id": None}, "client_id"),
        ({"client_id": "x" * 201}, "client_id"),
        ({"version": "x"}, "version"),
        ({"content": {"type": "doc", "content": []}}, "content"),
        ({"title": "x" * 257}, "title"),
    ],
)
def test_a_wrong_markdown_save_is_400(box: Box, changes: dict[str, Any], attr: str) -> None:
    path = f"{ALL}{box.new_markdown('a')}/collab/markdown_save/"
    body = {"client_id": "c", "version": 0, "content": markdown("b"), **changes}

    answer = box.http.post(path, json=body)

    assert (answer.status_code, answer.json()["attr"]) == (400, attr)


def test_a_rich_notebook_takes_no_markdown_save(box: Box) -> None:
    short_id = box.new_notebook()
    box.put_content(short_id, {"type": "doc", "content": []})

    assert save(box, short_id, "a", 1).status_code == 400


def test_fifty_streams_hear_one_save(box: Box) -> None:
    short_id = box.new_markdown("a")
    limits = httpx.Limits(max_connections=None)

    with (
        ExitStack() as stack,
        httpx.Client(
            base_url=box.url, headers=box.session_headers(), trust_env=False, timeout=30, limits=limits
        ) as client,
    ):
        streams = [stack.enter_context(client.stream("GET", f"{ALL}{short_id}/collab/stream/")) for _ in range(50)]
        lines = [stream.iter_lines() for stream in streams]
        assert {next(one) for one in lines} == {": connected"}
        started_s = time.monotonic()
        assert save(box, short_id, "b", 0).status_code == 200
        versions = {next(_events(one))["data"]["version"] for one in lines}

    assert versions == {1}
    assert time.monotonic() - started_s < 5


def test_a_page_that_does_not_read_is_left_behind() -> None:
    rooms = Collaboration()
    queue, _ = rooms.join("a", None)
    for number in range(2_000):
        rooms.seen("a", {"number": number})

    assert rooms.listeners("a") == 0
    assert queue.qsize() <= 1_000


def test_the_log_forgets_after_a_day() -> None:
    now_s = 0.0
    rooms = Collaboration(clock=lambda: now_s)
    rooms.markdown_saved("a", 1, ("x", "y"), {"client_id": "c"})

    assert rooms.since("a", "update", 0, 1)
    now_s = 90_000.0
    assert rooms.since("a", "update", 0, 1) is None


TEXTS = st.text(alphabet="ab\n🦔é", max_size=40)


@given(TEXTS, TEXTS)
def test_a_difference_turns_one_text_into_the_other(before: str, after: str) -> None:
    units = before.encode("utf-16-le")
    for change in reversed(difference(before, after)):
        units = units[: change["start"] * 2] + change["text"].encode("utf-16-le") + units[change["end"] * 2 :]

    assert units.decode("utf-16-le") == after


def test_the_checksum_is_of_utf_16() -> None:
    assert checksum("# T 🦔\n\nold text") == 578293708
