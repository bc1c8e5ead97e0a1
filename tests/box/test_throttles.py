"""Rate limits of requests with keys (posthog-api.md 4)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from jupyter_posthog.box.refusals import Refusal
from jupyter_posthog.box.throttles import HOGQL, ORDINARY, Rate, Throttles
from tests.box_fixture import Box, start_box


def test_a_request_too_many_waits_until_the_oldest_is_forgotten() -> None:
    now_s = 100.0
    throttles = Throttles(clock=lambda: now_s)
    rate = (Rate(requests=2, seconds=60),)
    throttles.count(1, rate)
    now_s = 110.5
    throttles.count(1, rate)

    with pytest.raises(Refusal) as refused:
        throttles.count(1, rate)
    now_s = 160.0
    throttles.count(1, rate)

    assert refused.value.body == {
        "type": "throttled_error",
        "code": "throttled",
        "detail": "Request was throttled. Expected available in 50 seconds.",
        "attr": None,
    }


def test_one_second_is_singular() -> None:
    now_s = 0.0
    throttles = Throttles(clock=lambda: now_s)
    throttles.count(1, (Rate(requests=1, seconds=1),))

    with pytest.raises(Refusal, match="in 1 second\\."):
        throttles.count(1, (Rate(requests=1, seconds=1),))


def test_the_limits_are_those_of_posthog() -> None:
    assert [(rate.requests, rate.seconds) for rate in (*ORDINARY, *HOGQL)] == [(480, 60), (4800, 3600), (120, 3600)]


def ask(box: Box, key: str, times: int) -> httpx.Response:
    """Ask a number of times, and then once more."""
    with httpx.Client(
        base_url=box.url, headers={"Authorization": f"Bearer {box.keys[key]}"}, trust_env=False
    ) as client:
        for _ in range(times):
            assert client.get("/api/users/@me/").status_code == 200
        return client.get("/api/users/@me/")


def test_a_minute_has_480_requests_of_all_keys_together(tmp_path: Path) -> None:
    for box in start_box("cloud", tmp_path):
        answer = ask(box, "full", 480)
        other = ask(box, "read_only", 0)

        assert answer.status_code == other.status_code == 429
        assert answer.json()["code"] == "throttled"
        assert answer.json()["detail"].startswith("Request was throttled. Expected available in ")
        assert "Retry-After" not in answer.headers
        assert box.http.get("/api/users/@me/").status_code == 200


def test_an_hour_has_120_queries(tmp_path: Path) -> None:
    for box in start_box("flag-off", tmp_path):
        headers = {"Authorization": f"Bearer {box.keys['full']}"}
        with httpx.Client(base_url=box.url, headers=headers, trust_env=False) as client:
            statuses = [client.post("/api/projects/1/query/", json={}).status_code for _ in range(121)]

        assert statuses == [400] * 120 + [429]


def test_limits_can_be_switched_off(tmp_path: Path) -> None:
    for box in start_box("cloud", tmp_path, "--no-rate-limits"):
        assert ask(box, "full", 490).status_code == 200


def test_a_server_of_ones_own_has_no_limits(boxes: Callable[[str], Box]) -> None:
    assert ask(boxes("legacy"), "full", 490).status_code == 200
