"""``/posthog/kernels``: the remote kernel of a notebook over REST, with a session and with a key."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from tests.box_fixture import Box


class Kernel:
    """The requests that the page makes about one notebook's kernel."""

    def __init__(self, fetch: Any, short_id: str) -> None:
        self._fetch = fetch
        self._path = ("posthog", "kernels", "env", "1", f"{short_id}.ipynb")

    async def get(self, *more: str) -> dict[str, Any]:
        return json.loads((await self._fetch(*self._path, *more)).body)

    async def post(self, action: str, body: Any = None) -> dict[str, Any]:
        content = json.dumps({} if body is None else body)
        answer = await self._fetch(*self._path, action, method="POST", body=content, request_timeout=90)
        return json.loads(answer.body)

    async def refused(self, action: str, body: Any = None) -> dict[str, Any]:
        with pytest.raises(HTTPClientError) as caught:
            await self.post(action, body)
        assert caught.value.response is not None
        return json.loads(caught.value.response.body) | {"status": caught.value.code}


@pytest.fixture
def session_box(boxes: Callable[[str], Box], monkeypatch: pytest.MonkeyPatch) -> Box:
    box = boxes("cloud")
    variables = {"POSTHOG_SESSION_COOKIE": box.session["cookie"], "POSTHOG_CSRF_TOKEN": box.session["csrf"]}
    for name, value in ({"POSTHOG_HOST": box.url, "POSTHOG_PROJECT_ID": "1"} | variables).items():
        monkeypatch.setenv(name, value)
    return box


async def test_a_session_starts_watches_restarts_and_stops_a_kernel(session_box: Box, jp_fetch: Any) -> None:
    kernel = Kernel(jp_fetch, session_box.new_notebook())

    before = await kernel.get()
    started = await kernel.post("start")
    restarted = await kernel.post("restart")
    stopped = await kernel.post("stop")

    assert (before["state"], before["ends_at"]) == ("stopped", None)
    left_s = (datetime.fromisoformat(started["ends_at"]) - datetime.now(UTC)).total_seconds()
    assert 7200 - 90 < left_s <= 7200
    assert started["hourly_price"] == 0.25
    assert "min left" in started["words"] and "$0.25/h" in started["words"]
    assert restarted["kernel_id"] != started["kernel_id"]
    assert (stopped["state"], stopped["ends_at"]) == ("stopped", None)


async def test_a_new_size_tells_its_price_and_what_it_destroys_before_it_happens(
    session_box: Box, jp_fetch: Any
) -> None:
    short_id = session_box.new_notebook()
    kernel = Kernel(jp_fetch, short_id)
    code = {"code": "import pandas\norders = pandas.DataFrame({'a': [1]})"}
    session_box.http.post(f"/api/projects/1/notebooks/{short_id}/kernel/execute/", json=code).raise_for_status()

    preview = await kernel.post("config", {"cpu_cores": 4, "memory_gb": 8, "preview": True})
    unchanged = await kernel.get()
    done = await kernel.post("config", {"cpu_cores": 4, "memory_gb": 8})

    assert preview == {"hourly_price": 1.0, "restarts": True, "lost": ["orders"]}
    assert unchanged["cpu_cores"] == 1
    assert done["restarted"] is True
    assert (await kernel.get())["cpu_cores"] == 4


async def test_options_tell_sizes_and_prices(connected_box: Box, jp_fetch: Any) -> None:
    options = await Kernel(jp_fetch, connected_box.new_notebook()).get("options")

    assert options["presets"][0]["hourly_price"] == 0.25
    assert 4 in options["allowed_cpu_cores"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"cpu_cores": 3}, "cpu_cores is one of"),
        ({"cpu_cores": "4"}, "is a number"),
        ({"cpu_cores": True}, "is a number"),
        ({"gpus": 1}, "has no “gpus”"),
        ({}, "nothing to change"),
        ([], "no JSON object"),
    ],
)
async def test_a_wrong_size_is_refused_before_anything_is_sent(
    connected_box: Box, jp_fetch: Any, body: Any, words: str
) -> None:
    refused = await Kernel(jp_fetch, connected_box.new_notebook()).refused("config", body)

    assert refused["status"] == 400
    assert words in refused["message"]


@pytest.mark.parametrize("action", ["start", "stop", "restart"])
async def test_a_key_cannot_control_kernels_and_says_what_can(connected_box: Box, jp_fetch: Any, action: str) -> None:
    refused = await Kernel(jp_fetch, connected_box.new_notebook()).refused(action)

    assert refused["reason"] == "key_not_supported"
    assert refused["message"]


async def test_a_path_that_names_no_notebook_is_refused(connected_box: Box, jp_fetch: Any) -> None:
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("posthog", "kernels", "env", "not.ipynb")

    assert caught.value.code == 404
