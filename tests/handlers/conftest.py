"""A real Jupyter server with our extension, connected to a box."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.box_fixture import Box


@pytest.fixture
def jp_server_config() -> dict[str, object]:
    return {"ServerApp": {"jpserver_extensions": {"jupyter_posthog": True}}}


@pytest.fixture
def profile() -> str:
    """The kind of PostHog server; a test may ask for another one."""
    return "cloud"


@pytest.fixture
def connected_box(profile: str, boxes: Callable[[str], Box], monkeypatch: pytest.MonkeyPatch) -> Box:
    """The box as PostHog is today, connected with a full key."""
    box = boxes(profile)
    for name, value in box.environment().items():
        monkeypatch.setenv(name, value)
    return box
