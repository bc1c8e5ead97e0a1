"""Rich inline content as runs of text with the marks that PostHog's Markdown knows; the rest is named.

Source: posthog-document.md 2.3, 2.5, 3.3; 7.1 D9, 7.2 N7, N12.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from jupyter_posthog.document.rich.text import Inexpressible, attributes_of, comment_id, mark_kind, marks_of
from jupyter_posthog.document.upgrade.losses import Losses
from jupyter_posthog.document.values import JsonObject, JsonValue
from jupyter_posthog.document.white_space import SERVER_WHITE_SPACE, WHITE_SPACE, with_lf

#: White space for one of PostHog's two readers, or both.
BLANK = WHITE_SPACE + SERVER_WHITE_SPACE
_PLAIN_MARKS = frozenset({"bold", "italic", "underline", "strike", "code"})
_PERSON = re.compile(r"[0-9]+")
_PORT = r"[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}"
_WEB_ADDRESS = re.compile(
    rf"https?://[^\s\ufeff<>^|%:@\[\]/\\?#]+(?::(?:{_PORT}))?(?:[/?#][^\s\ufeff]*)?", re.IGNORECASE
)


class Run(NamedTuple):
    """A stretch of text with equal marks; a line break is the text ``\\n``."""

    text: str
    marks: dict[str, str]

    @property
    def is_break(self) -> bool:
        """Whether it ends a line."""
        return self.text == "\n"


def runs_of(content: JsonValue, losses: Losses) -> list[Run]:
    """Return the runs of inline content, neighbours with equal marks joined."""
    return _merged(_read(content, losses))


def _read(content: JsonValue, losses: Losses) -> list[Run]:
    runs: list[Run] = []
    if content is not None and not isinstance(content, list):
        losses.add("content that is no list")
    for node in content if isinstance(content, list) else []:
        if not isinstance(node, dict):
            losses.add("a value that is no node")
            continue
        marks = _marks(node, losses)
        match node.get("type"):
            case "text":
                runs += _text_runs(node, marks, losses)
            case "hardBreak" | "hard_break":
                losses.add_keys(node, {"type", "marks"}, "a line break")
                runs.append(Run("\n", {}))
            case "ph-mention":
                runs.append(_mention(node, marks, losses))
            case _:
                runs += _atom(node, marks, losses)
    return runs


def _text_runs(node: JsonObject, marks: dict[str, str], losses: Losses) -> list[Run]:
    losses.add_keys(node, {"type", "text", "marks"}, "a text")
    text = node.get("text")
    if not isinstance(text, str):
        losses.add("a text node without text")
        return []
    runs = []
    for number, line in enumerate(with_lf(text).split("\n")):
        if number:
            runs.append(Run("\n", {}))
        runs.append(Run(line, marks))
    return runs


def _mention(node: JsonObject, marks: dict[str, str], losses: Losses) -> Run:
    attributes = attributes_of(node)
    losses.add_keys(attributes, {"id", "label"}, "a mention")
    losses.add_keys(node, {"type", "attrs", "marks"}, "a mention")
    label, person = attributes.get("label"), attributes.get("id")
    name = _on_one_line(label).removeprefix("@") if isinstance(label, str) and label.strip(BLANK) else "member"
    if isinstance(person, bool) or not isinstance(person, int | str) or not _PERSON.fullmatch(str(person)):
        losses.add("a mention of nobody, kept as its text")
        return Run(f"@{name}", marks)
    return Run(f"@{name}", {**marks, "mention": str(person)})


def _atom(node: JsonObject, marks: dict[str, str], losses: Losses) -> list[Run]:
    """Return what PostHog can show of an atom inside a line: its title, or the time in a recording."""
    kind, attributes = str(node.get("type")), attributes_of(node)
    if node.get("content") is not None:
        losses.add(f"{kind} around its content")
        losses.add_keys(node, {"type", "content"}, kind)
        return _read(node["content"], losses)
    title, time_ms = attributes.get("title"), attributes.get("playbackTime")
    text = title if isinstance(title, str) else ""
    if isinstance(time_ms, int | float) and 0 <= time_ms < 1e12:
        text = f"{int(time_ms) // 60_000:02}:{int(time_ms) // 1000 % 60:02}"
    target = " ".join(str(attributes[name]) for name in ("type", "id", "sessionRecordingId") if attributes.get(name))
    losses.add(f"{kind} {target}".rstrip() + (", kept as its text" if text.strip(BLANK) else ""))
    return [Run(_on_one_line(text), marks)] if text else []


def _on_one_line(text: str) -> str:
    return with_lf(text).replace("\n", " ")


def readable_marks(node: JsonValue, losses: Losses) -> list[JsonObject]:
    """Return the marks of an inline node; what are none is named."""
    try:
        return marks_of(node)
    except Inexpressible:
        losses.add("marks that are none")
        return []


def _marks(node: JsonObject, losses: Losses) -> dict[str, str]:
    found: dict[str, str] = {}
    for mark in readable_marks(node, losses):
        kind, value = mark_kind(mark), _mark_value(mark, losses)
        if value is None:
            continue
        if found.setdefault(kind, value) != value:
            losses.add(f"a second {kind} on one text, {value}")
    if "comment" in found:
        losses.anchor(found["comment"])
    return found


def _mark_value(mark: JsonObject, losses: Losses) -> str | None:
    """Return what a mark says besides its kind; None where PostHog's Markdown has no such mark."""
    kind, attributes = mark_kind(mark), attributes_of(mark)
    if kind in _PLAIN_MARKS:
        losses.add_keys(attributes, (), f"the mark {kind}")
        return ""
    if kind == "link":
        losses.add_keys({name: value for name, value in attributes.items() if value != "_blank"}, {"href"}, "a link")
        href = attributes.get("href")
        if isinstance(href, str) and _WEB_ADDRESS.fullmatch(href.strip(WHITE_SPACE)):
            return href.strip(WHITE_SPACE)
        losses.add(f"the address of a link, {href}")  # only web addresses are kept by PostHog's readers (3.3)
        return None
    anchor = comment_id(mark) if kind == "comment" else None
    if anchor is not None and "\n" not in anchor and "\r" not in anchor:
        losses.add_keys(attributes, {"id", "commentId"}, "a comment")
        return anchor
    losses.add(f"the mark {kind}")
    return None


def _merged(runs: Sequence[Run]) -> list[Run]:
    """Join neighbours with equal marks; two mentions of one person stay two."""
    merged: list[Run] = []
    for marks, group in groupby(runs, key=lambda run: None if run.is_break else run.marks):
        if marks is None or "mention" in marks:
            merged += group
        elif text := "".join(run.text for run in group):
            merged.append(Run(text, marks))
    return merged
