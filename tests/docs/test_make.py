"""What `make` does at the words that README and CONTRIBUTING tell people to type, without doing it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def plan(target: str) -> str:
    """What make would run, with everything that is to be set up before."""
    ran = subprocess.run(
        # Run by make itself, an inner one also says which folder it enters and leaves.
        ["make", "--no-print-directory", "--dry-run", "--always-make", target],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout


def test_make_demo_sets_up_the_box_and_starts_the_demo() -> None:
    text = plan("demo")

    assert ".[box]" in text
    assert text.rstrip().endswith("jupyter posthog demo")


@pytest.mark.parametrize(
    "part", ["ruff check", "mypy", "lint-imports", "sphinx-build", "jlpm test", "pytest", "playwright test"]
)
def test_make_test_checks_everything_that_must_hold(part: str) -> None:
    assert part in plan("test")


def test_make_lint_and_the_rest_are_there() -> None:
    for target in ("lint", "docs", "pictures", "test-deep", "bench"):
        assert plan(target)
