"""Component tags: ``<PythonV2 nodeId="p1" code="…" />`` (posthog-document.md 3.4, 3.5).

A tag is kept as its own text. What is read of it are its properties with their places, so that changing one
property changes only that property's characters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from jupyter_posthog.document.tag_ends import TAG_START, end_of_braces, end_of_string
from jupyter_posthog.document.values import JsonValue
from jupyter_posthog.document.white_space import WHITE_SPACE

_PROP_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_READ_AS_ENTITY = re.compile(r"&(?=[A-Za-z#])")
# The browser's six, in its order: the ampersand last (3.5).
_ENTITIES = (("&quot;", '"'), ("&#39;", "'"), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


@dataclass(frozen=True, slots=True)
class Prop:
    """One property; ``[value_start, value_end)`` is its raw value, empty for a bare name."""

    name: str
    value: JsonValue
    start: int
    value_start: int
    value_end: int


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag and its text.

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
    found = TAG_START.match(raw)
    if found is None:
        return None
    props: list[Prop] = []
    position = props_end = found.end()
    while True:
        position = _skip_space(raw, position)
        if raw.startswith(">", position):
            return Tag(found["name"], raw, tuple(props), props_end, is_clean=True)
        if raw.startswith("/>", position):
            # Text behind the end, another tag say, is a mistake for the browser (7.2 N5).
            is_whole = not raw[position + 2 :].strip(WHITE_SPACE)
            return Tag(found["name"], raw, tuple(props), props_end, is_clean=is_whole)
        prop = _read_prop(raw, position)
        if prop is None:
            return Tag(found["name"], raw, tuple(props), props_end, is_clean=False)
        props.append(prop)
        position = props_end = prop.value_end


def _skip_space(raw: str, position: int) -> int:
    while position < len(raw) and raw[position] in WHITE_SPACE:
        position += 1
    return position


def _read_prop(raw: str, start: int) -> Prop | None:
    named = _PROP_NAME.match(raw, start)
    if named is None:
        return None
    position = _skip_space(raw, named.end())
    if position >= len(raw) or raw[position] != "=":
        return Prop(named[0], True, start, named.end(), named.end())
    position = _skip_space(raw, position + 1)
    end = _value_end(raw, position)
    if end > len(raw):
        return None
    return Prop(named[0], _read_value(raw[position:end]), start, position, end)


def _value_end(raw: str, start: int) -> int:
    if start < len(raw) and raw[start] in "\"'":
        return end_of_string(raw, start)
    if start < len(raw) and raw[start] == "{":
        return end_of_braces(raw, start)
    end = start
    while end < len(raw) and raw[end] not in WHITE_SPACE and raw[end] not in "/>":
        end += 1
    return end


def _read_value(source: str) -> JsonValue:
    if source.startswith('"'):
        try:
            text: str = json.loads(source)
        except ValueError:
            text = _ESCAPED.sub(r"\1", source[1:-1])
        return decode_entities(text)
    if source.startswith("'"):
        return decode_entities(_ESCAPED.sub(r"\1", source[1:-1]))
    inner = source[1:-1] if source.startswith("{") else source
    return _read_expression(inner.strip(WHITE_SPACE), source)


def _read_expression(inner: str, source: str) -> JsonValue:
    if inner in {"NaN", "Infinity", "-Infinity"}:
        return source
    try:
        value: JsonValue = json.loads(inner)
    except (ValueError, RecursionError):
        return float(inner) if inner.isascii() and _NUMBER.fullmatch(inner) else source
    return value


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


def replace_props(tag: Tag, values: Mapping[str, JsonValue]) -> str:
    """Return the tag's text with these properties changed or added; every other character stays."""
    raw = tag.raw
    added = ""
    places: list[tuple[int, int, str]] = []
    for name, value in values.items():
        prop = next((prop for prop in reversed(tag.props) if prop.name == name), None)
        if prop is None:
            added += f" {name}={written_value(value)}"
        elif prop.value_start == prop.value_end == prop.start + len(name):
            places.append((prop.value_end, prop.value_end, f"={written_value(value)}"))
        else:
            places.append((prop.value_start, prop.value_end, written_value(value)))
    if added:
        places.append((tag.props_end, tag.props_end, added))
    for start, end, text in sorted(places, reverse=True):
        raw = raw[:start] + text + raw[end:]
    return raw


def written_tag(name: str, props: Mapping[str, JsonValue]) -> str:
    """Return a new tag on one line; a true property stands as its bare name."""
    parts = [key if value is True else f"{key}={written_value(value)}" for key, value in props.items()]
    return f"<{' '.join([name, *parts])} />"
