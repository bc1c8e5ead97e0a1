"""Properties of tags: what we write, both of PostHog's readers read back (posthog-document.md 3.5)."""

from __future__ import annotations

import html
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_posthog.document.markdown.tags import parse_tag, quoted, replace_props, written_tag, written_value

_STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
_CODE = st.one_of(_STORABLE, st.text(st.sampled_from(list("&lt;gampquo#39;x\\\"'\n\r<>/ ")), max_size=30))


def read_as_browser(raw: str) -> str:
    text = json.loads(raw)
    for entity, character in (
        ("&quot;", '"'),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ):
        text = text.replace(entity, character)
    return str(text)


def read_as_backend(raw: str) -> str:
    return html.unescape(json.loads(raw))


@given(code=_CODE)
def test_any_code_is_read_back_by_both_readers(code: str) -> None:
    raw = quoted(code)

    assert read_as_browser(raw) == code
    assert read_as_backend(raw) == code
    assert "\n" not in raw


@given(code=_CODE)
def test_any_code_is_read_back_by_us_and_the_tag_is_one_line(code: str) -> None:
    raw = written_tag("PythonV2", {"nodeId": "p", "code": code, "showFilters": True})

    tag = parse_tag(raw)

    assert tag is not None
    assert tag.is_clean
    assert (tag.text("code"), tag.value("showFilters")) == (code, True)
    assert not re.search(r"[\r\n]", raw)


@given(
    value=st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), _STORABLE),
        lambda inner: st.lists(inner, max_size=3),
        max_leaves=5,
    )
)
def test_any_value_is_read_back(value: object) -> None:
    tag = parse_tag(f"<X a={written_value(value)} />")  # type: ignore[arg-type]

    assert tag is not None
    assert tag.is_clean
    assert json.dumps(tag.value("a")) == json.dumps(value)


def test_ordinary_code_is_written_as_posthog_writes_it() -> None:
    assert quoted("a && b, x & 1 < 2\nπ") == '"a && b, x & 1 < 2\\nπ"'


def test_a_changed_property_changes_its_own_characters_only() -> None:
    raw = '<SQLV2  nodeId=\'q\'   code="SELECT 1" result={{"a":[1.0]}}  hideResults />'
    tag = parse_tag(raw)
    assert tag is not None

    assert replace_props(tag, {"code": 'x "y"'}) == raw.replace('"SELECT 1"', '"x \\"y\\""')
    assert replace_props(tag, {"title": "T"}) == raw.replace("hideResults", 'hideResults title="T"')
    assert replace_props(tag, {}) == raw


@pytest.mark.parametrize(
    ("raw", "name", "value"),
    [
        ('<X a="\\n" />', "a", "\n"),
        ('<X a="x\n\\n" />', "a", "x\nn"),
        ("<X a='it\\'s' />", "a", "it's"),
        ('<X a="a &lt; b" />', "a", "a < b"),
        ('<X a="1&copy=2" />', "a", "1&copy=2"),
        ("<X a />", "a", True),
        ("<X a={false} />", "a", False),
        ("<X a={null} />", "a", None),
        ("<X a={18446744073709551615} />", "a", 18446744073709551615),
        ('<X a={["C:\\\\"]} b="1" />', "b", "1"),
        ('<X a="1" a="2" />', "a", "2"),
        ("<X a={nope} />", "a", "{nope}"),
        ('<X a={{"b":"}/>"}} />', "a", {"b": "}/>"}),
    ],
)
def test_every_encoding_is_read(raw: str, name: str, value: object) -> None:
    tag = parse_tag(raw)

    assert tag is not None
    assert tag.is_clean
    assert tag.value(name) == value


def test_a_new_property_stands_before_a_value_that_the_browser_cannot_read() -> None:
    raw = r'<SQLV2 code="1" result={{"first_page":[["C:\\"]]}} height={3} />'

    tag = parse_tag(raw)
    assert tag is not None
    changed = replace_props(tag, {"nodeId": "s"})

    assert changed == raw.replace(" result", ' nodeId="s" result')
