"""The sixteen documented requests through the proxy, with each credential, on both kinds of server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from tests.box.documentation import DocumentedRequest, documented_requests
from tests.box_fixture import Box
from tests.handlers.endpoint_table import CREDENTIALS, PAGE, PROFILES, Cell, Table, read_column, write_page

REQUESTS = documented_requests()
# What the documentation page leaves out: what these requests need (posthog-api.md 8, 11).
BODIES: dict[str, Any] = {
    "kernel/config": {"cpu_cores": 2},
    "kernel/execute": {"code": "1"},
    "kernel/execute/stream": {"code": "1"},
}
QUERIES = {"kernel/dataframe": {"variable_name": "frame"}, "recording_comments": {"recording_id": "r"}}
FRAME = {"code": "import pandas\nframe = pandas.DataFrame({'a': [1]})"}


def row(request: DocumentedRequest) -> str:
    return f"{request.method} {request.path.partition(':project_id/')[2]}"


async def answer(jp_fetch: Any, box: Box, request: DocumentedRequest) -> Cell:
    short_id = box.new_notebook(title="Documented")
    action = request.path.partition(":short_id/")[2] or request.path.rpartition("/")[2]
    if action == "kernel/dataframe":
        box.http.post(f"/api/projects/1/notebooks/{short_id}/kernel/execute/", json=FRAME).raise_for_status()
    body = BODIES.get(action, {"title": "string"} if request.parameters else {})
    path = request.path.replace(":project_id", "1").replace(":short_id", short_id)
    content = None if request.method in {"GET", "DELETE"} else json.dumps(body)
    try:
        given = await jp_fetch(
            f"posthog{path}", method=request.method, body=content, params=QUERIES.get(action), request_timeout=90
        )
    except HTTPClientError as error:
        assert error.response is not None
        told = json.loads(error.response.body or b"{}")
        return Cell(status=error.code, sentence=told.get("message", ""))
    return Cell(status=given.code)


@pytest.fixture(scope="module")
def table(request: pytest.FixtureRequest) -> Iterator[Table]:
    """Gather what was answered; write the page where that was asked for."""
    table = Table()
    yield table
    if request.config.getoption("--update-mirrors") and len(table.columns) == len(PROFILES) * len(CREDENTIALS):
        PAGE.write_text(write_page(table, [row(one) for one in REQUESTS]), encoding="utf-8")


@pytest.mark.parametrize("credential", CREDENTIALS)
@pytest.mark.parametrize("profile", PROFILES)
async def test_the_page_says_what_each_documented_request_answers(
    boxes: Callable[[str], Box],
    jp_fetch: Any,
    table: Table,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    profile: str,
    credential: str,
) -> None:
    box = boxes(profile)
    session = {"POSTHOG_SESSION_COOKIE": box.session["cookie"], "POSTHOG_CSRF_TOKEN": box.session["csrf"]}
    variables = session if credential == "session" else {"POSTHOG_PERSONAL_API_KEY": box.keys[credential]}
    for name, value in ({"POSTHOG_HOST": box.url, "POSTHOG_PROJECT_ID": "1"} | variables).items():
        monkeypatch.setenv(name, value)

    column = {row(one): await answer(jp_fetch, box, one) for one in REQUESTS}

    table.columns[profile, credential] = column
    if not request.config.getoption("--update-mirrors"):
        assert column == read_column(PAGE.read_text(encoding="utf-8"), profile, credential)
