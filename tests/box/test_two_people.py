"""Two people in one notebook have two kernels (posthog-api.md 11, 12.5)."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.box.runs import wait_for_run
from tests.box_fixture import Box

ALL = "/api/projects/1/notebooks/"


@pytest.fixture
def grace(box: Box) -> Iterator[httpx.Client]:
    """The colleague, with the session that the page gives her."""
    with httpx.Client(base_url=box.url, trust_env=False, timeout=60) as client:
        client.get("/project/1/notebooks/wFunnel001")
        client.headers["X-CSRFToken"] = client.cookies["posthog_csrftoken"]
        yield client


def test_each_has_variables_of_their_own(box: Box, grace: httpx.Client) -> None:
    one = f"{ALL}{box.new_markdown('# a')}/kernel/"

    mine = box.http.post(f"{one}execute/", json={"code": "x = 1"}).json()
    hers = grace.post(f"{one}execute/", json={"code": "x"}).json()

    assert (mine["status"], hers["error_name"]) == ("ok", "NameError")
    assert mine["kernel_runtime"]["id"] != hers["kernel_runtime"]["id"]
    grace.post(f"{one}stop/")
    assert grace.get(f"{one}status/").json()["status"] == "stopped"
    assert box.http.get(f"{one}status/").json()["status"] == "running"


def test_nobody_stops_what_runs_in_anothers_kernel(box: Box, grace: httpx.Client) -> None:
    one = f"{ALL}{box.new_markdown('# a')}/sql_v2/"
    body = {"node_id": "n", "node_type": "python", "code": "import time\ntime.sleep(60)"}
    path = f"{one}runs/{box.http.post(f'{one}run/', json=body).json()['run_id']}/"

    refused = grace.post(f"{path}interrupt/")
    asked = box.http.post(f"{path}interrupt/")

    assert (refused.status_code, list(refused.json())) == (409, ["detail"])
    assert asked.status_code in {200, 202}
    assert wait_for_run(box, path)["status"] == "interrupted"


def test_a_notebook_knows_who_made_and_who_changed_it(box: Box, grace: httpx.Client) -> None:
    hers = grace.post(ALL, json={"title": "Hers"}).json()
    changed = box.http.patch(f"{ALL}{hers['short_id']}/", json={"title": "Changed"}).json()

    assert (hers["created_by"]["first_name"], hers["user_access_level"]) == ("Grace", "manager")
    assert (changed["last_modified_by"]["first_name"], changed["user_access_level"]) == ("Ada", "editor")
    assert grace.get("/api/users/@me/").json()["first_name"] == "Grace"
