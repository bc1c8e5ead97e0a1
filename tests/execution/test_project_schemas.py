"""PostHog's answer about tables, in both shapes it has had, and in none."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_posthog.execution.project_schemas import read_schema


def field(name: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    return {"name": name, "hogql_value": name, "type": kind, "schema_valid": True, **more}


def test_todays_answer_is_read_by_the_words_that_stand_in_queries() -> None:
    fields = {
        "event": field("event"),
        "my column": field("my column", hogql_value="`my column`"),
        "gone": field("gone", schema_valid=False),
    }
    answer = {"tables": {"events": {"type": "posthog", "fields": fields}}, "joins": []}

    assert read_schema(answer) == {"events": [["event", "string"], ["`my column`", "string"]]}


def test_the_answer_of_older_servers_is_read_by_its_keys() -> None:
    assert read_schema({"events": [{"key": "event", "type": "string"}, {"key": "n"}]}) == {
        "events": [["event", "string"], ["n", "unknown"]]
    }


@pytest.mark.parametrize(
    "answer", [None, [], "tables", {"tables": []}, {"tables": {"t": None}}, {"tables": {"t": {"fields": {"a": 1}}}}]
)
def test_what_is_no_schema_has_no_columns(answer: Any) -> None:
    assert [columns for columns in read_schema(answer).values() if columns] == []
