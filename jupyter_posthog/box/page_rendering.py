"""Notebooks as readable HTML: prose, cells with their stored results, every other tag as a card."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from jupyter_posthog.box.text.blocks import blocks_of
from jupyter_posthog.box.text.tags import Tag

Json = Any
_CODE_TAGS = {"SQLV2": "SQL", "PythonV2": "Python", "Python": "Python", "DuckSQL": "SQL", "HogQLSQL": "SQL"}
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d+[.)])\s+(.*)")
# On escaped text: the few marks that a reader misses, and links to the web.
_MARKS = (
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*(\S.*?)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"(?<!\*)\*([^\s*][^*]*)\*"), r"<em>\1</em>"),
    (re.compile(r"\[([^\]]+)\]\((https?://[^\s)]+)\)"), r'<a href="\2" rel="noopener">\1</a>'),
    (re.compile(r"&lt;mention [^&]*?&quot;\d+&quot;&gt;(.*?)&lt;/mention&gt;"), r"<strong>\1</strong>"),
)


def render(markdown: str) -> str:
    """Return a Markdown notebook as HTML; everything of the text is escaped."""
    parts = []
    for block in blocks_of(f"{markdown}\n"):
        source = markdown[block.start : block.end]
        if block.tag is not None:
            parts.append(_tag(block.tag))
        elif block.is_fence:
            parts.append(f"<pre>{html.escape(source)}</pre>")
        else:
            parts.append(_prose(source))
    return "\n".join(parts)


def _prose(source: str) -> str:
    lines = source.splitlines()
    if all(line.lstrip().startswith("|") for line in lines):
        return f"<pre>{html.escape(source)}</pre>"
    return "\n".join(_line(line) for line in lines)


def _line(line: str) -> str:
    if found := _HEADING.match(line):
        level = len(found[1])
        return f"<h{level}>{_inline(found[2])}</h{level}>"
    if found := _ITEM.match(line):
        return f"<ul><li>{_inline(found[1])}</li></ul>"
    if line.strip() in {"---", "***", "___"}:
        return "<hr>"
    if line.lstrip().startswith(">"):
        return f"<blockquote>{_inline(line.lstrip()[1:].strip())}</blockquote>"
    return f"<p>{_inline(line)}</p>"


def _inline(text: str) -> str:
    shown = html.escape(text)
    for pattern, replacement in _MARKS:
        shown = pattern.sub(replacement, shown)
    return re.sub(r"\\([\\`*_~\[\]()#+.|!-]|&gt;|&lt;)", r"\1", shown)


def _tag(tag: Tag) -> str:
    language = _CODE_TAGS.get(tag.name)
    if language is None:
        props = ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in tag.props.items())
        return f"<figure><figcaption>{html.escape(tag.name)}</figcaption><small>{html.escape(props)}</small></figure>"
    title = tag.props.get("title") or tag.props.get("returnVariable") or language
    code = html.escape(str(tag.props.get("code") or ""))
    caption = f"<figcaption>{html.escape(f'{language}: {title}')}</figcaption>"
    return f"<figure>{caption}<pre>{code}</pre>{_result(tag.props.get('result'))}</figure>"


def _result(result: Json) -> str:
    if not isinstance(result, dict):
        return ""
    texts = [str(result[name]) for name in ("stdout", "stderr", "result_text") if result.get(name)]
    parts = [f"<pre>{html.escape(text)}</pre>" for text in texts]
    columns, rows = result.get("columns"), result.get("first_page")
    if isinstance(columns, list) and columns and isinstance(rows, list):
        parts.append(_table(columns, rows))
    media = result.get("media")
    parts += [_image(item) for item in media if isinstance(item, dict)] if isinstance(media, list) else []
    return "".join(parts)


def _table(columns: list[Json], rows: list[Json]) -> str:
    head = "".join(f"<th>{html.escape(str(column))}</th>" for column in columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{html.escape(str(value))}</td>' for value in row)}</tr>"
        for row in rows
        if isinstance(row, list)
    )
    return f"<table><tr>{head}</tr>{body}</table>"


def _image(item: dict[str, Json]) -> str:
    data = item.get("data")
    if (
        item.get("mime_type") != "image/png"
        or not isinstance(data, str)
        or not re.fullmatch(r"[A-Za-z0-9+/=\s]+", data)
    ):
        return ""
    return f'<img alt="Plot" src="data:image/png;base64,{data}">'
