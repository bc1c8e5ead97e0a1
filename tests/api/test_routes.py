from __future__ import annotations

import pytest

from jupyter_posthog.api.routes import Action, find_route


@pytest.mark.parametrize(
    ("method", "path", "action"),
    [
        ("GET", "projects/1/notebooks", Action.READ),
        ("GET", "projects/@current/notebooks/", Action.READ),
        ("POST", "projects/1/notebooks/", Action.WRITE),
        ("GET", "projects/1/notebooks/aB3dE5gH/", Action.READ),
        ("PATCH", "projects/1/notebooks/aB3dE5gH", Action.WRITE),
        ("DELETE", "projects/1/notebooks/aB3dE5gH/", Action.WRITE),
        ("GET", "projects/1/notebooks/aB3dE5gH/activity/", Action.READ),
        ("POST", "projects/1/notebooks/aB3dE5gH/kernel/config/", Action.EXECUTE),
        ("GET", "projects/1/notebooks/aB3dE5gH/kernel/dataframe/", Action.READ),
        ("POST", "projects/1/notebooks/aB3dE5gH/kernel/execute/", Action.EXECUTE),
        ("POST", "projects/1/notebooks/aB3dE5gH/kernel/execute/stream/", Action.EXECUTE),
        ("POST", "projects/1/notebooks/aB3dE5gH/kernel/restart/", Action.EXECUTE),
        ("POST", "projects/1/notebooks/aB3dE5gH/kernel/start/", Action.EXECUTE),
        ("GET", "projects/1/notebooks/aB3dE5gH/kernel/status/", Action.READ),
        ("POST", "projects/1/notebooks/aB3dE5gH/kernel/stop/", Action.EXECUTE),
        ("GET", "projects/1/notebooks/activity/", Action.READ),
        ("GET", "projects/1/notebooks/recording_comments/", Action.READ),
    ],
)
def test_every_documented_endpoint_is_allowed(method: str, path: str, action: Action) -> None:
    route = find_route(method, path)

    assert route is not None
    assert route.action is action


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "projects/1/feature_flags/"),
        ("DELETE", "projects/1/notebooks/"),
        ("GET", "projects/1/notebooks/../../users/"),
        ("GET", "projects/1/notebooks/aB3dE5gH/widgets/x/source/"),
        ("POST", "users/@me/"),
    ],
)
def test_nothing_else_is(method: str, path: str) -> None:
    assert find_route(method, path) is None


def test_a_list_endpoint_is_not_taken_for_a_notebook() -> None:
    route = find_route("GET", "projects/1/notebooks/activity/")

    assert route is not None
    assert not route.is_for_keys
