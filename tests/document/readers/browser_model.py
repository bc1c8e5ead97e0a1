"""What the browser's reader answers with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from tests.document.readers.browser_lists import ListItem
from tests.document.readers.browser_props import PropValue

Kind: TypeAlias = Literal["code", "component", "heading", "table", "list", "blockquote", "paragraph", "empty"]


@dataclass(frozen=True, kw_only=True, slots=True)
class BrowserBlock:
    """One block; ``start`` and ``end`` count code points of the text as it was given."""

    kind: Kind
    start: int = 0
    end: int = 0
    text: str = ""
    """Code of a fence, else Markdown: inline source without markers; of lists and tables, their lines."""
    is_literal: bool = False
    """The text of a tag that is none: no inline Markdown in it."""
    starts_group: bool = False
    anchor: str | None = None
    is_quoted: bool = False
    level: int | None = None
    language: str | None = None
    tag_name: str | None = None
    props: dict[str, PropValue] = field(default_factory=dict)
    has_prop_errors: bool = False
    items: tuple[ListItem, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    """Cells as inline source, without the separator row."""


class Found(NamedTuple):
    """A block without its place, and how many lines it takes."""

    block: BrowserBlock
    line_count: int
