"""jupyter_server's own tests of the contents protocol, over our manager and a box."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.box_fixture import Box
from tests.contents_suite.adapter import NameAdapter
from tests.contents_suite.source import load_suite, names_of_suite, suite_folder
from tests.contents_suite.table import CANNOT, PAGE, read_table, write_page

SUITE: ModuleType | None
try:
    SUITE = load_suite(suite_folder())
except FileNotFoundError as missing:
    SUITE, MISSING = None, str(missing)

# The cases become tests of this module, where they meet the fixtures below in place of the suite's own.
CASES = {name: case for name, case in vars(SUITE).items() if name.startswith("test_")} if SUITE else {}
globals().update({name: case for name, case in CASES.items() if name not in CANNOT})
if SUITE is not None:
    suppress_deprecation_warnings = SUITE.suppress_deprecation_warnings
    _check_created = SUITE._check_created


def _count(case: Any) -> int:
    """Return how many cases one test of the suite stands for."""
    marks = [mark for mark in getattr(case, "pytestmark", []) if mark.name == "parametrize"]
    return len(marks[0].args[1]) if marks else 1


COUNTS = {name: _count(case) for name, case in CASES.items()}


@pytest.fixture
def jp_argv() -> list[str]:
    """The server's usual manager, once: the suite's parameters are two managers of local files."""
    return []


@pytest.fixture
def jp_server_config() -> dict[str, object]:
    return {"ServerApp": {"jpserver_extensions": {"jupyter_posthog": True}}}


@pytest.fixture
def contents_dir(tmp_path: Path) -> Path:
    """Where the suite looks for files; the adapter shows there what PostHog has."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def shelf() -> dict[str, str]:
    """The notebooks of the suite by path, made once and again after each case that changed them."""
    return {}


@pytest.fixture
def jp_fetch(
    box: Box, monkeypatch: pytest.MonkeyPatch, jp_fetch: Any, contents_dir: Path, shelf: dict[str, str]
) -> Iterator[Any]:
    for name, value in box.environment().items():
        monkeypatch.setenv(name, value)
    adapter = NameAdapter(jp_fetch, box, names_of_suite(suite_folder()), contents_dir)
    yield adapter.fetch
    adapter.leave(shelf)


@pytest.fixture
def contents(jp_fetch: Any, contents_dir: Path, shelf: dict[str, str]) -> dict[str, Any]:
    adapter: NameAdapter = jp_fetch.__self__
    return {"notebooks": adapter.fill(names_of_suite(suite_folder()), shelf), "contents_dir": contents_dir}


def test_the_suite_is_here() -> None:
    """It is fetched, not skipped: without it nothing of the above would run."""
    assert SUITE is not None, MISSING


def test_every_reason_belongs_to_a_case() -> None:
    assert set(CANNOT) <= set(CASES)


def test_the_page_says_which_cases_run(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-mirrors"):
        PAGE.write_text(write_page(COUNTS), encoding="utf-8")
    ran, cannot = read_table(PAGE.read_text(encoding="utf-8"))

    assert ran == {name: count for name, count in COUNTS.items() if name not in CANNOT}
    assert cannot == CANNOT
