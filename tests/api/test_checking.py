"""Requests against the contract: what is refused before anything leaves, and under which name."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from jupyter_posthog.api.checking import check_request, form_as_json, is_json
from jupyter_posthog.api.contract import CONTRACTS
from jupyter_posthog.api.routes import ROUTES, find_route
from jupyter_posthog.errors import RequestNotValidError

ALL = "projects/1/notebooks/"
ONE = f"{ALL}aB3dE5gH/"
LONG = "x" * 257


def check(method: str, path: str, query: dict[str, str] | None = None, body: Any = None) -> None:
    route = find_route(method, path)
    assert route is not None
    content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    check_request(route, path, query or {}, content)


def refusal(method: str, path: str, query: dict[str, str] | None = None, body: Any = None) -> RequestNotValidError:
    with pytest.raises(RequestNotValidError) as caught:
        check(method, path, query, body)
    return caught.value


def variable(**changes: Any) -> dict[str, Any]:
    return {"variables": [{"name": "n", "type": "string", "value": "v", **changes}]}


def test_every_contract_belongs_to_an_endpoint() -> None:
    assert set(CONTRACTS) <= {route.name for route in ROUTES}


@pytest.mark.parametrize(
    ("method", "path", "query", "attr", "code"),
    [
        ("GET", ALL, {"limit": "many"}, "limit", "invalid_input"),
        ("GET", ALL, {"limit": "0"}, "limit", "min_value"),
        ("GET", ALL, {"limit": "2.5"}, "limit", "invalid_input"),
        ("GET", ALL, {"limit": "99999999999"}, "limit", "max_value"),
        ("GET", ALL, {"offset": "-1"}, "offset", "min_value"),
        ("GET", ALL, {"offset": "nan"}, "offset", "invalid_input"),
        ("GET", ALL, {"contains": "recording"}, "contains", "invalid_input"),
        ("GET", ALL, {"order": "title; drop"}, "order", "invalid_input"),
        ("GET", ALL, {"short_id": "too-odd"}, "short_id", "invalid_input"),
        ("GET", ALL, {"personal_api_key": "phx_secret"}, "personal_api_key", "invalid_input"),
        ("GET", f"{ALL}activity/", {"page": "0"}, "page", "min_value"),
        ("GET", f"{ONE}activity/", {"limit": "-3"}, "limit", "min_value"),
        ("GET", f"{ALL}recording_comments/", {}, "recording_id", "required"),
        ("GET", f"{ALL}recording_comments/", {"recording_id": " "}, "recording_id", "blank"),
        ("GET", f"{ONE}kernel/dataframe/", {}, "variable_name", "required"),
        ("GET", f"{ONE}kernel/dataframe/", {"variable_name": "1x"}, "variable_name", "invalid_input"),
        ("GET", f"{ONE}kernel/dataframe/", {"variable_name": "a.b"}, "variable_name", "invalid_input"),
        ("GET", f"{ONE}kernel/dataframe/", {"variable_name": "df", "limit": "501"}, "limit", "max_value"),
        ("GET", f"{ONE}kernel/dataframe/", {"variable_name": "df", "offset": "-1"}, "offset", "min_value"),
        ("GET", f"{ONE}kernel/dataframe/", {"variable_name": "df", "timeout": "121"}, "timeout", "max_value"),
        ("GET", f"{ONE}sql_v2/runs/r-1/page/", {"limit": "501"}, "limit", "max_value"),
        ("GET", f"{ONE}sql_v2/state/", {"detail": "all"}, "detail", "invalid_choice"),
        ("GET", f"{ALL}not-an-id/", {}, "short_id", "invalid_input"),
        ("GET", f"{ALL}abcdefghijklm/", {}, "short_id", "invalid_input"),
        ("GET", f"{ALL}../", {}, "short_id", "invalid_input"),
        ("GET", "projects/my-project/notebooks/", {}, "project_id", "invalid_input"),
        ("GET", "projects/١/notebooks/", {}, "project_id", "invalid_input"),
        ("GET", f"{ONE}sql_v2/runs/a b/", {}, "run_id", "invalid_input"),
    ],
)
def test_a_parameter_outside_the_contract_is_named(
    method: str, path: str, query: dict[str, str], attr: str, code: str
) -> None:
    error = refusal(method, path, query)

    assert (error.attr, error.code) == (attr, code)


@pytest.mark.parametrize(
    ("method", "path", "body", "attr", "code"),
    [
        ("POST", ALL, {"title": LONG}, "title", "max_length"),
        ("PATCH", ONE, {"title": ["a"]}, "title", "invalid_input"),
        ("PATCH", ONE, {"title": True}, "title", "invalid_input"),
        ("PATCH", ONE, {"version": "new"}, "version", "invalid_input"),
        ("PATCH", ONE, {"version": None}, "version", "null"),
        ("PUT", ONE, {"version": 2**31}, "version", "max_value"),
        ("PATCH", ONE, {"deleted": "perhaps"}, "deleted", "invalid_input"),
        ("PATCH", ONE, {"deleted": None}, "deleted", "null"),
        ("POST", ALL, {"short_id": "a-b"}, "short_id", "invalid_input"),
        ("POST", ALL, {"short_id": "a" * 13}, "short_id", "invalid_input"),
        ("POST", ALL, {"text_content": {}}, "text_content", "invalid_input"),
        ("POST", ALL, {"personal_api_key": "phx_x"}, "personal_api_key", "invalid_input"),
        ("POST", ALL, {"variables": {}}, "variables", "invalid_input"),
        ("POST", ALL, {"variables": [1]}, "variables__0", "invalid_input"),
        ("POST", ALL, {"variables": [{"name": "a"}]}, "variables__0__type", "required"),
        ("POST", ALL, variable(name="filters"), "variables__0__name", "invalid_input"),
        ("POST", ALL, variable(name="1a"), "variables__0__name", "invalid_input"),
        ("POST", ALL, variable(type="list"), "variables__0__type", "invalid_choice"),
        ("POST", ALL, {"variables": variable()["variables"] * 2}, "variables", "invalid_input"),
        ("POST", ALL, {"variables": variable()["variables"] * 11}, "variables", "max_length"),
        ("POST", f"{ONE}kernel/execute/", {}, "code", "required"),
        ("POST", f"{ONE}kernel/execute/", {"code": None}, "code", "null"),
        ("POST", f"{ONE}kernel/execute/", {"code": 1, "timeout": 0.05}, "timeout", "min_value"),
        ("POST", f"{ONE}kernel/execute/", {"code": "", "timeout": 120.5}, "timeout", "max_value"),
        ("POST", f"{ONE}kernel/execute/", {"code": "", "timeout": "soon"}, "timeout", "invalid_input"),
        ("POST", f"{ONE}kernel/execute/", {"code": "", "timeout": True}, "timeout", "invalid_input"),
        ("POST", f"{ONE}kernel/execute/", {"code": "", "return_variables": 7}, "return_variables", "invalid_input"),
        ("POST", f"{ONE}kernel/execute/stream/", {"code": "", "timeout": 0}, "timeout", "min_value"),
        ("POST", f"{ONE}kernel/config/", {}, "", "required"),
        ("POST", f"{ONE}kernel/config/", {"title": "string"}, "", "required"),
        ("POST", f"{ONE}kernel/config/", {"cpu_cores": 3}, "cpu_cores", "invalid_choice"),
        ("POST", f"{ONE}kernel/config/", {"memory_gb": "much"}, "memory_gb", "invalid_input"),
        ("POST", f"{ONE}kernel/config/", {"idle_timeout_seconds": 601}, "idle_timeout_seconds", "invalid_choice"),
        ("POST", f"{ONE}kernel/complete/", {"code": "x" * 100_001}, "code", "max_length"),
        ("POST", f"{ONE}kernel/inspect/", {"code": "", "detail_level": 2}, "detail_level", "invalid_choice"),
        ("POST", f"{ONE}hogql/execute/", {"query": " "}, "query", "blank"),
        ("POST", f"{ONE}sql_v2/run/", {"node_id": "c", "code": " "}, "code", "blank"),
        ("POST", f"{ONE}sql_v2/run/", {"node_id": "c", "code": "1", "node_type": "r"}, "node_type", "invalid_choice"),
        ("POST", f"{ONE}collab/save/", {"client_id": "c", "version": 1}, "steps", "required"),
        ("POST", f"{ONE}collab/markdown_save/", {"client_id": "c" * 201, "version": 1}, "client_id", "max_length"),
        ("POST", f"{ONE}collab/presence/", {}, "client_id", "required"),
        ("POST", "projects/1/query/", {"query": "SELECT 1"}, "query", "invalid_input"),
        ("POST", "projects/1/query/", {"query": {}, "refresh": "now"}, "refresh", "invalid_choice"),
        ("POST", ALL, b"{", "", "parse_error"),
        ("POST", ALL, b'{"title": NaN}', "", "parse_error"),
        ("POST", ALL, b"[" * 9000 + b"]" * 9000, "", "parse_error"),
        ("POST", ALL, [1], "", "invalid_input"),
        ("POST", ALL, "text", "", "invalid_input"),
    ],
)
def test_a_field_outside_the_contract_is_named(method: str, path: str, body: Any, attr: str, code: str) -> None:
    error = refusal(method, path, body=body)

    assert (error.attr, error.code) == (attr, code)


@pytest.mark.parametrize("folder", ["../secrets", "a/../b", "a//b", "/a", "a/.", "line\nbreak", "nul\0", "tab\t"])
def test_an_odd_folder_is_refused(folder: str) -> None:
    assert refusal("POST", ALL, body={"_create_in_folder": folder}).attr == "_create_in_folder"


@pytest.mark.parametrize("folder", ["", "Reports", "Reports/2026", "Reports/2026/", "…/ä b", "..a/b.."])
def test_an_ordinary_folder_passes(folder: str) -> None:
    check("POST", ALL, body={"_create_in_folder": folder})


@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("GET", ALL, {"limit": "5", "offset": "0", "search": "a b", "user": "", "newer": "yes"}, None),
        ("GET", ALL, {"contains": "recording:true, dashboard:3", "order": "-created_at", "date_from": "-7d"}, None),
        ("GET", "projects/@current/notebooks", {}, None),
        ("GET", f"{ALL}scratchpad/", {}, None),
        ("POST", ALL, {}, None),
        ("POST", ALL, {}, {"title": None, "content": None, "unknown": {"kept": True}}),
        ("POST", ALL, {}, {"title": "x" * 256, "content": [1, "any"], "version": "3", "deleted": "false"}),
        ("POST", ALL, {}, variable(type="number", value=3)),
        ("PATCH", ONE, {}, b'{"content": "\\ud800", "version": 1}'),
        ("POST", f"{ONE}kernel/execute/", {}, {"code": "", "timeout": 0.1, "title": 5}),
        ("POST", f"{ONE}kernel/execute/", {}, {"code": "1", "timeout": "120"}),
        ("POST", f"{ONE}kernel/config/", {}, {"cpu_cores": 0.125}),
        ("GET", f"{ONE}kernel/dataframe/", {"variable_name": "_df1", "limit": "500"}, None),
        ("POST", f"{ONE}sql_v2/run/", {}, {"node_id": "c", "code": "1", "output_name": "", "connection_id": None}),
    ],
)
def test_what_the_contract_allows_passes_and_so_does_what_it_does_not_know(
    method: str, path: str, query: dict[str, str], body: Any
) -> None:
    check(method, path, query, body)


def test_a_sentence_names_the_field_and_its_limit() -> None:
    error = refusal("POST", f"{ONE}kernel/execute/", body={"code": "", "timeout": 500})

    assert error.problem == "“timeout” may be at most 120"


def test_a_form_becomes_an_object_without_what_is_jupyters() -> None:
    assert json.loads(form_as_json(b"title=A%20b&_xsrf=2%7Cabc&text_content=")) == {"title": "A b", "text_content": ""}


@pytest.mark.parametrize(
    ("body", "expected"),
    [(b"{}", True), (b'"\\ud800"', True), (b"[NaN]", True), (b"<html>", False), (b'{"a":', False), (b"", False)],
)
def test_json_is_told_from_everything_else(body: bytes, expected: bool) -> None:
    assert is_json(body) is expected


async def test_a_large_body_is_handed_on_as_it_came_without_a_copy(make_api: Any) -> None:
    content = b'{"content": "' + b"x" * 10_000_000 + b'"}'
    sent: list[bytes] = []

    def network(request: httpx.Request) -> httpx.Response:
        sent.extend(request.stream)  # type: ignore[arg-type]
        return httpx.Response(200, json={})

    check("PATCH", ONE, body=content)
    await make_api(network).transport.forward("PATCH", f"/api/{ONE}", content=content)

    assert len(sent) == 1
    assert sent[0] is content
