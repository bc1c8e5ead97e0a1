"""Where a component tag starts and ends for the M3 browser (posthog-document.md 3.4, N1, N2, N5, D10, D13, D14)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from tests.document.readers.browser_lines import SPACES, is_blank, trimmed, trimmed_start, unescaped, utf16_length
from tests.document.readers.browser_props import Props, read_props

LINE_LIMIT = 1_000
MULTI_LINE_UNIT_LIMIT = 256 * 1024

_START = re.compile(rf"<([A-Z][A-Za-z0-9]*)[{re.escape(SPACES)}>/]")
_OUTSIDE_QUOTES = re.compile(r"[\"'{}]|/?>")


@dataclass(frozen=True, kw_only=True, slots=True)
class Tag:
    """A component tag and how many lines it takes."""

    name: str
    props: Props
    line_count: int


def starts_tag(line: str) -> bool:
    """Say whether a line can begin a tag; a name at the very end of its line cannot (N1)."""
    return _START.match(trimmed(line)) is not None


def starts_escaped_tag(line: str) -> bool:
    """Say whether a line begins with a tag start behind a backslash (row 5b)."""
    return trimmed(line).startswith("\\") and starts_tag(trimmed(line)[1:])


def read_tag(lines: list[str]) -> Tag | None:
    """Read the tag which begins in the first line, or say that its text stays text."""
    tag = _scanned_tag(lines)
    if tag is None:
        return _one_line_tag(lines[0])
    if tag.props.has_errors and tag.line_count > 1:
        return read_damaged_tag(lines) or tag
    return tag


def read_damaged_tag(lines: Iterable[str]) -> Tag | None:
    """Recover a multi-line tag an older save escaped as prose; only if it is then free of errors."""
    tag = _scanned_tag(unescaped(line) for line in lines)
    if tag is None or tag.line_count == 1 or tag.props.has_errors:
        return None
    return tag


def _scanned_tag(lines: Iterable[str]) -> Tag | None:
    """Feed line by line until the tag ends, gives up at a blank line outside values, or is too long."""
    scan: _Scan | None = None
    for line in islice(lines, LINE_LIMIT):
        if scan is None:
            line = trimmed_start(line)
            start = _START.match(trimmed(line))
            if start is None:
                return None
            scan = _Scan(name=start[1])
        elif not scan.accepts(line):
            return None
        if scan.ends_in(line):
            return Tag(name=scan.name, props=read_props(scan.props_source()), line_count=len(scan.lines))
    return None


def _one_line_tag(line: str) -> Tag | None:
    """Try a line alone as a whole tag, by its text only: quotes do not hide its end (D10)."""
    line = trimmed(line)
    start = _START.match(line)
    if start is None:
        return None
    closer = f"</{start[1]}>"
    props_end = len(line) - 2 if line.endswith("/>") else line.find(">", start.end(1))
    if not line.endswith(("/>", closer)) or (line.endswith(closer) and props_end + 1 > len(line) - len(closer)):
        return None
    return Tag(name=start[1], props=read_props(line[start.end(1) : props_end]), line_count=1)


@dataclass(kw_only=True, slots=True)
class _Scan:
    """The state at the end of the lines fed so far."""

    name: str
    lines: list[str] = field(default_factory=list)
    units: int = 0
    quote: str = ""
    depth: int = 0
    props_end: tuple[int, int] | None = None
    """Line and column of the end of the props, known from the opening ``>`` on."""

    def accepts(self, line: str) -> bool:
        """Say whether a further line may belong to the tag."""
        is_inside_value = bool(self.quote) or self.depth > 0
        if is_blank(line) and not is_inside_value:
            return False
        return self.units + 1 + utf16_length(line) <= MULTI_LINE_UNIT_LIMIT

    def ends_in(self, line: str) -> bool:
        """Take one more line; True when the tag ends in it."""
        column = 0 if self.lines else len(self.name) + 1
        self.units += utf16_length(line) + bool(self.lines)
        self.lines.append(line)
        while self.props_end is None and column < len(line):
            column = self._step_in_quotes(line, column) if self.quote else self._step(line, column)
            if column < 0:
                return True
        return self.props_end is not None and self._closes(line, column)

    def _step_in_quotes(self, line: str, column: int) -> int:
        if line[column] == "\\":
            return column + 2
        if line[column] == self.quote:
            self.quote = ""
        return column + 1

    def _step(self, line: str, column: int) -> int:
        """Go past the next character of meaning; -1 at the end of the tag."""
        found = _OUTSIDE_QUOTES.search(line, column)
        if found is None:
            return len(line)
        if found[0] in "\"'":
            self.quote = found[0]
        elif found[0] in "{}":
            self.depth = max(0, self.depth + (1 if found[0] == "{" else -1))
        elif self.depth == 0 and found[0] == ">":
            self.props_end = (len(self.lines) - 1, found.start())
        elif self.depth == 0 and is_blank(line[found.end() :]):
            self.props_end = (len(self.lines) - 1, found.start())
            return -1
        return found.end()

    def _closes(self, line: str, column: int) -> bool:
        """Say whether the closing tag ends this line; a body has no quotes."""
        closer = f"</{self.name}>"
        return line.rstrip(SPACES).endswith(closer) and line.rfind(closer) >= column

    def props_source(self) -> str:
        """Join what stands between the name and the end of the props."""
        assert self.props_end is not None
        last_line, column = self.props_end
        source = "\n".join([*self.lines[:last_line], self.lines[last_line][:column]])
        return source[len(self.name) + 1 :]
