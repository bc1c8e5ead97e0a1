"""What every test may use."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

DATA = Path(__file__).parent / "data"

# The same examples at each change, so that red means the change; new ones are looked for by `make test-deep`.
settings.register_profile(
    "default",
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("deep", max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

pytest_plugins = ["pytest_jupyter.jupyter_server", "tests.canary", "tests.box_fixture", "tests.scratch"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-mirrors",
        action="store_true",
        help="write the mirrors in tests/data/mirrors anew; read the difference in review like code",
    )


def load_json(name: str) -> Any:
    """Return one file of tests/data."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees this machine's own connections, keys or drafts."""
    for name in list(os.environ):
        if name.startswith("POSTHOG_"):
            monkeypatch.delenv(name)
    for name in ("CONFIG", "DATA", "RUNTIME"):
        folder = tmp_path / "jupyter" / name.lower()
        folder.mkdir(parents=True)
        monkeypatch.setenv(f"JUPYTER_{name}_DIR", str(folder))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "")
    # No test asks this machine's keyring.
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
