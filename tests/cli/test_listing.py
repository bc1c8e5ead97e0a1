"""`list`: filters, order, every page, and a count that is true."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from jupyter_posthog.cli.shown_text import age, printable
from tests.box_fixture import Box, start_box
from tests.cli.terminal import Terminal, connect, terminal_of
from tests.handlers.saving import DOCUMENTS


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """A box of its own with more notebooks than one page holds."""
    boxes = start_box("cloud", tmp_path_factory.mktemp("box-listed"), "--no-rate-limits")
    box = next(boxes)
    for number in range(130):
        box.new_markdown(f"Herd: zebra{number}.", f"Page {number:03}")
    yield box
    next(boxes, None)


@pytest.fixture
def terminal(listed: Box, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    connect(listed, monkeypatch)
    return terminal_of(capsys)


def test_every_page_is_listed_and_counted(listed: Box, terminal: Terminal) -> None:
    ended = terminal("list")

    count = listed.count()
    lines = ended.out.splitlines()
    assert count > 130
    assert len(lines) == count + 1
    assert re.fullmatch(rf"{count} of {count} notebooks in .+ \(env\)", lines[-1])
    assert len({line.split()[0] for line in lines[:-1]}) == count


def test_a_search_says_how_many_there_are_in_all(listed: Box, terminal: Terminal) -> None:
    ended = terminal("list", "--search", "zebra42")

    row, count = ended.out.splitlines()
    assert re.fullmatch(r"\w+  Page 042  .+  (just now|\d+ min ago)", row)
    assert count.startswith(f"1 of {listed.count()} notebooks in ")


def test_a_limit_says_that_there_are_more(terminal: Terminal) -> None:
    ended = terminal("list", "--sort", "title", "--limit", "3", "--search", "herd")

    *rows, count = ended.out.splitlines()
    assert [row.split("  ")[1] for row in rows] == ["Page 000", "Page 001", "Page 002"]
    assert count.startswith("the first 3 of ")
    assert "Page 129" in terminal("list", "--sort", "title", "--reverse", "--limit", "1", "--search", "herd").out


def test_json_holds_every_row_and_nothing_else(listed: Box, terminal: Terminal) -> None:
    rows = terminal("list", "--json").json

    assert len(rows) == listed.count()
    assert {"short_id", "title", "author", "modified_by", "modified_at", "created_at"} <= set(rows[0])


def test_mine_and_author_ask_who_made_it(listed: Box, terminal: Terminal) -> None:
    everything = terminal("list", "--json").json
    authors = {row["author"] for row in everything}
    (mine,) = {row["author"] for row in terminal("list", "--mine", "--json").json}
    others = sorted(authors - {mine})

    assert others
    assert {row["author"] for row in terminal("list", "--author", others[0].upper(), "--json").json} == {others[0]}
    assert terminal("list", "--author", "nobody", "--json").json == []


def test_modified_since_takes_dates_and_spans(listed: Box, terminal: Terminal) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()

    assert len(terminal("list", "--modified-since", "1h", "--json").json) >= 130
    assert terminal("list", "--modified-since", tomorrow, "--json").json == []
    assert terminal("list", "--modified-since", "2020-01-01", "--limit", "1", "--json").json


def test_contains_looks_into_rich_notebooks(listed: Box, terminal: Terminal) -> None:
    short_id = listed.new_markdown("Before", "Embeds")
    document = DOCUMENTS["rich"]("Text")
    document["content"].append({"type": "ph-feature-flag", "attrs": {"id": 4711}})
    listed.put_content(short_id, document)

    found = terminal("list", "--contains", "feature-flag:4711", "--json").json

    assert [row["short_id"] for row in found] == [short_id]


@pytest.mark.parametrize(
    ("option", "value"),
    [("--modified-since", "soon"), ("--limit", "0"), ("--limit", "-1"), ("--contains", "a b"), ("--sort", "size")],
)
def test_wrong_values_are_wrong_use(terminal: Terminal, option: str, value: str) -> None:
    ended = terminal("list", f"{option}={value}")

    assert (ended.code, ended.out) == (2, "")
    assert option in ended.err


def test_a_project_can_be_named(terminal: Terminal) -> None:
    ended = terminal("list", "--project", "4711")

    assert ended.code == 1
    assert ended.err.count("\n") == 1


def test_a_title_cannot_steer_the_terminal(listed: Box, terminal: Terminal) -> None:
    listed.new_markdown("Text of okapi.", "a\x1b[31m\u202eb")

    assert "\x1b" not in terminal("list", "--search", "okapi").out
    assert printable("a\x1b[31m\u202eb") == "a�[31m�b"


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=2), "2 h ago"),
        (timedelta(hours=30), "yesterday"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=100), "17 Aug 2026"),
    ],
)
def test_ages_are_said_as_people_do(passed: timedelta, words: str) -> None:
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)

    assert age((now - passed).isoformat(), now) == words


def test_a_project_that_may_not_be_read_is_named_by_its_number(listed: Box, terminal: Terminal) -> None:
    body = {"type": "authentication_error", "code": "permission_denied", "detail": "No.", "attr": None}
    listed.fail_next(method="GET", path="/api/projects/1/$", status=403, body=json.dumps(body))

    ended = terminal("list", "--limit", "1")

    assert ended.code == 0
    assert ended.out.splitlines()[-1].endswith(" notebooks in project 1 (env)")
