"""Rich inline content as Markdown that PostHog itself reads (posthog-document.md 3.3; 7.1 D6 to D9, 7.2 N7).

Unlike ``rich_text``, which shows a rich cell and may use forms of our own, this writes only what PostHog's grammar
knows, and names the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from jupyter_posthog.document.markdown.recovery import ends_on_its_line
from jupyter_posthog.document.rich.text import escape_text
from jupyter_posthog.document.upgrade.losses import Losses
from jupyter_posthog.document.upgrade.runs import BLANK, Run, runs_of
from jupyter_posthog.document.values import JsonValue
from jupyter_posthog.document.white_space import SERVER_WHITE_SPACE, SPACE

_LINE_START = re.compile(
    rf"[{SPACE}{SERVER_WHITE_SPACE}]*(?:(?P<tag><[A-Z])"
    rf"|(?P<first>#{{1,6}}(?=[{SPACE}]|\Z)|>|[-+*•](?=[{SPACE}]|\Z)|-{{3,}}[{SPACE}]*\Z|<!--)"
    rf"|(?P<number>[0-9]+)(?=[.)](?:[{SPACE}]|\Z)))"
)


def inline_lines(content: JsonValue, losses: Losses, *, is_in_table: bool = False) -> list[str]:
    """Return the lines of inline content; lines with nothing on them are left out and named."""
    lines: list[list[Run]] = [[]]
    for run in runs_of(content, losses):
        if run.is_break:
            lines.append([])
        else:
            lines[-1].append(run)
    texts = [_line(line, is_in_table=is_in_table) for line in lines]
    filled = [text for text in texts if text.strip(BLANK)]
    if len(filled) < len(texts) and len(texts) > 1:
        losses.add("empty lines inside a paragraph")  # PostHog takes several breaks in a row as one (3.3)
    return filled


def one_line(content: JsonValue, losses: Losses, where: str, *, is_in_table: bool = False) -> str:
    """Return inline content for a place that has one line; its breaks become spaces and are named."""
    lines = inline_lines(content, losses, is_in_table=is_in_table)
    if len(lines) > 1:
        losses.add(f"line breaks in a {where}")
    text = " ".join(lines).strip(BLANK)
    if "\u2028" in text or "\u2029" in text:
        losses.add(f"a line separator in a {where}")  # the browser would drop the text (7.2 N6)
    return re.sub("[\u2028\u2029]", " ", text)


def safe_lines(lines: Sequence[str]) -> list[str]:
    """Return the lines of a paragraph or quote so that none of them starts another block."""
    last_end = max((number for number, line in enumerate(lines) if "/>" in line or "</" in line), default=-1)
    return [_safe_line(line, has_end_below=number < last_end) for number, line in enumerate(lines)]


def _safe_line(line: str, *, has_end_below: bool) -> str:
    found = _LINE_START.match(line)
    if found is None:
        return line
    if found["tag"] is not None:
        place = found.start("tag")
        # An escaped tag that ends in a later line would be recovered as a live one (3.2 row 5b); an empty underline
        # means nothing and is no escape (7.1 D6).
        mark = "<u></u>" if _may_go_on(line[place:], has_end_below=has_end_below) else "\\"
        return f"{line[:place]}{mark}{line[place:]}"
    place = found.start("first") if found["first"] is not None else found.end("number")
    return f"{line[:place]}\\{line[place:]}"


def _may_go_on(tag: str, *, has_end_below: bool) -> bool:
    if ends_on_its_line(f"\\{tag.strip(BLANK)}"):
        return False
    # In quotes and braces a tag may run over blank lines, else to the end of its block (3.4).
    return has_end_below or re.search("[\"'{]", tag) is not None


def _line(runs: Sequence[Run], *, is_in_table: bool) -> str:
    line = ""
    for run in runs:
        if "link" in run.marks and line.endswith("!"):
            line = f"{line[:-1]}\\!"  # else the whole could be an image
        line += _marked(run, is_in_table=is_in_table)
    return line


def _marked(run: Run, *, is_in_table: bool) -> str:
    marks = run.marks
    before, core, after = "", run.text, ""
    if "code" in marks:
        core = "`" + core.replace("\\", "\\\\").replace("`", "\\`") + "`"
        core = core.replace("|", "\\|") if is_in_table else core
    else:
        if marks.keys() & {"bold", "italic", "strike"}:
            before, core, after = _edges(core)
        core = _escaped(core)
    text = f"{before}{_emphasised(core, marks) if core else ''}{after}"
    if "underline" in marks and text:
        text = f"<u>{text}</u>"
    return _addressed(text, marks, is_in_table=is_in_table) if text else ""


def _edges(text: str) -> tuple[str, str, str]:
    """Cut white space off both ends: emphasis may not touch it (3.3)."""
    core = text.strip(BLANK)
    start = text.index(core) if core else len(text)
    return text[:start], core, text[start + len(core) :]


def _escaped(text: str) -> str:
    escaped = escape_text(text)
    if re.match(r"~(?!~)", text):
        escaped = f"\\{escaped}"
    if len(text) > 1 and re.search(r"(?<!~)~\Z", text):
        escaped = f"{escaped[:-1]}\\~"  # beside another tilde, of the next run, it would be a delimiter
    return escaped


def _emphasised(core: str, marks: dict[str, str]) -> str:
    # Bold and italic together are **_x_**: ***x*** is read as something else (7.1 D8).
    if "italic" in marks:
        core = f"_{core}_" if "bold" in marks else f"*{core}*"
    core = f"**{core}**" if "bold" in marks else core
    return f"~~{core}~~" if "strike" in marks else core


def _addressed(text: str, marks: dict[str, str], *, is_in_table: bool) -> str:
    if "link" in marks:
        href = re.sub(r"[\\()`<]", lambda found: f"\\{found[0]}", marks["link"])
        text = f"[{text}]({href.replace('|', chr(92) + '|') if is_in_table else href})"
    for name, kind in (("mention", "mention"), ("comment", "ref")):
        if name in marks:
            value = re.sub(r'[\\"]', lambda found: f"\\{found[0]}", marks[name])
            text = f'<{kind} id="{value.replace("|", chr(92) + "|") if is_in_table else value}">{text}</{kind}>'
    return text
