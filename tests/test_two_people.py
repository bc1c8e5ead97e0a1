"""Two people with servers of their own on one machine, as JupyterHub runs them: nothing of one is with the other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.box_fixture import Box
from tests.server_process import Server, server_of

# The box's second person (docs/box.md); its ready file names only the first.
GRACES_COOKIE, GRACES_CSRF = "box-session-of-grace", "box-csrf-of-grace"


@pytest.fixture
def people(box: Box, tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    here = {"POSTHOG_HOST": box.url, "POSTHOG_PROJECT_ID": "1"}
    adas = here | {"POSTHOG_PERSONAL_API_KEY": box.keys["full"]}
    graces = here | {
        "POSTHOG_SESSION_COOKIE": GRACES_COOKIE,
        "POSTHOG_CSRF_TOKEN": GRACES_CSRF,
    }
    with server_of("ada", tmp_path / "ada", adas) as ada, server_of("grace", tmp_path / "grace", graces) as grace:
        yield ada, grace


def name_of(server: Server) -> str:
    (connection,) = server.get("status").json()["connections"]
    name: str = connection["user"]["name"]
    return name


def test_two_servers_side_by_side_never_mix(box: Box, people: tuple[Server, Server], tmp_path: Path) -> None:
    ada, grace = people

    assert (name_of(ada), name_of(grace)) == ("Ada Lovelace", "Grace Hopper")

    for server, author in ((ada, "Ada"), (grace, "Grace"), (ada, "Ada")):
        created = server.send("POST", "api/projects/1/notebooks/", {"title": f"Of {author}"}).json()
        assert created["created_by"]["first_name"] == author

    added = ada.send("PUT", "connections/mine", {"host": box.url, "key": box.keys["read_only"]})
    assert added.status_code == 201
    assert [one["name"] for one in ada.get("connections").json()["connections"]] == ["env", "mine"]
    assert [one["name"] for one in grace.get("connections").json()["connections"]] == ["env"]
    assert grace.get("@mine/api/projects/1/notebooks/").json()["reason"] == "unknown_connection"

    assert grace.get_as(ada, "status").status_code == 403
    assert grace.http.get("/posthog/status").status_code == 404
    assert grace.http.get(f"{ada.prefix}/posthog/status").status_code == 404
    check_nothing_of_one_is_with_the_other(box, ada, grace, tmp_path)


def check_nothing_of_one_is_with_the_other(box: Box, ada: Server, grace: Server, folder: Path) -> None:
    adas_secrets = {box.keys["full"], box.keys["read_only"]}
    graces_secrets = {GRACES_COOKIE, GRACES_CSRF}
    for server, foreign in ((ada, graces_secrets), (grace, adas_secrets)):
        said = json.dumps([server.get("status").json(), server.get("connections").json()])
        kept = [file for file in (folder / server.person).rglob("*") if file.is_file()]
        texts = [said, *(file.read_text(errors="replace") for file in kept)]

        assert not [secret for secret in foreign for text in texts if secret in text]
    for server, own in ((ada, adas_secrets), (grace, graces_secrets)):
        log = (folder / server.person / "server.log").read_text(errors="replace")

        assert not [secret for secret in own if secret in log]
