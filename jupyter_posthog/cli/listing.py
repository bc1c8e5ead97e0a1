"""``jupyter posthog list``: the notebooks of a project."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from jupyter_posthog.cli.help_texts import add_command_parser
from jupyter_posthog.cli.shown_text import age, fitting, line_width, printable
from jupyter_posthog.cli.workplace import Runner, Workplace, add_place_options
from jupyter_posthog.storage.listing import ListedNotebook, ListQuestion

if TYPE_CHECKING:
    from argparse import _SubParsersAction

_EXAMPLES = """examples:
  jupyter posthog list
  jupyter posthog list --search funnel
  jupyter posthog list --author Ada --modified-since 7d
  jupyter posthog list --mine --sort title --limit 20
  jupyter posthog list --contains recording:true
  jupyter posthog list --json
"""
#: PostHog's fields; moments begin with the newest.
_ORDERS = {"modified": "-last_modified_at", "created": "-created_at", "title": "title"}
_SPAN = re.compile(r"-?(\d{1,4}[hdwmy])")
_PAIR = re.compile(r"[a-z-]+(:[^\s,:]+)?")
_NARROWEST_TITLE = 20


def add_command(commands: _SubParsersAction[argparse.ArgumentParser], connected: Runner) -> None:
    """Add the command."""
    parser = add_command_parser(commands, "list", "list the notebooks of a project", _EXAMPLES)
    parser.add_argument("--search", metavar="WORDS", default="", help="words in the title or the text")
    parser.add_argument("--mine", action="store_true", help="only notebooks that you made")
    parser.add_argument("--author", metavar="NAME", default="", help="who made it: a part of the name, or the email")
    parser.add_argument("--modified-since", metavar="WHEN", type=_moment,
                        help="a date such as 2026-10-01, or a span such as 24h, 7d, 2w, 3m")  # fmt: skip
    parser.add_argument("--contains", metavar="TYPE[:ID]", type=_pair, action="append", default=[],
                        help="what is embedded, such as recording or feature-flag:12; PostHog looks into "
                             "notebooks of the older, rich kind only")  # fmt: skip
    parser.add_argument("--sort", choices=tuple(_ORDERS), default="modified", help="default: modified, newest first")
    parser.add_argument("--reverse", action="store_true", help="the other way round")
    parser.add_argument("--limit", metavar="N", type=_limit, help="show at most so many (default: all)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_place_options(parser)
    parser.set_defaults(run=connected(run))


async def run(workplace: Workplace, options: argparse.Namespace) -> int:
    """Print one line per notebook: short_id, title, last editor, moment; and how many there are."""
    connection, project_id = workplace.connection, await workplace.project_id()
    question = _question(options)
    rows: list[ListedNotebook] = []
    has_more = False
    async for row in workplace.storage.lists.rows(connection, project_id, question):
        if options.limit is not None and len(rows) == options.limit:
            has_more = True
            break
        rows.append(row)
    if options.json:
        print(json.dumps([_as_json(row) for row in rows], indent=1))
        return 0
    is_whole = question.is_everything and not has_more
    count = len(rows) if is_whole else await workplace.storage.lists.count(connection, project_id)
    place = printable(await workplace.project_name(project_id))
    if rows:
        print("\n".join(_table(rows, line_width(sys.stdout))))
    shown = f"the first {len(rows)}" if has_more else str(len(rows))
    print(f"{shown} of {count} notebook{'' if count == 1 else 's'} in {place} ({connection})")
    return 0


def _question(options: argparse.Namespace) -> ListQuestion:
    order = _ORDERS[options.sort]
    if options.reverse:
        order = order.removeprefix("-") if order.startswith("-") else f"-{order}"
    return ListQuestion(
        words=options.search,
        is_mine=options.mine,
        author=options.author,
        modified_after=options.modified_since or "",
        contains=",".join(options.contains),
        order=order,
    )


def _table(rows: Sequence[ListedNotebook], width: int | None) -> list[str]:
    now = datetime.now(UTC)
    cells = [
        (
            row.facts.address.short_id,
            printable(row.facts.title) or "Untitled",
            printable(row.facts.modified_by),
            age(row.facts.modified_at, now),
        )
        for row in rows
    ]
    widths = [max(len(cell[column]) for cell in cells) for column in range(4)]
    if width is not None:
        left = width - widths[0] - widths[2] - widths[3] - 6
        widths[1] = min(widths[1], max(left, _NARROWEST_TITLE))
    return [
        f"{short_id:<{widths[0]}}  {fitting(title, widths[1]):<{widths[1]}}  {editor:<{widths[2]}}  {moment}".rstrip()
        for short_id, title, editor, moment in cells
    ]


def _as_json(row: ListedNotebook) -> dict[str, object]:
    return {"short_id": row.facts.address.short_id, **asdict(row.facts), "author": row.author}


def _moment(text: str) -> str:
    """Return a moment as PostHog's filter takes it."""
    if span := _SPAN.fullmatch(text):
        return f"-{span[1]}"
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}” is no date, and no span such as 7d") from error
    return text


def _pair(text: str) -> str:
    if not _PAIR.fullmatch(text):
        raise argparse.ArgumentTypeError(f"“{text}” is not TYPE or TYPE:ID, such as recording or feature-flag:12")
    return text if ":" in text else f"{text}:true"


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"“{text}” is no number of notebooks")
    return int(text)
