"""Connections over REST: a key goes in, its last four characters come out."""

from __future__ import annotations

import json
import logging
import os
import socket
from pathlib import Path
from typing import Any

import jupyter_core.paths
import pytest
from tornado.httpclient import HTTPClientError

from jupyter_posthog.errors import InsecureRequestError
from jupyter_posthog.handlers.connections import check_way
from tests.box_fixture import Box


class Desk:
    """The page's requests about connections."""

    def __init__(self, fetch: Any) -> None:
        self._fetch = fetch

    async def __call__(self, verb: str, name: str = "", body: Any = None) -> Any:
        content = body if body is None or isinstance(body, str) else json.dumps(body)
        answer = await self._fetch(
            "posthog", "connections", *([name] if name else []), method=verb, body=content, request_timeout=60
        )
        return json.loads(answer.body) if answer.body else None

    async def refused(self, verb: str, name: str = "", body: Any = None) -> tuple[int, dict[str, Any]]:
        with pytest.raises(HTTPClientError) as caught:
            await self(verb, name, body)
        assert caught.value.response is not None
        return caught.value.code, json.loads(caught.value.response.body)


@pytest.fixture
def desk(jp_fetch: Any) -> Desk:
    return Desk(jp_fetch)


def own_file(name: str) -> Path:
    return Path(os.environ["JUPYTER_CONFIG_DIR"]) / "posthog" / name


async def test_an_added_connection_is_used_at_once(box: Box, desk: Desk, jp_fetch: Any) -> None:
    before = await desk("GET")
    added = await desk("POST", body={"host": box.url, "key": box.keys["full"], "name": "mine"})
    listed = json.loads((await jp_fetch("posthog/contents/mine/1")).body)

    assert before["connections"] == []
    assert (added["name"], added["project_id"], added["is_default"]) == ("mine", 1, True)
    assert added["credential"] == {"kind": "personal_api_key", "last4": box.keys["full"][-4:]}
    assert listed["content"]
    assert own_file("keys.json").stat().st_mode & 0o777 == 0o600


async def test_the_list_names_every_connection_and_no_key(box: Box, desk: Desk) -> None:
    await desk("PUT", "one", {"host": box.url, "key": box.keys["full"]})
    await desk("PUT", "two", {"host": box.url, "key": box.keys["read_only"], "is_default": True})

    answer = await desk("GET")

    assert answer["default"] == "two"
    assert [one["name"] for one in answer["connections"]] == ["one", "two"]
    assert not [key for key in box.keys.values() if key in json.dumps(answer)]


async def test_a_session_goes_in_and_nothing_of_it_comes_out(box: Box, desk: Desk) -> None:
    added = await desk("PUT", "page", {"host": box.url, "cookie": box.session["cookie"], "csrf": box.session["csrf"]})

    assert added["credential"] == {"kind": "session", "last4": None}
    assert box.session["cookie"] not in json.dumps(added)


async def test_a_connection_can_be_tested(box: Box, desk: Desk) -> None:
    await desk("PUT", "mine", {"host": box.url, "key": box.keys["read_only"]})

    status = await desk("GET", "mine")

    assert status["is_ok"] is True
    assert status["user"]["name"] == "Ada Lovelace"
    assert status["capabilities"]["write"]["reason"] == "missing_scope"


async def test_another_key_takes_effect_at_once(box: Box, desk: Desk) -> None:
    await desk("PUT", "mine", {"host": box.url, "key": box.keys["read_only"]})
    assert (await desk("GET", "mine"))["capabilities"]["write"]["state"] == "no"

    await desk("PUT", "mine", {"host": box.url, "key": box.keys["full"]})

    assert (await desk("GET", "mine"))["capabilities"]["write"]["state"] == "yes"


async def test_a_removed_connection_is_gone_with_its_key(box: Box, desk: Desk) -> None:
    await desk("PUT", "mine", {"host": box.url, "key": box.keys["full"]})
    await desk("DELETE", "mine")

    assert (await desk("GET"))["connections"] == []
    assert box.keys["full"] not in own_file("keys.json").read_text()
    assert (await desk.refused("GET", "mine"))[1]["reason"] == "unknown_connection"


async def test_a_connection_of_the_environment_is_not_removed(connected_box: Box, desk: Desk) -> None:
    code, error = await desk.refused("DELETE", "env")

    assert (code, error["reason"]) == (400, "connection_not_stored")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"key": "phx_" + "wrong" * 4}, "key_refused"),
        ({"key": "phc_abcdefgh"}, "not_an_api_key"),
        ({"key": "phs_abcdefgh"}, "not_an_api_key"),
        ({"key": "phx_a b"}, "not_an_api_key"),
        ({"key": "phx_ü"}, "not_an_api_key"),
        ({}, "no_credential"),
        ({"key": "phx_a", "cookie": "b"}, "mixed_credentials"),
        ({"key": "phx_a", "project_id": "Web app"}, "project_not_an_id"),
        ({"key": "phx_a", "host": "http://posthog.example"}, "insecure_host"),
        ({"key": "phx_a", "host": "https://user:pw@posthog.example"}, "insecure_host"),
        ({"key": "phx_a", "host": None, "region": "mars"}, "invalid_connection"),
        ({"key": ["phx_a"]}, "invalid_connection"),
        ({"key": "phx_a", "is_default": 1}, "invalid_connection"),
        ({"key": "phx_a", "url": "x"}, "invalid_connection"),
        ("phx_secret{", "invalid_connection"),
        ("[]", "invalid_connection"),
    ],
)
async def test_what_cannot_be_used_is_one_sentence_and_nothing_is_stored(
    box: Box, desk: Desk, body: Any, reason: str
) -> None:
    full = {"host": box.url, **body} if isinstance(body, dict) else body

    code, error = await desk.refused("POST", body=full)

    assert 400 <= code < 500
    assert error["reason"] == reason
    assert error["message"]
    assert not own_file("connections.toml").exists()


@pytest.mark.parametrize(
    "host", ["https://10.0.0.7", "https://192.168.1.1", "https://169.254.169.254", "https://[fd00::1]", "https://[::]"]
)
async def test_private_addresses_are_refused_before_anything_is_sent(desk: Desk, host: str) -> None:
    code, error = await desk.refused("POST", body={"host": host, "key": "phx_abcdefgh"})

    assert (code, error["reason"]) == (403, "private_host")


async def test_a_name_that_leads_inside_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve = socket.getaddrinfo

    def inside(host: Any, *arguments: Any, **named: Any) -> Any:
        return resolve("127.0.0.1" if host in {"inside.example", b"inside.example"} else host, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", inside)

    code, error = await desk.refused("POST", body={"host": "https://inside.example", "key": "phx_abcdefgh"})

    assert (code, error["reason"]) == (403, "private_host")


def set_policy(monkeypatch: pytest.MonkeyPatch, folder: Path, policy: str) -> None:
    (folder / "posthog").mkdir(parents=True)
    (folder / "posthog" / "connections.toml").write_text(policy)
    monkeypatch.setattr(jupyter_core.paths, "SYSTEM_CONFIG_PATH", [str(folder)])


@pytest.mark.parametrize(
    ("policy", "host", "reason"),
    [
        ("[policy.features]\nadd_connections = false\n", None, "feature_off"),
        ("[policy]\nallowed_hosts = ['eu.posthog.com']\n", "https://93.184.216.34", "host_not_allowed"),
        ("[policy]\nallowed_hosts = []\nprivate_networks = ['10.0.0.0/8']\n", "https://10.0.0.7", "host_not_allowed"),
    ],
)
async def test_the_policy_is_asked_before_anything_is_sent(
    box: Box, desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, policy: str, host: str | None, reason: str
) -> None:
    set_policy(monkeypatch, tmp_path / "system", policy)
    before = len(box.requests())

    code, error = await desk.refused("POST", body={"host": host or box.url, "key": box.keys["full"]})

    assert (code, error["reason"]) == (403, reason)
    assert len(box.requests()) == before


async def test_no_key_that_was_refused_is_in_a_log_or_an_answer(
    box: Box, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    canary = "old-key-without-prefix-canary"
    with caplog.at_level(logging.DEBUG):
        _, first = await desk.refused("POST", body={"host": box.url, "key": canary})
        _, second = await desk.refused("POST", body=f'{{"key": "{canary}"')
        _, third = await desk.refused("POST", body={"host": box.url, "key": f"{canary} x"})

    assert canary not in caplog.text
    assert canary not in json.dumps([first, second, third])


PROXIED = {"X-Forwarded-For": "203.0.113.9"}


@pytest.mark.parametrize(
    ("protocol", "remote_ip", "headers"),
    [
        ("http", "127.0.0.1", {}),
        ("http", "::1", {}),
        ("http", "0.0.0.0", {}),
        ("https", "203.0.113.9", {}),
        ("http", "127.0.0.1", PROXIED | {"X-Forwarded-Proto": "https"}),
        ("http", "10.0.0.1", PROXIED | {"X-Forwarded-Proto": "https,http"}),
    ],
)
def test_a_key_may_come_over_https_or_from_this_machine(protocol: str, remote_ip: str, headers: dict[str, str]) -> None:
    check_way(protocol, remote_ip, headers)


@pytest.mark.parametrize(
    ("remote_ip", "headers"),
    [
        ("203.0.113.9", {}),
        ("127.0.0.1", PROXIED),
        ("127.0.0.1", PROXIED | {"X-Forwarded-Proto": "http"}),
        ("not an address", {}),
    ],
)
def test_a_key_over_plain_http_from_another_machine_is_not_used(remote_ip: str, headers: dict[str, str]) -> None:
    with pytest.raises(InsecureRequestError):
        check_way("http", remote_ip, headers)
