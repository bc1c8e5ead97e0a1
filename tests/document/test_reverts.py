"""Whether what PostHog holds now takes back what a save brought."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_posthog.document import count_reverted
from tests.document.strategies import wrapped

RUN = '<PythonV2 nodeId="p" code="1" />'


def rich(text: str) -> Any:
    blocks = [block for block in text.split("\n\n") if block]
    return {
        "type": "doc",
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": block}]} for block in blocks],
    }


@pytest.mark.parametrize("make", [wrapped, rich])
@pytest.mark.parametrize(
    ("before", "ours", "now", "count"),
    [
        ("a\n\nb\n\nc", "a\n\nb mine\n\nc", "a\n\nb\n\nc", 1),
        ("a\n\nb\n\nc", "a mine\n\nb mine\n\nc", "a\n\nb\n\nc theirs", 2),
        ("a\n\nb\n\nc", "a\n\nb mine\n\nc", "a\n\nb mine\n\nc theirs", 0),
        ("a\n\nb\n\nc", "a\n\nb mine\n\nc", "a\n\nb mine, and theirs\n\nc", 0),
        ("a\n\nb\n\nc", "a\n\nc", "a\n\nb\n\nc", 1),
        ("a\n\nb\n\nc", "a\n\nb\n\nNew and mine.\n\nc", "a\n\nb\n\nc", 1),
        ("a\n\nb\n\nc", "a\n\nb\n\nNew and mine.\n\nc", "a theirs\n\nb\n\nNew and mine.\n\nc", 0),
        ("a\n\nb\n\nc", "a\n\nb\n\nNew and mine.\n\nc", "a theirs\n\nb\n\nc", 1),
    ],
)
def test_blocks_that_are_back_are_counted(make: Any, before: str, ours: str, now: str, count: int) -> None:
    assert count_reverted(make(before), make(ours), make(now)) == count


def test_a_newer_result_takes_nothing_back() -> None:
    ours = RUN.replace('code="1"', 'code="2"')

    assert count_reverted(wrapped(RUN), wrapped(ours), wrapped(ours.replace(" />", ' runId="r2" />'))) == 0
    assert count_reverted(wrapped(RUN), wrapped(ours), wrapped(RUN.replace(" />", ' runId="r2" />'))) == 1


def test_another_shape_is_another_matter() -> None:
    assert count_reverted(rich("a\n\nb"), rich("a\n\nb mine"), wrapped("a\n\nb")) == 0
