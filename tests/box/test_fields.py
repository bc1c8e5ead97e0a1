"""What may be written, and how wrong values are refused (posthog-api.md 3, 6.1, 6.3, 6.5, 6.8)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.box_fixture import Box

ALL = "/api/projects/1/notebooks/"


def variable(**changes: Any) -> dict[str, Any]:
    return {"name": "country", "type": "string", "value": "US"} | changes


def insight(kind: str, source: str) -> Any:
    query = {"kind": kind, "source": {"kind": source}}
    return {"type": "doc", "content": [{"type": "ph-query", "attrs": {"query": query}}]}


@pytest.mark.parametrize(
    ("body", "attr", "code"),
    [
        ({"title": "x" * 257}, "title", "max_length"),
        ({"title": ["x"]}, "title", "invalid_input"),
        ({"text_content": {}}, "text_content", "invalid_input"),
        ({"deleted": "perhaps"}, "deleted", "invalid_input"),
        ({"deleted": None}, "deleted", "null"),
        ({"version": "x"}, "version", "invalid_input"),
        ({"version": None}, "version", "null"),
        ({"variables": {}}, "variables", "invalid_input"),
        ({"variables": [variable()] * 11}, "variables", "invalid_input"),
        ({"variables": [variable(), variable()]}, "variables", "invalid_input"),
        ({"variables": [variable(name="1a")]}, "variables__0__name", "invalid_input"),
        ({"variables": [variable(name="filters")]}, "variables__0__name", "invalid_input"),
        ({"variables": [variable(name="n" * 201)]}, "variables__0__name", "max_length"),
        ({"variables": [variable(), variable(name="b", type="list")]}, "variables__1__type", "invalid_choice"),
        ({"variables": [variable(value="v" * 1001)]}, "variables__0__value", "max_length"),
        ({"variables": [variable(type="date", value="-7d")]}, "variables__0__value", "invalid_input"),
        ({"variables": [variable(type="number", value=True)]}, "variables__0__value", "invalid_input"),
        ({"variables": [{"name": "a", "type": "string"}]}, "variables__0__value", "required"),
        ({"content": insight("InsightVizNode", "OddQuery")}, "content", "invalid_input"),
        ({"content": insight("DataVisualizationNode", "TrendsQuery")}, "content", "invalid_input"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named(box: Box, body: dict[str, Any], attr: str, code: str) -> None:
    created = box.http.post(ALL, json=body)
    updated = box.http.patch(f"{ALL}{box.new_markdown('# a')}/", json={"version": 0, **body})

    for answer in (created, updated):
        assert answer.status_code == 400, answer.text
        error = answer.json()
        assert (error["type"], error["attr"], error["code"]) == ("validation_error", attr, code)


@pytest.mark.parametrize("short_id", ["with space", "umlautü", "x" * 13, "", 5])
def test_a_chosen_id_has_letters_and_digits(box: Box, short_id: Any) -> None:
    answer = box.http.post(ALL, json={"short_id": short_id})

    assert (answer.status_code, answer.json()["attr"]) == (400, "short_id")


def test_an_id_that_is_taken(boxes: Callable[[str], Box]) -> None:
    """Today the database refuses; older servers answer with what is there, or 409 from the trash (6.5)."""
    today, legacy = boxes("cloud"), boxes("legacy")
    for box in (today, legacy):
        assert box.http.post(ALL, json={"short_id": "taken1", "title": "First"}).status_code == 201

    again = legacy.http.post(ALL, json={"short_id": "taken1", "title": "Second"})
    legacy.http.patch(f"{ALL}taken1/", json={"deleted": True})
    trashed = legacy.http.post(ALL, json={"short_id": "taken1"})

    assert today.http.post(ALL, json={"short_id": "taken1"}).status_code == 500
    assert (again.status_code, again.json()["title"]) == (201, "First")
    assert (trashed.status_code, trashed.json()["detail"]) == (409, "A notebook with this short_id already exists.")


def test_a_notebook_can_be_created_in_the_trash(box: Box) -> None:
    record = box.http.post(ALL, json={"deleted": True}).json()

    assert record["deleted"] is True
    assert box.http.get(f"{ALL}{record['short_id']}/").status_code == 404


def test_the_id_is_ignored_by_updates(box: Box) -> None:
    short_id = box.new_markdown("# a")

    assert box.http.patch(f"{ALL}{short_id}/", json={"short_id": "other"}).json()["short_id"] == short_id


def test_variables_are_kept(box: Box) -> None:
    wanted = [
        variable(),
        variable(name="since", type="date", value="2026-10-02"),
        variable(name="n", type="number", value=1.5),
    ]
    short_id = box.new_markdown("# a")

    assert box.http.patch(f"{ALL}{short_id}/", json={"variables": wanted}).json()["variables"] == wanted
    assert box.fetch(short_id)["version"] == 0


def test_a_version_without_content_is_written_as_given(box: Box) -> None:
    """The trap of 6.8."""
    short_id = box.new_markdown("# a")

    assert box.http.patch(f"{ALL}{short_id}/", json={"title": "x", "version": 41}).json()["version"] == 41


@pytest.mark.parametrize("body", [{"content": None}, {"content": {}, "version": 1}])
def test_content_without_the_stored_version_is_409(box: Box, body: dict[str, Any]) -> None:
    answer = box.http.put(f"{ALL}{box.new_markdown('# a')}/", json=body)

    assert (answer.status_code, answer.json()["type"]) == (409, "server_error")


def test_an_empty_update_changes_nothing(box: Box) -> None:
    short_id = box.new_markdown("# a", title="Same")
    before = box.fetch(short_id)

    after = box.http.patch(f"{ALL}{short_id}/", json={}).json()

    assert {**after, "last_modified_at": ""} == {**before, "last_modified_at": ""}


@pytest.mark.parametrize(
    ("query", "stored"),
    [
        (
            {"kind": "InsightVizNode", "source": {"kind": "DataVisualizationNode", "source": {"kind": "HogQLQuery"}}},
            {"kind": "DataVisualizationNode", "source": {"kind": "HogQLQuery"}},
        ),
        (
            {"kind": "InsightVizNode", "source": {"kind": "HogQLQuery", "query": "SELECT 1"}},
            {"kind": "DataVisualizationNode", "source": {"kind": "HogQLQuery", "query": "SELECT 1"}},
        ),
        ({"kind": "SavedInsightNode", "shortId": "a"}, {"kind": "SavedInsightNode", "shortId": "a"}),
        (
            {"kind": "InsightVizNode", "source": {"kind": "TrendsQuery"}},
            {"kind": "InsightVizNode", "source": {"kind": "TrendsQuery"}},
        ),
        (
            '{"kind":"InsightVizNode","source":{"kind":"HogQLQuery"}}',
            '{"kind":"InsightVizNode","source":{"kind":"HogQLQuery"}}',
        ),
    ],
)
def test_queries_are_normalised_wherever_they_stand(box: Box, query: Any, stored: Any) -> None:
    short_id = box.new_notebook()
    quote = {"type": "blockquote", "content": [{"type": "ph-query", "attrs": {"nodeId": "n", "query": query}}]}

    box.put_content(short_id, {"type": "doc", "content": [quote]})

    (node,) = box.fetch(short_id)["content"]["content"][0]["content"]
    assert node["attrs"] == {"nodeId": "n", "query": stored}


def test_older_servers_note_the_globals_of_python_nodes(boxes: Callable[[str], Box]) -> None:
    code = "import numpy as np\nx = [1]\ny = x + other(np)\ndef f(): pass\nprint(z)"
    python = {"type": "ph-python", "attrs": {"nodeId": "n", "code": code}}
    box = boxes("legacy")

    short_id = box.new_notebook({"type": "doc", "content": [python]})

    attrs = box.fetch(short_id)["content"]["content"][0]["attrs"]
    assert attrs["globalsUsed"] == ["other", "z"]
    kinds = {one["name"]: one["type"] for one in attrs["globalsExportedWithTypes"]}
    assert kinds == {"np": "module", "x": "list", "y": "unknown", "f": "function"}
    assert (attrs["nodeId"], attrs["code"]) == ("n", code)
    assert attrs["globalsAnalysisHash"]


def cells(count: int) -> str:
    return "\n\n".join(f'<PythonV2 nodeId="n{number}" code="1" />' for number in range(count))


def markdown(text: str) -> Any:
    node = {"type": "ph-markdown-notebook", "attrs": {"nodeId": "markdown-notebook-v2", "markdown": text}}
    return {"type": "doc", "content": [node]}


def test_a_notebook_grows_to_fifty_cells(box: Box) -> None:
    short_id = box.new_markdown(cells(50))
    saved = {"content": markdown(cells(51)), "version": 0}
    path = f"{ALL}{short_id}/"

    assert box.http.post(ALL, json={"content": markdown(cells(51))}).status_code == 400
    assert box.http.patch(path, json=saved).json()["attr"] == "content"
    live = saved | {"client_id": "c"}
    assert box.http.post(f"{path}collab/markdown_save/", json=live).status_code == 400
    assert box.fetch(short_id)["version"] == 0


def test_a_bigger_notebook_may_stay_or_shrink_but_not_grow(box: Box) -> None:
    short_id = box.new_markdown("# a")
    box.edit_elsewhere(short_id, markdown(cells(60)))
    statuses = []

    for count in (60, 55, 56):
        body = {"content": markdown(cells(count)), "version": box.fetch(short_id)["version"]}
        statuses.append(box.http.patch(f"{ALL}{short_id}/", json=body).status_code)

    assert statuses == [200, 200, 400]


def test_what_does_not_run_is_not_counted(box: Box, boxes: Callable[[str], Box]) -> None:
    text = "\n\n".join(['<Query nodeId="q" query={{}} />'] * 60 + ["```", cells(60), "```"])

    assert box.http.post(ALL, json={"content": markdown(text)}).status_code == 201
    assert boxes("legacy").http.post(ALL, json={"content": markdown(cells(51))}).status_code == 201


def test_insights_count_where_they_give_a_frame(box: Box) -> None:
    text = "\n\n".join([cells(50), '<Query nodeId="q" query={{}} dataframeQuery={{"kind":"HogQLQuery"}} />'])

    assert box.http.post(ALL, json={"content": markdown(text)}).status_code == 400


@pytest.mark.parametrize(
    ("body", "code"), [("{", "parse_error"), ("[]", "invalid_input"), ("[" * 100_000, "parse_error")]
)
def test_what_is_no_object_is_400(box: Box, body: str, code: str) -> None:
    answer = box.http.post(ALL, content=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_another_media_type_is_415(box: Box) -> None:
    answer = box.http.post(ALL, content="a", headers={"Content-Type": "text/plain"})

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_a_body_may_have_twenty_megabytes(box: Box) -> None:
    overhead = len(json.dumps({"content": markdown("")}))
    fits = json.dumps({"content": markdown("x" * (20_971_520 - overhead))})
    assert len(fits) == 20_971_520

    headers = {"Content-Type": "application/json"}

    assert box.http.post(ALL, content=fits, headers=headers).status_code == 201
    assert box.http.post(ALL, content=fits + " ", headers=headers).status_code == 413


def test_a_lone_surrogate_hurts_nobody(box: Box) -> None:
    answer = box.http.post(
        ALL, content=b'{"title": "\\ud83e", "content": null}', headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 201
    assert box.http.get(ALL, params={"short_id": answer.json()["short_id"]}).status_code == 200
