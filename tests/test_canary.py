"""A marked key is in no log line, no answer and no notebook, whatever is done with it."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from tests.box_fixture import Box
from tests.handlers.conftest import connected_box, jp_server_config, profile  # noqa: F401  # fixtures

ONE = "posthog/api/projects/1/notebooks/wFunnel001/"
# Method, path, parameters, body; {key} stands for the marked key.
REQUESTS: tuple[tuple[str, str, dict[str, str], str | None], ...] = (
    ("GET", "posthog/status", {}, None),
    ("GET", "posthog/api/projects/1/notebooks/", {"search": "words"}, None),
    ("GET", "posthog/api/projects/1/notebooks/", {"limit": "words"}, None),
    ("GET", "posthog/api/projects/1/notebooks/noSuchOne/", {}, None),
    ("GET", "posthog/contents/env/1", {}, None),
    ("GET", "posthog/contents/env/1/wFunnel001.ipynb", {}, None),
    ("GET", "posthog/contents/env/1/noSuchOne.ipynb", {}, None),
    ("POST", "posthog/api/projects/1/notebooks/scratchpad/kernel/start/", {}, "{}"),
    ("POST", "posthog/api/projects/1/notebooks/", {}, '{"personal_api_key": "{key}"}'),
    ("POST", "posthog/api/projects/1/notebooks/", {}, '{"version": "{key}"}'),
    ("POST", "posthog/api/projects/1/notebooks/", {}, '{"title": "{key}'),
    ("PATCH", ONE, {}, '{"deleted": "{key}"}'),
    ("DELETE", ONE, {}, None),
    ("GET", f"{ONE}kernel/status/", {}, None),
    ("GET", f"{ONE}kernel/dataframe/", {"variable_name": "nothing"}, None),
    ("POST", f"{ONE}kernel/execute/stream/", {}, '{"code": 5, "timeout": "{key}"}'),
    ("POST", f"{ONE}hogql/execute/", {}, '{"query": "SELECT FROM"}'),
    ("GET", "posthog/api/users/@me/", {}, None),
    ("GET", "posthog/api/personal_api_keys/@current/", {}, None),
    ("GET", "posthog/@nobody/api/users/@me/", {}, None),
    ("GET", "posthog/drafts", {}, None),
)


@pytest.mark.parametrize("key_name", ["full", "read_only", "expired", "unscoped"])
async def test_no_answer_and_no_log_line_holds_the_key(
    connected_box: Box,  # noqa: F811
    jp_fetch: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    key_name: str,
) -> None:
    key = connected_box.keys[key_name]
    monkeypatch.setenv("POSTHOG_PERSONAL_API_KEY", key)
    connected_box.fail_next(
        method="GET", path="/api/users/@me", status=500, body=json.dumps({"detail": f"Bearer {key}"})
    )
    answers = b""

    with caplog.at_level(logging.DEBUG):
        for method, path, params, body in REQUESTS:
            content = None if body is None else body.replace("{key}", key)
            try:
                answer = await jp_fetch(path, method=method, params=params, body=content, request_timeout=60)
                answers += answer.body
            except HTTPClientError as error:
                assert error.response is not None
                answers += error.response.body

    assert key.encode() not in answers
    assert key not in caplog.text
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("ServerApp", "tornado"))]
    assert not [line for line in ours if "search=words" in line]


async def test_a_mistake_of_ours_is_no_traceback_in_the_answer_and_no_key_in_the_log(
    connected_box: Box,  # noqa: F811
    jp_fetch: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    key = connected_box.keys["unscoped"]
    monkeypatch.setenv("POSTHOG_PERSONAL_API_KEY", key)

    async def fail(*_: object) -> None:
        raise RuntimeError(f"holds {key}")

    monkeypatch.setattr("jupyter_posthog.connection.forwarding.forward_request", fail)
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("posthog/api/projects/1/notebooks/")

    assert caught.value.response is not None
    told = json.loads(caught.value.response.body)
    assert (caught.value.code, told["reason"]) == (500, "unexpected")
    assert "Traceback" not in json.dumps(told)
    assert "RuntimeError: holds [hidden]" in caplog.text
    assert key not in caplog.text + json.dumps(told)


async def test_a_request_is_one_log_line_without_its_query(
    connected_box: Box,  # noqa: F811
    jp_fetch: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG, logger="jupyter_posthog"):
        await jp_fetch("posthog/api/projects/1/notebooks/", params={"search": "words"})

    lines = [record.getMessage() for record in caplog.records if record.name == "jupyter_posthog"]
    (line,) = [line for line in lines if line.startswith("request ")]
    fields = dict(part.split("=") for part in line.split()[1:])
    assert set(fields) == {"method", "path", "status", "duration_ms", "request_id"}
    assert fields["path"] == "/api/projects/1/notebooks/"
