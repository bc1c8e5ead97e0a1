"""Every answer of the corpus: in the same situation the box answers with the same keys and types."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.box.shapes import differences
from tests.box.situations import SITUATIONS, World
from tests.box_fixture import Box, start_box
from tests.conftest import DATA

FOLDERS = ("api", "kernel", "runs")
NAMES = sorted(
    f"{folder}/{file.name.partition('.')[0]}"
    for folder in FOLDERS
    for file in (DATA / folder).iterdir()
    if file.suffix in {".json", ".sse"} and not file.name.endswith(".meta.json")
)
# Answers of the corpus that are no answers of PostHog's server, or that a test of its own holds.
ELSEWHERE = {
    "api/48-query-429": "test_throttles.py: it takes 120 queries",
    "kernel/exec-14-first-shape": "the first shape, December 2025, only in PostHog's own development",
    "kernel/exec-15-minimal": "invented: an answer without its optional keys",
    "kernel/http-03-status-starting": "the box's kernels start within one request",
    "kernel/http-06-status-error": "needs a kernel that cannot start: a fault (issue of the engines)",
    "kernel/http-35-404-stream-removed": "invented HTML: PostHog's API answers in JSON; test_profiles.py holds the 404",
    "kernel/http-45-413": "of a proxy; the box's own limit: test_fields.py",
    "kernel/http-46-429-throttled": "test_throttles.py: it takes 480 requests",
    "kernel/http-48-429-retry-after": "of a proxy",
    "kernel/http-51-500": "a fault on demand",
    "kernel/http-52-502-html": "of a proxy: a fault on demand",
    "kernel/http-53-503-execute": "needs a kernel that cannot start: a fault",
    "kernel/http-55-504-empty": "of a proxy: a fault on demand",
    "kernel/http-56-200-truncated": "a fault on demand",
    "kernel/http-60-302-redirect": "of a proxy: a fault on demand",
    "kernel/sse-09-no-final-event": "a connection that breaks: a fault on demand",
    "kernel/sse-11-crlf": "how a proxy could write the same events",
    "kernel/sse-12-keepalive-fields": "how a proxy could write the same events",
    "kernel/sse-13-unknown-event": "invented: events that PostHog does not send",
    "kernel/sse-17-bom-no-space": "how a proxy could write the same events",
    "kernel/sse-18-empty": "a connection that breaks: a fault on demand",
    "runs/26-python-failed-envelope": "the other of two known forms (12.3); the box has the one that was read in code",
    "runs/32-minimal": "invented: an envelope without its optional keys",
    "runs/35-sql-sequence": "its steps are runs/01, 08 and 09",
    "runs/37-interrupt-sequence": "its steps are runs/02, 19, 38 and 29",
}
ENVELOPE = (
    *("status", "stdout", "stderr", "media", "columns", "types"),
    *("row_count", "has_more", "first_page", "result_id", "error"),
)
# Where the box differs on purpose, by place in the answer.
DIFFERENCES = {
    "api/08-list-old-server": {
        ".results.[].is_template": "another old server; the documentation page has no such field",
        ".results.[]._create_in_folder": "the documentation page shows it in answers",
        ".results.[].user_access_level": "the documentation page shows it in answers",
    },
    "api/33-key-read-only": {".last_used_at": "null before a key's first use, and to ask is to use"},
    "api/41-query-done": {".clickhouse": "the box says what it ran; PostHog hides it from keys"},
    "kernel/sse-07-timeout": {".[].result.error_name": "named as in exec-05: the two files of the corpus differ"},
    "kernel/http-01-status-running": {
        ".frames.[].row_count": "null for a view; the situation has frames only",
    },
    "runs/09-sql-done": {".result.result_id": "null where nothing was kept"},
    "runs/11-sql-all-types": {".result.result_id": "null where nothing was kept", ".result.timings": "optional"},
    "runs/12-sql-has-more": {".result.result_id": "null where nothing was kept", ".result.timings": "optional"},
    "runs/21-python-done-frame": {".result.timings": "optional"},
    "runs/22-python-done-media": {".result.timings": "optional"},
    "runs/29-python-interrupted": {".result.timings": "optional"},
    "runs/30-python-truncated": {".result.timings": "optional"},
    "runs/46-state-dependencies": {".cells.[].last_run.error": "null in a run that is done"},
}


@pytest.fixture(scope="module")
def world(boxes: Callable[[str], Box], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    for restless in start_box("cloud", tmp_path_factory.mktemp("restless")):
        yield World(boxes, restless)


def expected(name: str) -> tuple[int, Any]:
    """Return status and body of one answer of the corpus."""
    file = DATA / f"{name}.json"
    if not file.exists():
        return 200, list(events(file.with_suffix(".sse").read_text(encoding="utf-8")))
    value = json.loads(file.read_text(encoding="utf-8"))
    return (value["status"], value.get("body")) if "request" in value else (200, value)


def events(text: str) -> Iterator[dict[str, Any]]:
    """Yield the events of a stream, each under its own name."""
    for part in text.replace("\r\n", "\n").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in part.splitlines() if ": " in line and not line.startswith(":"))
        if "event" in fields:
            yield {fields["event"]: json.loads(fields["data"])}


def answered(name: str, answer: httpx.Response) -> Any:
    if "event-stream" in answer.headers.get("Content-Type", ""):
        return list(events(answer.text))
    return answer.json() if answer.content else None


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ELSEWHERE])
def test_the_box_answers_as_the_corpus(world: World, name: str) -> None:
    status, body = expected(name)

    answer = SITUATIONS[name](world)

    assert answer.status_code == status, answer.text
    found = differences(body, answered(name, answer))
    unknown = {place: words for place, words in found.items() if place not in DIFFERENCES.get(name, {})}
    assert not unknown, answer.text[:2000]


def test_every_answer_of_the_corpus_has_its_situation_or_its_reason() -> None:
    assert set(NAMES) == set(SITUATIONS) | set(ELSEWHERE)
    assert not set(SITUATIONS) & set(ELSEWHERE)
