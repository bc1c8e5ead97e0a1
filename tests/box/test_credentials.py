"""Who may do what: the table of posthog-api.md 2.6, for the endpoints that the box serves."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from tests.box_fixture import Box

ONE = "/api/projects/1/notebooks/scratchpad/"
# Requests that are refused or answered before anything starts.
ACTIONS = {
    "list": ("GET", "/api/projects/1/notebooks/", None),
    "create": ("POST", "/api/projects/1/notebooks/", {"short_id": "not valid!"}),
    "start": ("POST", f"{ONE}kernel/start/", None),
    "execute": ("POST", f"{ONE}kernel/execute/", {}),
    "stream": ("POST", f"{ONE}kernel/execute/stream/", {}),
    "status": ("GET", f"{ONE}kernel/status/", None),
    "config": ("POST", f"{ONE}kernel/config/", {}),
    "run": ("POST", f"{ONE}sql_v2/run/", {}),
    "state": ("GET", f"{ONE}sql_v2/state/", None),
    "all_activity": ("GET", "/api/projects/1/notebooks/activity/", None),
    "query": ("POST", "/api/projects/1/query/", {}),
    "me": ("GET", "/api/users/@me/", None),
}
EXPECTED = {
    ("cloud", "full"): dict(
        list=200, create=400, start=403, execute=403, stream=404, status=200, config=400, run=400, state=200,
        all_activity=403, query=400, me=200,
    ),
    ("cloud", "read_only"): dict(list=200, create=403, config=403, run=403, state=200, query=400),
    ("cloud", "no_query"): dict(list=200, create=400, run=403, state=403, query=403),
    ("cloud", "expired"): dict.fromkeys(["list", "create", "start", "status", "run", "query", "me"], 401),
    ("cloud", "unscoped"): dict(list=200, create=400, start=403, execute=403, run=400),
    ("cloud", "oauth"): dict(list=200, create=400, start=403, run=400),
    ("cloud", "session"): dict(list=200, create=400, execute=400, stream=404, status=200, run=400, all_activity=200),
    ("flag-off", "full"): dict(list=200, run=404, state=404, query=400),
    ("legacy", "full"): dict(
        list=200, create=400, start=403, execute=403, stream=403, status=403, config=403, run=404, state=404, query=400
    ),
    ("legacy", "unscoped"): dict(list=200, create=400, execute=400, stream=400, status=200, config=400),
    ("legacy", "session"): dict(list=200, execute=400, stream=400, status=200, run=404, all_activity=200),
}  # fmt: skip
CASES = [
    (profile, credential, action, status)
    for (profile, credential), actions in EXPECTED.items()
    for action, status in actions.items()
]


@pytest.mark.parametrize(("profile", "credential", "action", "status"), CASES)
def test_each_action_of_each_credential(
    boxes: Callable[[str], Box], profile: str, credential: str, action: str, status: int
) -> None:
    box = boxes(profile)
    headers = box.session_headers() if credential == "session" else {"Authorization": f"Bearer {box.keys[credential]}"}
    method, path, body = ACTIONS[action]

    answer = httpx.request(method, f"{box.url}{path}", json=body, headers=headers, trust_env=False)

    assert answer.status_code == status, answer.text


def test_a_missing_scope_is_named(box: Box) -> None:
    headers = {"Authorization": f"Bearer {box.keys['read_only']}"}

    answer = httpx.post(f"{box.url}/api/projects/1/notebooks/", json={}, headers=headers, trust_env=False)

    assert answer.json() == {
        "type": "authentication_error",
        "code": "permission_denied",
        "detail": "API key missing required scope 'notebook:write'",
        "attr": None,
    }


def test_a_session_needs_its_csrf_token_to_change_something(box: Box) -> None:
    headers = {name: value for name, value in box.session_headers().items() if name != "X-CSRFToken"}

    answer = httpx.post(f"{box.url}/api/projects/1/notebooks/", json={}, headers=headers, trust_env=False)

    assert answer.status_code == 403
    assert "CSRF" in answer.json()["detail"]


def test_nobody_is_401(box: Box) -> None:
    answer = httpx.get(f"{box.url}/api/users/@me/", trust_env=False)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
