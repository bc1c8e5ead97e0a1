"""Searches what every test logs, prints and lets its child processes print for the keys that tests use."""

from __future__ import annotations

from collections.abc import Generator

import pytest

#: Every key and cookie that a test run hands out; boxes add theirs as they start.
SECRETS: set[str] = set()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test in whose log lines (at DEBUG) or output a key stands.

    The marker ``shows_keys`` is for tests of the box whose own client puts a key into an address, as people may.
    """
    report = yield
    if report.passed and item.get_closest_marker("shows_keys") is None:
        places = [name for name, text in report.sections if any(secret in text for secret in SECRETS)]
        if places:
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid}: a key stands in {', '.join(places)}"
    return report
