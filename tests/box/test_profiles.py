"""The table of routes is what a box serves: every row, in every profile, asked of a running one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from jupyter_posthog.box.profiles import PROFILES
from jupyter_posthog.box.routes import ROUTES, Route
from tests.box_fixture import Box

ROWS = [(profile, route) for profile in PROFILES for route in ROUTES]
UNKNOWN = {":project_id": "1", ":short_id": "noSuchOne9", ":run_id": "none", ":query_id": "none"}


def address(route: Route) -> str:
    prefix = "" if route.path.startswith("/") else "/api/"
    return prefix + re.sub(r":\w+", lambda found: UNKNOWN.get(found[0], "@current"), route.path)


@pytest.mark.parametrize(("profile", "route"), ROWS, ids=lambda value: getattr(value, "name", value))
def test_a_row_of_the_table_is_what_a_box_serves(boxes: Callable[[str], Box], profile: str, route: Route) -> None:
    """Without credentials every action that exists says 401, and one that does not exist says 404."""
    box = boxes(profile)
    headers = {"Cookie": "", "X-CSRFToken": ""}
    exists = route.access(PROFILES[profile]) is not None

    for slash in ("", "/"):
        answer = box.http.request(route.method, address(route) + slash, headers=headers)

        assert answer.status_code == (401 if exists else 404), answer.text


@pytest.mark.parametrize("profile", PROFILES)
def test_a_method_that_has_no_row_is_405(boxes: Callable[[str], Box], profile: str) -> None:
    box = boxes(profile)
    served = [route for route in ROUTES if route.access(PROFILES[profile]) is not None]
    for path in {route.path for route in served}:
        rows = [route for route in served if route.path == path]
        others = {"GET", "POST", "PUT", "PATCH", "DELETE"} - {route.method for route in rows}
        for method in others:
            answer = box.http.request(method, f"{address(rows[0])}/")

            assert answer.status_code == 405, (method, path)
            assert answer.json()["detail"] == f'Method "{method}" not allowed.'


def test_head_and_options_are_answered(box: Box) -> None:
    path = "/api/projects/1/notebooks/"

    head, options = box.http.head(path), box.http.options(path)

    assert (head.status_code, head.content) == (200, b"")
    assert (options.status_code, options.headers["Allow"]) == (200, "GET, POST, HEAD, OPTIONS")
    assert box.http.delete(path).headers["Allow"] == "GET, POST, HEAD, OPTIONS"


def test_names_and_places_of_the_table_are_unique() -> None:
    assert len({route.name for route in ROUTES}) == len(ROUTES)
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)


@pytest.mark.parametrize("path", ["notebooks/", "notebooks", "notebooks/activity/", "query/none/", ""])
def test_environments_stand_for_projects_and_say_that_they_are_old(box: Box, path: str) -> None:
    old = box.http.get(f"/api/environments/1/{path}")
    new = box.http.get(f"/api/projects/1/{path}")

    assert old.status_code == new.status_code
    assert {"Deprecation", "Sunset", "Link"} <= {name.title() for name in old.headers}
    assert "Deprecation" not in new.headers
    assert f'</api/projects/1/{path}>; rel="successor-version"' == old.headers["Link"]


def test_old_servers_know_notebooks_below_projects_only(boxes: Callable[[str], Box]) -> None:
    box = boxes("legacy")

    assert box.http.get("/api/environments/1/notebooks/").status_code == 404
    assert box.http.get("/api/environments/1/").status_code == 200


@pytest.mark.parametrize(("path", "detail"), [("web-app", "Project not found."), ("1.5", "Project not found.")])
def test_a_project_is_a_number_or_the_current_one(box: Box, path: str, detail: str) -> None:
    answer = box.http.get(f"/api/projects/{path}/notebooks/")

    assert (answer.status_code, answer.json()["detail"]) == (404, detail)
    assert box.http.get("/api/projects/@current/notebooks").status_code == 200
