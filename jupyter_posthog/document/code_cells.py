"""Code cells and what they stand for in PostHog: tags in Markdown, ``ph-…`` nodes in rich documents.

A cell's source is the code; an SQL cell begins with a magic line that names the frame (design.md §4).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from jupyter_posthog.document.values import JsonObject, JsonValue
from jupyter_posthog.document.white_space import shown, with_lf

PYTHON, HOGQL, DUCKDB = "python", "hogql", "duckdb"
DISPLAY_ONLY = "-"
_FRAME_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MAGIC = re.compile(r"%%(?P<magic>hogql|duckdb)(?P<rest>[^\S\r\n][^\r\n]*)?(?:\r\n|\r|\n|$)")

# Cell tags and legacy nodes by language (posthog-document.md 2.6, 3.6).
TAG_LANGUAGES = {
    "PythonV2": PYTHON,
    "Python": PYTHON,
    "SQLV2": HOGQL,
    "HogQLSQL": HOGQL,
    "DuckSQL": DUCKDB,
}
NODE_LANGUAGES = {
    "ph-python": PYTHON,
    "ph-python-v2": PYTHON,
    "ph-sql-v2": HOGQL,
    "ph-hogql-sql": HOGQL,
    "ph-duck-sql": DUCKDB,
}
NEW_TAGS = {PYTHON: "PythonV2", HOGQL: "SQLV2", DUCKDB: "SQLV2"}
NEW_NODES = {PYTHON: "ph-python", HOGQL: "ph-hogql-sql", DUCKDB: "ph-duck-sql"}
QUERY = "Query"
_NOTHING: Mapping[str, JsonValue] = MappingProxyType({})


class CodeView(NamedTuple):
    """A code cell as a person sees it; a named tuple, for a document has thousands of them.

    Attributes:
        name: The frame's name: None is the default, an empty text display only.
        title: None where there is none.
        connection_id: PostHog's external source of an SQL cell, told in metadata so that a kernel asks it too.
        is_raw: Whether the SQL goes to that source as it is.
    """

    language: str
    code: str
    name: str | None
    title: str | None
    connection_id: str | None = None
    is_raw: bool = False

    @property
    def source(self) -> str:
        """The text of the Jupyter cell."""
        if self.language == PYTHON:
            return self.code
        shown_name = "" if self.name is None else f" {self.name or DISPLAY_ONLY}"
        return f"%%{self.language}{shown_name}\n{self.code}"

    @property
    def metadata(self) -> JsonObject:
        """The editable properties that the source does not show."""
        found: JsonObject = {}
        if self.language == PYTHON and self.name is not None:
            found["return_variable"] = self.name
        if self.title is not None:
            found["title"] = shown(self.title)
        if self.connection_id is not None:
            found |= {"connection_id": shown(self.connection_id), "send_raw_query": self.is_raw}
        return found

    def as_shown(self) -> CodeView:
        """Return the view as a cell can hold it."""
        return self._replace(code=shown(self.code), title=None if self.title is None else shown(self.title))


def view_of_props(language: str, props: Mapping[str, JsonValue]) -> CodeView:
    """Return the view of a tag's properties, or of a node's attributes."""
    code, title = props.get("code"), props.get("title")
    name: str | None = None
    if props.get("returnVariable") is not None:
        given = props["returnVariable"]
        name = given if isinstance(given, str) and _FRAME_NAME.fullmatch(given) else ""
    text = code if isinstance(code, str) else ""
    if language == HOGQL and not text.strip():
        text = query_text(props.get("query")) or text
    connection_id = props.get("connectionId") if language == HOGQL else None
    return CodeView(
        language=language,
        code=text,
        name=name,
        title=title if isinstance(title, str) else None,
        connection_id=connection_id if isinstance(connection_id, str) and connection_id else None,
        is_raw=props.get("sendRawQuery") is True,
    )


def view_of_cell(cell: Mapping[str, JsonValue]) -> CodeView:
    """Return the view that a Jupyter code cell stands for."""
    source = str(cell["source"])
    own = own_metadata(cell)
    title = own.get("title")
    found = _MAGIC.match(source)
    if found is None:
        name = own.get("return_variable")
        return CodeView(
            language=PYTHON,
            code=source,
            name=name if isinstance(name, str) else None,
            title=title if isinstance(title, str) else None,
        )
    words = (found["rest"] or "").split()
    sql_name = None if not words else words[0] if _FRAME_NAME.fullmatch(words[0]) else ""
    return CodeView(
        language=HOGQL if found["magic"] == "hogql" else DUCKDB,
        code=source[found.end() :],
        name=sql_name,
        title=title if isinstance(title, str) else None,
    )


def is_plain_magic(source: str) -> bool:
    """Whether a magic line, where there is one, holds a frame's name, ``-``, or nothing."""
    found = _MAGIC.match(source)
    words = (found["rest"] or "").split() if found is not None else []
    return not words or (len(words) == 1 and (words[0] == DISPLAY_ONLY or _FRAME_NAME.fullmatch(words[0]) is not None))


def changed_props(before: CodeView, after: CodeView, default_name: str) -> JsonObject:
    """Return only the properties that differ between what was shown and what is shown now."""
    changes: JsonObject = {}
    if with_lf(before.code) != with_lf(after.code):
        changes["code"] = after.code
    if before.name != after.name:
        changes["returnVariable"] = default_name if after.name is None else after.name
    if before.title != after.title:
        changes["title"] = after.title
    return changes


def default_name_of(tag_or_node: str) -> str:
    """Return the frame's name that PostHog gives to a cell without one (2.6, 3.6)."""
    return {
        "PythonV2": "df",
        "ph-python-v2": "df",
        "DuckSQL": "duck_df",
        "ph-duck-sql": "duck_df",
        "HogQLSQL": "hogql_df",
        "ph-hogql-sql": "hogql_df",
    }.get(tag_or_node, "sql_df")


def query_text(query: JsonValue) -> str | None:
    """Return the HogQL of a query in each form PostHog stores it: text, HogQLQuery, or a node around one (3.6)."""
    if isinstance(query, str):
        return query
    if not isinstance(query, dict):
        return None
    if query.get("kind") == "HogQLQuery":
        text = query.get("query")
        return text if isinstance(text, str) else None
    source = query.get("source")
    return query_text(source) if isinstance(source, dict) else None


def with_query_text(query: JsonValue, text: str) -> JsonValue:
    """Return the query with other HogQL, everything around it kept."""
    if not isinstance(query, dict):
        return text
    if query.get("kind") == "HogQLQuery":
        return {**query, "query": text}
    return {**query, "source": with_query_text(query.get("source"), text)}


def own_metadata(cell: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Return our part of a cell's metadata."""
    metadata = cell.get("metadata")
    own = metadata.get("posthog") if isinstance(metadata, dict) else None
    return own if isinstance(own, dict) else _NOTHING


def node_id_of(cell: Mapping[str, JsonValue]) -> str | None:
    """Return the node id that a cell claims."""
    node_id = own_metadata(cell).get("node_id")
    return node_id if isinstance(node_id, str) and node_id else None
