"""The words of an SQL text, apart from its comments and strings: which tables it reads, whether it has a LIMIT."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum


class Dialect(Enum):
    """Whose rules a text follows; they differ in what ends a string."""

    #: A backslash in a string takes the next character with it.
    HOGQL = "hogql"
    #: A backslash in a string is a backslash, unless the string begins with ``e``; ``$$`` quotes too.
    DUCKDB = "duckdb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word, a quoted name, a placeholder or a sign, with its place in the text.

    Attributes:
        word: The name as it is meant; a keyword in capitals is told by ``keyword``.
    """

    text: str
    start: int
    end: int
    word: str = ""

    @property
    def keyword(self) -> str:
        """The word in capitals; empty for quoted names, which are never keywords."""
        return self.text.upper() if self.text == self.word else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePlace:
    """A name in the place of a table, and whether an alias follows it."""

    name: str
    start: int
    end: int
    has_alias: bool


_COMMENT = r"--[^\r\n]*|/\*(?:.*?\*/|.*)"
_QUOTED_NAME = r'"(?:""|\\.|[^"\\])*"?|`(?:``|\\.|[^`\\])*`?'
_REST = rf"(?P<name>{_QUOTED_NAME})|(?P<word>[^\W\d]\w*)|(?P<number>\d[\w.]*)|(?P<sign>\S)"
_HOGQL_STRING = r"[fF]?'(?:''|\\.|[^'\\])*'?"
_DUCKDB_STRING = r"[eE]'(?:''|\\.|[^'\\])*'?|'(?:''|[^'])*'?|\$(?P<tag>\w*)\$(?:.*?\$(?P=tag)\$|.*)"
_PATTERNS = {
    Dialect.HOGQL: re.compile(rf"(?s)(?P<skipped>{_COMMENT}|{_HOGQL_STRING})|{_REST}"),
    Dialect.DUCKDB: re.compile(rf"(?s)(?P<skipped>{_COMMENT}|{_DUCKDB_STRING})|{_REST}"),
}
_PLACEHOLDER = re.compile(r"\{\s*(?:variables\.)?(?P<name>[A-Za-z_]\w*)\s*\}")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENDS_TABLES = _words(
    "SELECT WHERE PREWHERE GROUP ORDER LIMIT OFFSET HAVING QUALIFY WINDOW UNION INTERSECT EXCEPT SETTINGS ON "
    "USING FETCH"
)
_NO_ALIAS = _ENDS_TABLES | _words(
    "JOIN LEFT RIGHT INNER OUTER FULL CROSS ASOF SEMI ANTI ANY ALL GLOBAL NATURAL POSITIONAL ARRAY FINAL SAMPLE "
    "TABLESAMPLE PIVOT UNPIVOT AND OR FORMAT"
)
#: A bracket behind one of these is no call of a function.
_BEFORE_A_GROUP = _words("FROM JOIN IN AS ON WHERE AND OR NOT SELECT UNION ALL EXISTS USING WITH BY")


def tokens_of(text: str, dialect: Dialect) -> list[Token]:
    """Return the tokens of a text, without comments, strings and numbers."""
    found = []
    for match in _PATTERNS[dialect].finditer(text):
        start, end = match.span()
        if name := match["name"]:
            found.append(Token(text=name, start=start, end=end, word=_unquoted(name)))
        elif word := match["word"]:
            found.append(Token(text=word, start=start, end=end, word=word))
        elif sign := match["sign"]:
            found.append(Token(text=sign, start=start, end=end))
        elif match["number"]:
            found.append(Token(text="0", start=start, end=end))
    return found


def names_in(text: str, dialect: Dialect) -> set[str]:
    """Return every name that stands in a text outside of comments and strings."""
    return {token.word for token in tokens_of(text, dialect) if token.word}


def has_limit(text: str) -> bool:
    """Whether a HogQL query limits its own rows; a LIMIT of a subquery, or one BY something, does not."""
    depth, tokens = 0, tokens_of(text, Dialect.HOGQL)
    for number, token in enumerate(tokens):
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.keyword == "LIMIT":
            ahead = [following.keyword for following in tokens[number + 1 : number + 5]]
            if "BY" not in ahead:
                return True
    return False


def tables_read(text: str) -> Iterator[TablePlace]:
    """Yield the names that stand in the place of a table in a HogQL query; its own WITH names are none."""
    tokens = tokens_of(text, Dialect.HOGQL)
    own = _defined(tokens)
    scopes = [_Scope()]
    for number, token in enumerate(tokens):
        before = tokens[number - 1] if number else None
        after = tokens[number + 1] if number + 1 < len(tokens) else None
        scope = scopes[-1]
        if token.text == "(":
            is_call = before is not None and bool(before.word) and before.keyword not in _BEFORE_A_GROUP
            scopes.append(_Scope(expects_table=scope.expects_table, is_call=is_call))
            scope.expects_table = False
        elif token.text == ")" and len(scopes) > 1:
            scopes.pop()
        elif token.text == ",":
            scope.expects_table = scope.is_in_tables
        elif token.word and not scope.turn(token, before) and scope.expects_table:
            scope.expects_table = False
            is_part = after is not None and after.text in {".", "("}
            if not is_part and token.word not in own:
                has_alias = after is not None and bool(after.word) and after.keyword not in _NO_ALIAS
                yield TablePlace(name=token.word, start=token.start, end=token.end, has_alias=has_alias)


@dataclass(slots=True)
class _Scope:
    """What a pair of brackets holds: whether tables are listed there, and whether one comes next."""

    expects_table: bool = False
    is_in_tables: bool = False
    is_call: bool = False

    def turn(self, token: Token, before: Token | None) -> bool:
        """Take a keyword; return whether the token was one that matters here."""
        keyword, earlier = token.keyword, before.keyword if before is not None else ""
        if earlier == "" and before is not None and before.text == ".":
            return False
        if keyword == "SELECT":
            self.is_call = False
        if keyword in {"FROM", "JOIN"}:
            # extract(day FROM moment), a IS DISTINCT FROM b, ARRAY JOIN list: no table follows.
            is_other = self.is_call or earlier in {"DISTINCT", "ARRAY"}
            self.is_in_tables = self.expects_table = not is_other
            return True
        if keyword in _ENDS_TABLES:
            self.is_in_tables = self.expects_table = False
            return True
        return keyword == "LATERAL"


def with_frames(text: str, queries: dict[str, str]) -> str:
    """Return a HogQL query in which names of frames stand for the queries behind them.

    A subquery in the place of the name, and not a WITH before it: that would not reach the parts of a UNION.
    """
    pieces, place = [], 0
    for table in tables_read(text):
        if table.name not in queries:
            continue
        alias = "" if table.has_alias else f" AS {table.name}"
        # The line end keeps a comment at the query's end from swallowing the bracket.
        pieces += [text[place : table.start], f"({without_end(queries[table.name])}\n){alias}"]
        place = table.end
    return "".join([*pieces, text[place:]])


def without_end(text: str) -> str:
    """Return a query without the semicolon behind it."""
    tokens = tokens_of(text, Dialect.HOGQL)
    while tokens and tokens[-1].text == ";":
        last = tokens.pop()
        text = text[: last.start] + text[last.end :]
    return text


def placeholders_in(text: str, dialect: Dialect) -> set[str]:
    """Return the names that stand as ``{name}`` outside of comments and strings."""
    found = (_PLACEHOLDER.match(text, token.start) for token in tokens_of(text, dialect) if token.text == "{")
    return {place["name"] for place in found if place is not None}


def replace_placeholders(text: str, dialect: Dialect, value_of: Callable[[str], str | None]) -> str:
    """Return a text with each ``{name}`` outside of comments and strings replaced; None leaves it as it is."""
    pieces, place = [], 0
    for token in tokens_of(text, dialect):
        found = _PLACEHOLDER.match(text, token.start) if token.text == "{" else None
        value = value_of(found["name"]) if found else None
        if found is None or value is None:
            continue
        pieces += [text[place : found.start()], value]
        place = found.end()
    return "".join([*pieces, text[place:]])


def _defined(tokens: Sequence[Token]) -> set[str]:
    """Return the names that a WITH of the query itself defines: ``name AS (SELECT …``."""
    return {
        name.word
        for name, middle, bracket, first in zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False)
        if name.word and middle.keyword == "AS" and bracket.text == "(" and first.keyword in {"SELECT", "WITH", "FROM"}
    }


def _unquoted(name: str) -> str:
    quote, inner = name[0], name[1:].removesuffix(name[0])
    return inner.replace(quote * 2, quote)
