from __future__ import annotations

import json
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from tests.box_fixture import Box


def error_of(caught: pytest.ExceptionInfo[HTTPClientError]) -> dict[str, Any]:
    assert caught.value.response is not None
    return json.loads(caught.value.response.body)


@pytest.mark.parametrize("prefix", ["posthog/api", "posthog/@env/api"])
@pytest.mark.parametrize("slash", ["", "/"])
async def test_the_list_comes_as_posthog_gives_it(connected_box: Box, jp_fetch: Any, prefix: str, slash: str) -> None:
    connected_box.new_markdown("# T", title="Proxied list")

    answer = await jp_fetch(f"{prefix}/projects/1/notebooks{slash}", params={"search": "Proxied", "limit": "5"})

    assert "Proxied list" in [row["title"] for row in json.loads(answer.body)["results"]]


async def test_an_answer_is_data_and_carries_nothing_else(connected_box: Box, jp_fetch: Any) -> None:
    answer = await jp_fetch("posthog/api/projects/1/notebooks/")

    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "Location" not in answer.headers


async def test_a_refusal_comes_as_posthog_gives_it(connected_box: Box, jp_fetch: Any) -> None:
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("posthog/api/projects/1/notebooks/noSuchOne/")

    assert caught.value.code == 404
    assert error_of(caught)["code"] == "not_found"


async def test_delete_is_405_as_documented(connected_box: Box, jp_fetch: Any) -> None:
    short_id = connected_box.new_markdown("# T")

    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch(f"posthog/api/projects/1/notebooks/{short_id}/", method="DELETE")

    assert caught.value.code == 405


async def test_a_path_off_the_list_is_not_sent(connected_box: Box, jp_fetch: Any) -> None:
    asked = len(connected_box.requests())

    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("posthog/api/projects/1/feature_flags/")

    assert error_of(caught)["reason"] == "endpoint_missing"
    assert len(connected_box.requests()) == asked


async def test_an_unknown_connection_is_said_in_words(connected_box: Box, jp_fetch: Any) -> None:
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("posthog/@nobody/api/projects/1/notebooks/")

    assert error_of(caught)["reason"] == "unknown_connection"
    assert "nobody" in error_of(caught)["message"]


async def test_a_proxy_page_in_between_is_not_handed_on(connected_box: Box, jp_fetch: Any) -> None:
    page = "<html><script>alert(1)</script></html>"
    connected_box.fail_next(method="GET", path="/notebooks/", times=1, status=200, body=page)

    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("posthog/api/projects/1/notebooks/")

    assert caught.value.code == 502
    assert error_of(caught)["reason"] == "not_posthog"
    assert b"script" not in caught.value.response.body


async def test_a_host_that_is_down_is_one_sentence_without_a_traceback(
    jp_fetch: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("POSTHOG_HOST", "http://127.0.0.1:9")
    monkeypatch.setenv("POSTHOG_PERSONAL_API_KEY", "phx_" + "canary" * 3)

    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("posthog/api/projects/1/notebooks/")

    assert caught.value.code == 503
    assert error_of(caught)["reason"] == "host_away"
    assert "Traceback" not in caplog.text
    assert "canary" not in caplog.text


async def test_output_streams_through_before_the_cell_ends(
    boxes: Any, jp_fetch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    box: Box = boxes("legacy")
    for name, value in box.environment().items():
        monkeypatch.setenv(name, value)
    parts: list[bytes] = []
    short_id = box.new_notebook()

    await jp_fetch(
        f"posthog/api/projects/1/notebooks/{short_id}/kernel/execute/stream/",
        method="POST",
        body=json.dumps({"code": "print('one', flush=True)\nimport time\ntime.sleep(0.5)\nprint('two')"}),
        streaming_callback=parts.append,
        request_timeout=60,
    )

    whole = b"".join(parts)
    assert whole.index(b"one") < whole.index(b"event: result")
    assert len(parts) >= 2
