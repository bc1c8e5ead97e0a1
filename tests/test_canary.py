"""A marked key is in no log line, no answer and no notebook, whatever is done with it."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from tests.box_fixture import Box
from tests.handlers.conftest import connected_box, jp_server_config, profile  # noqa: F401  # fixtures

PATHS = (
    ("GET", "posthog/status"),
    ("GET", "posthog/connections"),
    ("GET", "posthog/connections/env"),
    ("GET", "posthog/api/projects/1/notebooks/?search=words"),
    ("GET", "posthog/api/projects/1/notebooks/noSuchOne/"),
    ("GET", "posthog/contents/env/1"),
    ("GET", "posthog/contents/env/1/wFunnel001.ipynb"),
    ("GET", "posthog/contents/env/1/noSuchOne.ipynb"),
    ("POST", "posthog/api/projects/1/notebooks/scratchpad/kernel/start/"),
    ("POST", "posthog/api/projects/1/notebooks/"),
    ("DELETE", "posthog/api/projects/1/notebooks/wFunnel001/"),
    ("GET", "posthog/api/projects/1/notebooks/?personal_api_key={key}"),
    ("GET", "posthog/api/projects/1/notebooks/?limit={key}"),
    ("GET", "posthog/api/projects/1/notebooks/wFunnel001/kernel/dataframe/?variable_name=nothing"),
    ("POST", "posthog/api/projects/1/notebooks/wFunnel001/kernel/execute/stream/"),
    ("GET", "posthog/api/users/@me/"),
    ("GET", "posthog/api/personal_api_keys/@current/"),
    ("GET", "posthog/@nobody/api/users/@me/"),
    ("GET", "posthog/drafts"),
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
        for method, path in PATHS:
            try:
                body = "{}" if method == "POST" else None
                answers += (await jp_fetch(path, method=method, body=body, request_timeout=60)).body
            except HTTPClientError as error:
                assert error.response is not None
                answers += error.response.body

    assert key.encode() not in answers
    assert key not in caplog.text
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("ServerApp", "tornado"))]
    assert not [line for line in ours if "search=words" in line]
