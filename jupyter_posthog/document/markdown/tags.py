"""Component tags: ``<PythonV2 nodeId="p1" code="…" />`` (posthog-document.md 3.4, 3.5).

A tag is kept as its own text. What is read of it are its properties with their places, so that changing one
property changes only that property's characters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from sys import intern
from typing import NamedTuple

from jupyter_posthog.document.markdown.tag_ends import TAG_START, end_of_braces, end_of_string
from jupyter_posthog.document.values import JsonValue
from jupyter_posthog.document.white_space import SPACE, WHITE_SPACE

_PROP = re.compile(rf"[{SPACE}]*([A-Za-z_][A-Za-z0-9_-]*)([{SPACE}]*=[{SPACE}]*)?")  # a name, an equals sign
_SPACES = re.compile(rf"[{SPACE}]*")
_WORD = re.compile(rf"[^{SPACE}/>]*")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_READ_AS_ENTITY = re.compile(r"&(?=[A-Za-z#])")
# The browser's six, in its order: the ampersand last (3.5).
_ENTITIES = (("&quot;", '"'), ("&#39;", "'"), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


class Prop(NamedTuple):
    """One property; ``[value_start, value_end)`` is its raw value, empty for a bare name.

    A named tuple, for a document has thousands of them.
    """

    name: str
    value: JsonValue
    start: int
    value_start: int
    value_end: int


class Tag(NamedTuple):
    """One tag and its text; a named tuple, for a document has thousands of them.

    Attributes:
        props_end: Where a new property is put.
        is_clean: Whether every property could be read; a tag that is not is never rewritten in part.
    """

    name: str
    raw: str
    props: tuple[Prop, ...]
    props_end: int
    is_clean: bool

    def value(self, name: str) -> JsonValue:
        """Return a property's value, the last one of that name; None where there is none."""
        return next((prop.value for prop in reversed(self.props) if prop.name == name), None)

    def text(self, name: str) -> str | None:
        """Return a property's value where it is a string."""
        value = self.value(name)
        return value if isinstance(value, str) else None

    def has(self, name: str) -> bool:
        """Whether the tag has a property of this name."""
        return any(prop.name == name for prop in self.props)


def parse_tag(raw: str) -> Tag | None:
    """Read one whole tag; None where the text does not start with one."""
    tag_and_end = parse_tag_at(raw, 0, len(raw))
    if tag_and_end is None:
        return None
    tag, end = tag_and_end
    # Text behind the end, another tag say, is a mistake for the browser (7.2 N5).
    is_whole = tag.is_clean and (raw[end - 1] != ">" or raw[end - 2] != "/" or not raw[end:].strip(WHITE_SPACE))
    return Tag(tag.name, raw, tag.props, tag.props_end, is_whole)


def parse_tag_at(text: str, start: int, limit: int) -> tuple[Tag, int] | None:
    """Read the opening of the tag that starts here; return it, and where its ``>`` or ``/>`` ends."""
    found = TAG_START.match(text, start)
    if found is None:
        return None
    props: list[Prop] = []
    position = props_end = found.end()
    while (named := _PROP.match(text, position, limit)) is not None:
        prop = _read_prop(text, named, start, limit)
        if prop is None:
            break
        props.append(prop)
        position = props_end = start + prop.value_end
    behind = _SPACES.match(text, position, limit)
    position = behind.end() if behind is not None else position
    length = 1 if text.startswith(">", position) else 2 if text.startswith("/>", position) else 0
    end = position + length
    is_clean = length > 0 and end <= limit
    return Tag(intern(found["name"]), text[start:end], tuple(props), props_end - start, is_clean), end


def read_one_line_tag(trimmed: str) -> Tag | None:
    """Read a tag that stands on one line without any doubt, as all that PostHog writes do; None for every other.

    Args:
        trimmed: The line alone: where JSON is wrong, its reader counts the lines of all that it was given.
    """
    found = parse_tag_at(trimmed, 0, len(trimmed))
    if found is None:
        return None
    tag, end = found
    if not tag.is_clean or not tag.raw.endswith("/>") or end < len(trimmed):
        return None
    if any(prop.value_start < prop.value_end and tag.raw[prop.value_start] not in "\"'{" for prop in tag.props):
        return None  # a quote inside a bare word may reach over the end of the line
    return tag


def _read_prop(text: str, named: re.Match[str], start: int, limit: int) -> Prop | None:
    name_start, name_end = named.span(1)
    name = intern(named[1])
    if named[2] is None:
        return Prop(name, True, name_start - start, name_end - start, name_end - start)
    value_start = named.end()
    first = text[value_start : value_start + 1]
    if first == '"' and (found := _json_string(text, value_start, limit)) is not None:
        return Prop(name, decode_entities(found[0]), name_start - start, value_start - start, found[1] - start)
    if first and first in "\"'":
        value_end = end_of_string(text, value_start, limit)
    elif first == "{":
        value_end = end_of_braces(text, value_start, limit)
    else:
        word = _WORD.match(text, value_start, limit)
        value_end = word.end() if word is not None else value_start
    if value_end > limit:
        return None
    value = _read_value(text[value_start:value_end])
    return Prop(name, value, name_start - start, value_start - start, value_end - start)


def _json_string(text: str, start: int, limit: int) -> tuple[str, int] | None:
    """Read the JSON string that starts here, and where it ends; None where it is none: a raw line end, say."""
    try:
        value, end = _DECODER.raw_decode(text, start)
    except ValueError:
        return None
    return (value, end) if end <= limit else None


def _read_value(source: str) -> JsonValue:
    if source.startswith(("'", '"')):
        return decode_entities(_ESCAPED.sub(r"\1", source[1:-1]))
    inner = source[1:-1] if source.startswith("{") else source
    return _read_expression(inner.strip(WHITE_SPACE), source)


def _read_expression(inner: str, source: str) -> JsonValue:
    """Read what stands in braces as the browser does: a plain number, else JSON, else the text itself with braces."""
    try:
        if _NUMBER.fullmatch(inner):
            return float(inner) if "." in inner else int(inner)
        value: JsonValue = _DECODER.decode(inner)
    except (ValueError, RecursionError):
        return source
    return value


def _refuse_constant(name: str) -> float:
    raise ValueError(name)  # NaN and Infinity are no JSON for the browser (7.2 N3)


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def decode_entities(text: str) -> str:
    """Decode the six entities that the browser decodes in quoted values, in its order."""
    if "&" in text:
        for entity, character in _ENTITIES:
            text = text.replace(entity, character)
    return text


def quoted(text: str) -> str:
    """Return a string as a property value that both of PostHog's readers read back as meant (3.5).

    They decode entities after JSON, and do not decode the same ones: an ampersand that could start one is
    written as an entity itself.
    """
    return _READ_AS_ENTITY.sub("&amp;", json.dumps(text, ensure_ascii=False))


def written_value(value: JsonValue) -> str:
    """Return any JSON value as a property value: strings in quotes, the rest in braces."""
    if isinstance(value, str):
        return quoted(value)
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # The browser takes a quote behind any backslash as escaped (3.5, brace form trap).
    return "{" + re.sub(r'(?<!\\)((?:\\\\)*)\\\\"', r'\1\\u005c"', text) + "}"


def replace_props(tag: Tag, values: Mapping[str, JsonValue], *, removed: Collection[str] = ()) -> str:
    """Return the tag's text with these properties changed, added or removed; every other character stays."""
    raw = tag.raw
    added = ""
    places: list[tuple[int, int, str]] = []
    for name, value in values.items():
        prop = next((prop for prop in reversed(tag.props) if prop.name == name), None)
        if prop is None:
            added += f" {name}" if value is True else f" {name}={written_value(value)}"
        elif prop.value_start == prop.value_end == prop.start + len(name):
            places.append((prop.value_end, prop.value_end, f"={written_value(value)}"))
        else:
            places.append((prop.value_start, prop.value_end, written_value(value)))
    for prop in tag.props:
        if prop.name in removed:
            places.append((prop.start - 1, prop.value_end, ""))  # with one white space before it (4.5)
    lost = next((prop for prop in tag.props if _is_lost_to_browser(raw[prop.value_start : prop.value_end])), None)
    if added and lost is not None:
        places.append((lost.start, lost.start, f"{added[1:]} "))  # behind it, the browser would not see them
    elif added:
        places.append((tag.props_end, tag.props_end, added))
    for start, end, text in sorted(places, reverse=True):
        raw = raw[:start] + text + raw[end:]
    return raw


def _is_lost_to_browser(value: str) -> bool:
    """Whether the browser finds no end of a value in braces, for a text in it ends in a backslash (3.5)."""
    return value.startswith("{") and re.search(r'(?<!\\)(?:\\\\)+"', value) is not None


def written_tag(name: str, props: Mapping[str, JsonValue]) -> str:
    """Return a new tag on one line; a true property stands as its bare name."""
    parts = [key if value is True else f"{key}={written_value(value)}" for key, value in props.items()]
    return f"<{' '.join([name, *parts])} />"
