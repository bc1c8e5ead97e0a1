"""Parts of the kernel that need no process: history, printed text, the line about progress."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jupyter_posthog.kernel import progress_line
from jupyter_posthog.kernel.history import History
from jupyter_posthog.kernel.printed_text import PrintedText, showable
from jupyter_posthog.kernel.progress_line import ProgressLine


def test_history_is_listed_by_number_and_pattern() -> None:
    history = History()
    for line, source in enumerate(["import a", "b = 1", "import a"], start=1):
        history.add(line, source)

    assert history.tail(2) == [(1, 2, "b = 1"), (1, 3, "import a")]
    assert history.tail(0) == []
    assert history.between(1, 2) == [(1, 1, "import a")]
    assert history.matching("import*", None, is_unique=False) == [(1, 1, "import a"), (1, 3, "import a")]
    assert history.matching("import*", None, is_unique=True) == [(1, 3, "import a")]


def test_printed_text_is_cut_once_with_a_note() -> None:
    printed = PrintedText(longest=10)

    shown = [printed.take(text) for text in ("12345", "67890x", "more")]

    assert shown[0] == "12345"
    assert shown[1].startswith("67890\n… cut here")
    assert shown[2] == ""


@pytest.mark.parametrize(
    ("text", "shown"), [("a\0b", "a␀b"), ("\ud83d\ude00", "😀"), ("\ud83d", "\N{REPLACEMENT CHARACTER}"), ("ä", "ä")]
)
def test_what_a_client_cannot_show_is_replaced(text: str, shown: str) -> None:
    assert showable(text) == shown


async def test_what_is_over_soon_shows_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, dict[str, Any]]] = []
    line = ProgressLine(lambda kind, content: sent.append((kind, content)))
    line.show("running")
    line.end()
    line.show("too late")

    assert sent == []


async def test_a_line_is_replaced_without_flicker_and_taken_away_and_notices_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress_line, "SHOWN_AFTER_S", 0.0)
    monkeypatch.setattr(progress_line, "TICK_S", 0.0)
    sent: list[tuple[str, Any]] = []
    ticked = asyncio.Event()

    def publish(kind: str, content: dict[str, Any]) -> None:
        sent.append((kind, content.get("text", content.get("wait"))))
        if len(sent) > 4:
            ticked.set()

    line = ProgressLine(publish)
    line.say("notice\n")
    line.show("running")
    await asyncio.wait_for(ticked.wait(), 5)
    line.end()

    assert sent[:4] == [
        ("stream", "notice\n"),
        ("stream", "running · 0 s\n"),
        ("clear_output", True),
        ("stream", "notice\n"),
    ]
    assert sent[-2:] == [("clear_output", False), ("stream", "notice\n")]
