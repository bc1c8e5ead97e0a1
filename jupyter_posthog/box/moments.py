"""Moments as PostHog writes and reads them."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta

_RELATIVE = re.compile(r"([-+]?)(\d*)([hdwmqy])(Start|End)?")


def now() -> str:
    """Return this moment as PostHog writes it."""
    return wire(datetime.now(UTC))


def wire(moment: datetime) -> str:
    """Return a moment in UTC with microseconds and Z (posthog-api.md 1.5)."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def parse_moment(text: str, at: datetime) -> datetime:
    """Return the moment that a filter names: a date, a date with a time, or one relative to ``at``.

    Relative ones are such as ``-7d``, ``-24h``, ``-1mStart``, ``mStart``; a day counts from its beginning, an hour
    from this moment. What is neither is ``at`` itself (posthog-api.md 6.4: ``-7d`` and its like).
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _relative(text, at)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _relative(text: str, at: datetime) -> datetime:
    found = _RELATIVE.fullmatch(text)
    if found is None or len(found[2]) > 4:
        return at
    sign, number, unit, position = 1 if found[1] == "+" else -1, int(found[2] or 0), found[3], found[4]
    if unit == "h":
        return at + sign * timedelta(hours=number)
    if unit in {"d", "w"}:
        moment = at + sign * timedelta(days=number * (7 if unit == "w" else 1))
    else:
        moment = _add_months(at, sign * number * {"m": 1, "q": 3, "y": 12}[unit])
    return _at_position(moment, unit, position)


def _add_months(moment: datetime, months: int) -> datetime:
    whole = moment.year * 12 + moment.month - 1 + months
    year, month = min(max(whole // 12, 1), 9998), whole % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))


def _at_position(moment: datetime, unit: str, position: str | None) -> datetime:
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if position is None:
        return day
    months = {"m": 1, "q": 3, "y": 12}.get(unit)
    if months is None:
        return day if position == "Start" else day + timedelta(days=1, microseconds=-1)
    start = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    return start if position == "Start" else _add_months(start, months) - timedelta(microseconds=1)
