"""The query endpoint, waited for and later (posthog-api.md 17); completion and inspection (11.7)."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.box_fixture import Box

QUERY = "/api/projects/1/query/"
ALL = "/api/projects/1/notebooks/"


def ask(box: Box, text: str, **more: Any) -> Any:
    headers = more.pop("headers", {})
    return box.http.post(QUERY, json={"query": {"kind": "HogQLQuery", "query": text}, **more}, headers=headers)


def wait(box: Box, query_id: str) -> Any:
    never = threading.Event()
    for _ in range(600):
        answer = box.http.get(f"{QUERY}{query_id}/")
        if answer.status_code != 202:
            return answer
        never.wait(0.05)
    raise AssertionError("the query did not end")


@pytest.mark.parametrize("refresh", ["async", "lazy_async", "force_async"])
def test_a_query_can_be_asked_for_later(box: Box, refresh: str) -> None:
    accepted = ask(box, "SELECT 41 + 1 AS n", refresh=refresh, client_query_id=f"mine-{refresh}")

    done = wait(box, f"mine-{refresh}")

    assert accepted.status_code == 202
    assert accepted.json()["query_status"]["id"] == f"mine-{refresh}"
    assert (accepted.json()["query_status"]["complete"], done.status_code) == (False, 200)
    status = done.json()["query_status"]
    assert (status["complete"], status["error"], status["results"]["results"]) == (True, False, [[42]])
    assert status["end_time"]


def test_a_mistake_in_a_later_query_is_400(box: Box) -> None:
    query_id = ask(box, "SELECT nope FROM events", refresh="async").json()["query_status"]["id"]

    answer = wait(box, query_id)

    assert answer.status_code == 400
    assert "nope" in answer.json()["query_status"]["error_message"]


def test_a_query_can_be_given_up(box: Box) -> None:
    query_id = ask(box, "SELECT 1", refresh="async").json()["query_status"]["id"]

    answer = box.http.delete(f"{QUERY}{query_id}/")

    assert (answer.status_code, list(answer.json())) == (200, ["message"])
    assert box.http.get(f"{QUERY}{query_id}/").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"query": "SELECT 1"},
        {"query": {"kind": "TrendsQuery"}},
        {"query": {"kind": "HogQLQuery"}},
        {"query": {"kind": "HogQLQuery", "query": "SELECT 1"}, "refresh": "sometimes"},
    ],
)
def test_what_is_no_query_is_400(box: Box, body: Any) -> None:
    answer = box.http.post(QUERY, json=body)

    assert (answer.status_code, answer.json()["type"]) == (400, "validation_error")


def test_a_visualisation_stands_for_its_query(box: Box) -> None:
    source = {"kind": "HogQLQuery", "query": "SELECT {n} AS n", "values": {"n": 7}}

    answer = box.http.post(QUERY, json={"query": {"kind": "DataVisualizationNode", "source": source}})

    assert answer.json()["results"] == [[7]]


def test_a_language_model_is_given_text(box: Box) -> None:
    answer = ask(box, "SELECT 1 AS a, 'x' AS b", headers={"X-PostHog-Client": "mcp"}).json()

    assert answer["formatted_results"] == "a|b\n1|x"


def kernel(box: Box, short_id: str, action: str, **body: Any) -> Any:
    return box.http.post(f"{ALL}{short_id}/kernel/{action}/", json=body)


def test_completion_needs_a_kernel_and_starts_none(box: Box) -> None:
    short_id = box.new_notebook()

    nothing = kernel(box, short_id, "complete", code="pri", cursor_pos=3).json()
    unknown = kernel(box, short_id, "inspect", code="len", cursor_pos=3).json()

    assert nothing == {"matches": [], "cursor_start": 3, "cursor_end": 3}
    assert unknown == {"found": False, "text": ""}
    assert box.http.get(f"{ALL}{short_id}/kernel/status/").json()["status"] == "stopped"


def test_a_kernel_completes_and_inspects_its_own_names(box: Box) -> None:
    short_id = box.new_notebook()
    kernel(
        box, short_id, "execute", code="tomatoes = 3\ndef ripe(colour):\n    'Whether it is ripe.'"
    ).raise_for_status()

    found = kernel(box, short_id, "complete", code="x = toma", cursor_pos=8).json()
    known = kernel(box, short_id, "inspect", code="ripe", cursor_pos=4, detail_level=0).json()

    assert "tomatoes" in [match["text"] for match in found["matches"]]
    assert (found["cursor_start"], found["cursor_end"]) == (4, 8)
    assert known["found"]
    assert "Whether it is ripe." in known["text"]
    assert "\x1b" not in known["text"]


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({}, "code"),
        ({"code": "a"}, "cursor_pos"),
        ({"code": "a", "cursor_pos": -1}, "cursor_pos"),
        ({"code": "a" * 100_001, "cursor_pos": 0}, "code"),
        ({"code": 5, "cursor_pos": 0}, "code"),
    ],
)
def test_a_wrong_place_is_400(box: Box, body: Any, attr: str) -> None:
    answer = kernel(box, "scratchpad", "complete", **body)

    assert (answer.status_code, answer.json()["attr"]) == (400, attr)


def test_the_tables_are_told_as_the_query_language_shows_them(box: Box) -> None:
    answer = box.http.post(QUERY, json={"query": {"kind": "DatabaseSchemaQuery"}})

    tables = answer.json()["tables"]
    assert answer.status_code == 200
    assert {"events", "persons", "groups", "sessions"} <= set(tables)
    field = tables["events"]["fields"]["event"]
    assert field == {"name": "event", "hogql_value": "event", "type": "string", "schema_valid": True}
    assert tables["events"]["fields"]["person"]["type"] == "virtual_table"
