"""Who may do what: the tables of access_tables.py, asked cell by cell, and the rules of posthog-api.md 2 and 3."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import httpx
import pytest

from tests.box.access_tables import cells
from tests.box.runs import wait_for_run
from tests.box_fixture import Box

ALL = "/api/projects/1/notebooks/"
QUERY = "/api/projects/1/query/"
# Requests that are refused or answered before anything long begins; {one} is a notebook, {run} a run of it.
ACTIONS: dict[str, tuple[str, str, Any]] = {
    "list": ("GET", ALL, None),
    "create": ("POST", ALL, {}),
    "retrieve": ("GET", "{one}", None),
    "update": ("PUT", "{one}", {"title": "Put"}),
    "partial update": ("PATCH", "{one}", {"title": "Patched"}),
    "destroy": ("DELETE", "{one}", None),
    "markdown": ("GET", "{one}markdown/", None),
    "activity one": ("GET", "{one}activity/", None),
    "activity all": ("GET", f"{ALL}activity/", None),
    "recording comments": ("GET", f"{ALL}recording_comments/?recording_id=r", None),
    "collab save": ("POST", "{one}collab/save/", {}),
    "collab markdown save": ("POST", "{one}collab/markdown_save/", {}),
    "collab presence": ("POST", "{one}collab/presence/", {"client_id": "c", "version": 0, "cursor": None}),
    "collab stream": ("GET", "{one}collab/stream/", None),
    "kernel start": ("POST", "{one}kernel/start/", None),
    "kernel restart": ("POST", "{one}kernel/restart/", None),
    "kernel execute": ("POST", "{one}kernel/execute/", {"code": ""}),
    "kernel stop": ("POST", "{one}kernel/stop/", None),
    "kernel status": ("GET", "{one}kernel/status/", None),
    "kernel config": ("POST", "{one}kernel/config/", {"cpu_cores": 1}),
    "compute options": ("GET", f"{ALL}kernel/compute_options/", None),
    "kernel complete": ("POST", "{one}kernel/complete/", {"code": "le", "cursor_pos": 2}),
    "kernel inspect": ("POST", "{one}kernel/inspect/", {"code": "len", "cursor_pos": 3}),
    "cell run": ("POST", "{one}sql_v2/run/", {}),
    "cell run status": ("GET", "{one}sql_v2/runs/{run}/", None),
    "cell run page": ("GET", "{one}sql_v2/runs/{run}/page/", None),
    "cell run interrupt": ("POST", "{one}sql_v2/runs/{run}/interrupt/", None),
    "state": ("GET", "{one}sql_v2/state/", None),
    "whole run start": ("POST", "{one}runs/", {"variables": 5}),
    "whole run status": ("GET", "{one}runs/{whole}/", None),
    "whole run interrupt": ("POST", "{one}runs/{whole}/interrupt/", None),
    "execute stream": ("POST", "{one}kernel/execute/stream/", {"code": ""}),
    "dataframe": ("GET", "{one}kernel/dataframe/", None),
    "hogql execute": ("POST", "{one}hogql/execute/", {}),
    "query": ("POST", QUERY, {}),
    "me": ("GET", "/api/users/@me/", None),
    "current key": ("GET", "/api/personal_api_keys/@current/", None),
    "projects": ("GET", "/api/projects/", None),
    "project": ("GET", "/api/projects/1/", None),
    "organizations": ("GET", "/api/organizations/", None),
    "sharing": ("GET", "{one}sharing/", None),
    "widgets": ("GET", "{one}widgets/n/status/", None),
}


@cache
def places(box: Box) -> dict[str, str]:
    """Return a notebook of a box and, where it runs cells, a run of a cell and one of the whole notebook."""
    short_id = box.new_markdown('<SQLV2 nodeId="q" code="SELECT 1 AS a" />')
    one = f"{ALL}{short_id}/"
    if box.profile != "cloud":
        return {"one": one, "run": "none", "whole": "none"}
    body = {"node_id": "q", "code": "SELECT 1 AS a"}
    run = box.http.post(f"{one}sql_v2/run/", json=body).json()["run_id"]
    wait_for_run(box, f"{one}sql_v2/runs/{run}/")
    whole = box.http.post(f"{one}runs/", json={}).json()["run_id"]
    wait_for_run(box, f"{one}runs/{whole}/")
    return {"one": one, "run": run, "whole": whole}


def headers_of(box: Box, credential: str) -> dict[str, str]:
    if credential == "session":
        return box.session_headers()
    return {"Authorization": f"Bearer {box.keys[credential]}"}


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    """A client without credentials of its own."""
    with httpx.Client(trust_env=False, timeout=60) as client:
        yield client


@pytest.mark.parametrize(("profile", "action", "credential", "status"), cells())
def test_each_action_of_each_credential(
    boxes: Callable[[str], Box], http: httpx.Client, profile: str, action: str, credential: str, status: int
) -> None:
    box = boxes(profile)
    method, path, body = ACTIONS[action]
    address = f"{box.url}{path.format(**places(box))}"
    headers = headers_of(box, credential)

    with http.stream(method, address, json=body, headers=headers) as answer:
        assert answer.status_code == status, answer.read().decode()


def test_every_action_stands_in_the_tables() -> None:
    assert {action for _, action, _, _ in cells()} == set(ACTIONS)


def test_a_missing_scope_is_named(box: Box) -> None:
    answer = httpx.post(f"{box.url}{ALL}", json={}, headers=headers_of(box, "read_only"), trust_env=False)

    assert answer.json() == {
        "type": "authentication_error",
        "code": "permission_denied",
        "detail": "API key missing required scope 'notebook:write'",
        "attr": None,
    }


@pytest.mark.parametrize("credential", ["full", "unscoped", "oauth"])
def test_no_key_may_use_an_action_without_scopes(box: Box, credential: str) -> None:
    answer = httpx.post(f"{box.url}{ALL}scratchpad/kernel/start/", headers=headers_of(box, credential), trust_env=False)

    assert answer.json() == {
        "type": "authentication_error",
        "code": "permission_denied",
        "detail": "This action does not support personal API key access",
        "attr": None,
    }


def test_a_key_of_one_project_sees_no_other(box: Box) -> None:
    headers = headers_of(box, "one_project")

    other = httpx.get(f"{box.url}/api/projects/2/notebooks/", headers=headers, trust_env=False)
    none = httpx.get(f"{box.url}/api/projects/", headers=headers, trust_env=False)
    key = httpx.get(f"{box.url}/api/personal_api_keys/@current/", headers=headers, trust_env=False)

    assert other.json()["detail"] == "API key does not have access to the requested project: ID 2."
    assert none.json()["detail"] == "API keys with scoped projects are only supported on project-based endpoints."
    assert key.json()["scoped_teams"] == [1]


@pytest.mark.parametrize(
    ("place", "request_"),
    [
        ("Authorization header", {"headers": {"Authorization": "Bearer phx_wrong"}}),
        ("body", {"json": {"personal_api_key": "phx_wrong"}}),
        ("query string", {"params": {"personal_api_key": "phx_wrong"}}),
    ],
)
def test_a_wrong_key_is_401_and_names_where_it_stood(box: Box, place: str, request_: dict[str, Any]) -> None:
    answer = httpx.post(f"{box.url}{ALL}", trust_env=False, **request_)

    assert answer.status_code == 401
    assert answer.json() == {
        "type": "authentication_error",
        "code": "authentication_failed",
        "detail": f"Personal API key found in request {place} is invalid.",
        "attr": None,
    }
    metadata = f'Bearer resource_metadata="{box.url}/.well-known/oauth-protected-resource"'
    assert answer.headers["WWW-Authenticate"] == metadata


@pytest.mark.shows_keys
@pytest.mark.parametrize("place", ["json", "params"])
def test_a_key_may_stand_in_body_or_query(box: Box, place: str) -> None:
    request: dict[str, Any] = {place: {"personal_api_key": box.keys["full"]}}

    answer = httpx.post(f"{box.url}{ALL}", trust_env=False, **request)

    assert answer.status_code == 201


@pytest.mark.shows_keys
def test_the_header_comes_before_body_and_query(box: Box) -> None:
    headers = headers_of(box, "read_only")
    wanted = {"personal_api_key": box.keys["full"]}

    answer = httpx.post(f"{box.url}{ALL}", json=wanted, params=wanted, headers=headers, trust_env=False)

    assert answer.status_code == 403


def test_a_project_secret_key_is_no_credential_here(box: Box) -> None:
    answer = httpx.get(f"{box.url}{ALL}", headers={"Authorization": "Bearer phs_any"}, trust_env=False)

    assert answer.status_code == 403
    assert answer.json()["detail"] == "This action does not support project secret API key access"


@pytest.mark.parametrize("given", [{}, {"X-CSRFToken": "another"}])
def test_a_session_needs_its_csrf_token_to_change_something(box: Box, given: dict[str, str]) -> None:
    cookies = {"Cookie": box.session_headers()["Cookie"]}

    answer = httpx.post(f"{box.url}{ALL}", json={}, headers=cookies | given, trust_env=False)

    assert answer.status_code == 403
    assert answer.json()["detail"].startswith("CSRF Failed:")
    assert httpx.get(f"{box.url}{ALL}", headers=cookies, trust_env=False).status_code == 200


def test_a_key_needs_no_csrf_token(box: Box) -> None:
    headers = headers_of(box, "full") | {"Cookie": "sessionid=anything"}

    assert httpx.post(f"{box.url}{ALL}", json={}, headers=headers, trust_env=False).status_code == 201


def test_nobody_is_401(box: Box) -> None:
    answer = httpx.get(f"{box.url}/api/users/@me/", trust_env=False)

    assert answer.status_code == 401
    assert answer.json() == {
        "type": "authentication_error",
        "code": "not_authenticated",
        "detail": "Authentication credentials were not provided.",
        "attr": None,
    }


def test_an_oauth_token_is_introspected(box: Box) -> None:
    headers = headers_of(box, "oauth")

    own = httpx.post(f"{box.url}/oauth/introspect", data={"token": box.keys["oauth"]}, headers=headers, trust_env=False)
    key = httpx.post(f"{box.url}/oauth/introspect", data={"token": box.keys["full"]}, headers=headers, trust_env=False)

    assert own.json()["active"] is True
    assert "notebook:write" in own.json()["scope"].split()
    assert key.json() == {"active": False}


def test_an_old_key_shows_all_scopes_today(box: Box) -> None:
    key = httpx.get(
        f"{box.url}/api/personal_api_keys/@current/", headers=headers_of(box, "unscoped"), trust_env=False
    ).json()

    assert key["scopes"] == ["*"]
