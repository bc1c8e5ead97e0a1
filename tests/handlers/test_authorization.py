"""Every handler is authenticated and authorised, for each of its verbs."""

from __future__ import annotations

import json
import re

import pytest
from jupyter_server.auth.authorizer import Authorizer
from tornado.httpclient import HTTPClientError

from jupyter_posthog.handlers.routing import HANDLERS

EXAMPLES = {
    "(?P<name>[A-Za-z_][A-Za-z0-9_]{0,199})": "orders",
    r"(?P<path>.+\.ipynb)": "env/1/aB3dE5gH.ipynb",
    r"(?P<action>start|stop|restart|config)": "start",
    r"(?P<checkpoint_id>[\w-]+)": "posthog",
    r"(?P<path>.+)": "projects/1/notebooks/",
    r"(?P<draft_id>[0-9a-f]{32})": "0" * 32,
    r"(?P<path>(?:(?:/[^/]+)+|/?))": "/env/1/aB3dE5gH.ipynb",
    r"(?P<name>[A-Za-z0-9_-]{1,40})": "env",
    r"(?P<connection>[A-Za-z0-9_-]{1,40})": "env",
    r"(?P<project_id>[0-9]{1,18})": "1",
    r"(?P<page_id>[A-Za-z0-9-]{8,64})": "page-of-ada",
    r"(?:(?:@|%40)(?P<name>[^/]+)/)?": "",
}
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def example_path(pattern: str) -> str:
    for group, example in EXAMPLES.items():
        pattern = pattern.replace(group, example)
    assert not re.search(r"[(\\?]", pattern), f"no example for {pattern}"
    return pattern.strip("/")


CASES = [
    (verb, example_path(pattern))
    for pattern, handler in HANDLERS
    for verb in VERBS
    if getattr(handler, verb.lower()).__qualname__.split(".")[0] != "RequestHandler"
    and getattr(handler, verb.lower()).__name__ != "_unimplemented_method"
]


class DenyAll(Authorizer):
    def is_authorized(self, handler, user, action, resource) -> bool:
        handler.settings.setdefault("asked", []).append((action, resource))
        return False


def test_there_is_something_to_sweep() -> None:
    assert len(CASES) >= 15


@pytest.mark.parametrize(("verb", "path"), CASES)
async def test_without_a_token_nothing_answers(jp_fetch, verb: str, path: str) -> None:
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch(path, method=verb, headers={"Authorization": ""}, allow_nonstandard_methods=True)

    assert caught.value.code == 403


@pytest.mark.parametrize(("verb", "path"), [case for case in CASES if case[0] != "GET"])
async def test_a_logged_in_page_without_the_xsrf_token_changes_nothing(
    jp_fetch, jp_serverapp, verb: str, path: str
) -> None:
    token = jp_serverapp.identity_provider.token
    login = await jp_fetch("api/status", headers={"Authorization": ""}, params={"token": token})
    cookies = [cookie.partition(";")[0] for cookie in login.headers.get_list("Set-Cookie")]
    headers = {"Authorization": "", "Cookie": "; ".join(cookies)}
    assert cookies
    assert (await jp_fetch("api/status", headers=dict(headers))).code == 200

    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch(path, method=verb, body="{}", headers=headers, allow_nonstandard_methods=True)

    assert caught.value.code == 403
    assert "_xsrf" in json.loads(caught.value.response.body)["message"]


@pytest.mark.parametrize(("verb", "path"), CASES)
async def test_an_authorizer_that_denies_is_asked_about_posthog(jp_fetch, jp_serverapp, verb: str, path: str) -> None:
    settings = jp_serverapp.web_app.settings
    settings["authorizer"] = DenyAll(parent=jp_serverapp)

    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch(path, method=verb, body="{}" if verb != "GET" else None, allow_nonstandard_methods=True)

    assert caught.value.code == 403
    assert {resource for _, resource in settings["asked"]} == {"posthog"}


@pytest.mark.parametrize(
    ("verb", "path", "action"),
    [
        ("POST", "posthog/api/projects/1/notebooks/aB3dE5gH/kernel/execute/", "execute"),
        ("POST", "posthog/api/projects/1/notebooks/aB3dE5gH/sql_v2/run/", "execute"),
        ("POST", "posthog/api/projects/1/query/", "execute"),
        ("PATCH", "posthog/api/projects/1/notebooks/aB3dE5gH/", "write"),
        ("GET", "posthog/api/projects/1/notebooks/aB3dE5gH/kernel/status/", "read"),
        ("PUT", "posthog/live/page-of-ada", "read"),
        ("DELETE", "posthog/live/page-of-ada", "read"),
    ],
)
async def test_the_action_follows_from_the_endpoint(jp_fetch, jp_serverapp, verb: str, path: str, action: str) -> None:
    settings = jp_serverapp.web_app.settings
    settings["authorizer"] = DenyAll(parent=jp_serverapp)

    with pytest.raises(HTTPClientError):
        await jp_fetch(path, method=verb, body="{}" if verb != "GET" else None, allow_nonstandard_methods=True)

    assert settings["asked"] == [(action, "posthog")]
