"""No web page reaches the box: its keys are known, and it runs code."""

from __future__ import annotations

import httpx
import pytest

from jupyter_posthog.box.origins import is_own
from tests.box_fixture import Box


@pytest.mark.parametrize(
    ("host", "origin", "is_allowed"),
    [
        ("127.0.0.1:8010", None, True),
        ("localhost:8010", None, True),
        ("box.localhost:8010", None, True),
        ("[::1]:8010", None, True),
        ("127.0.0.1:8010", "http://127.0.0.1:8010", True),
        ("127.0.0.1:8010", "http://127.0.0.1:8888", False),
        ("127.0.0.1:8010", "https://evil.example", False),
        ("127.0.0.1:8010", "null", False),
        ("evil.example:8010", None, False),
        ("evil.example:8010", "http://evil.example:8010", False),
        ("localhost.evil.example", None, False),
        ("192.168.0.2:8010", None, False),
        ("", None, False),
        ("[", None, False),
    ],
)
def test_who_may_ask(host: str, origin: str | None, is_allowed: bool) -> None:
    assert is_own(host, origin) is is_allowed


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}])
@pytest.mark.parametrize(
    "path", ["/api/users/@me/", "/project/1/notebooks/wFunnel001", "/_box/requests", "/static/box/x"]
)
def test_a_foreign_page_gets_nothing(box: Box, headers: dict[str, str], path: str) -> None:
    answer = box.http.get(path, headers=headers)

    assert answer.status_code == 403
    assert "this machine" in answer.text


@pytest.mark.shows_keys
def test_a_foreign_page_runs_no_code_with_a_known_key(box: Box) -> None:
    """The request that a browser sends without asking first: a form, and the key in the address."""
    answer = httpx.post(
        f"{box.url}/api/projects/1/notebooks/scratchpad/sql_v2/run/",
        params={"personal_api_key": box.keys["full"]},
        data={"node_id": "n", "node_type": "python", "code": "print('owned')"},
        headers={"Origin": "https://evil.example"},
        trust_env=False,
    )

    assert answer.status_code == 403
