from __future__ import annotations

import inspect
import re
import string
from pathlib import Path

import pytest

from jupyter_posthog import errors
from jupyter_posthog.errors import PosthogError
from jupyter_posthog.messages import MESSAGES, sentence

ROOT = Path(__file__).parent.parent
ERRORS = [error for _, error in inspect.getmembers(errors, inspect.isclass) if issubclass(error, PosthogError)]
# Errors that never reach the page: they belong to the terminal.
TERMINAL_ONLY = {"not_started"}


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_has_a_sentence_made_of_its_own_facts(error: type[PosthogError]) -> None:
    places = {name for _, name, _, _ in string.Formatter().parse(MESSAGES[error.reason]) if name}

    assert places <= set(error._fact_names) or error.reason == "unexpected"


def test_every_sentence_belongs_to_an_error() -> None:
    assert set(MESSAGES) == {error.reason for error in ERRORS}


def test_the_page_has_a_sentence_for_every_reason_of_the_server() -> None:
    source = (ROOT / "src" / "common" / "messages.ts").read_text(encoding="utf-8")
    table = source[source.index("MESSAGES") :]
    in_page = set(re.findall(r"^  ([a-z_]+):", table, re.MULTILINE))

    assert set(MESSAGES) - TERMINAL_ONLY <= in_page
    assert in_page <= set(MESSAGES)


def test_a_sentence_tells_the_waiting_time() -> None:
    error = errors.RateLimitedError(status=429, wait_s=42.0)

    assert "42 s" in sentence(error)
