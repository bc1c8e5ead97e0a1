"""Which functions HogQL may call, and as what ClickHouse knows them (PostHog docs "Supported ClickHouse functions")."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from jupyter_posthog.box.engine.hogql import HogqlError
from jupyter_posthog.box.engine.schema import Kind

#: Kinds of ClickHouse functions that see more than their arguments: files, servers, other tables, settings, models.
_CLOSED = (
    "'AI', 'Dictionary', 'Embedded Dictionary', 'Encryption', 'Machine Learning', 'Time Series', 'QBit', "
    "'NumericIndexedVector', 'Geo Polygon', 'UDF', 'Other', ''"
)
_OPENED = (
    "'transform', 'bar', 'identity', 'toTypeName', 'formatReadableSize', 'formatReadableDecimalSize', "
    "'formatReadableQuantity', 'formatReadableTimeDelta', 'parseTimeDelta', 'runningDifference', 'neighbor', "
    "'rowNumberInAllBlocks', 'isConstant', 'finalizeAggregation', 'materialize'"
)
_FORBIDDEN = "'arrayReduce', 'arrayReduceInRanges', 'reinterpret', 'joinGet', 'joinGetOrNull', 'chdb'"
CATALOGUE_QUERY = f"""
    SELECT name, is_aggregate, case_insensitive FROM system.functions AS f
    LEFT JOIN (SELECT name AS target, categories AS kinds FROM system.functions) AS t ON f.alias_to = t.target
    WHERE (is_aggregate OR if(alias_to = '', categories, kinds) NOT IN ({_CLOSED}) OR name IN ({_OPENED}))
        AND name NOT IN ({_FORBIDDEN})
        AND NOT (NOT is_aggregate AND alias_to != '' AND alias_to IN ({_FORBIDDEN}))
"""
_COMBINATORS = re.compile(
    r"(If|Array|ForEach|Distinct|OrDefault|OrNull|State|Merge|MergeState|SimpleState|Map|Resample|ArgMin|ArgMax)+$"
)

#: HogQL's own names of functions, as ClickHouse writes them; ``{}`` are the arguments.
FORMS = {
    "toInt": "accurateCastOrNull({}, 'Int64')",
    "toFloat": "accurateCastOrNull({}, 'Float64')",
    "toIntOrZero": "toInt64OrZero({})",
    "toFloatOrZero": "toFloat64OrZero({})",
    "toFloatOrDefault": "toFloat64OrDefault({})",
    "toUUID": "accurateCastOrNull({}, 'UUID')",
    "toNullableString": "accurateCastOrNull({}, 'Nullable(String)')",
    "_toInt64": "toInt64({})",
    "_toUInt64": "toUInt64({})",
    "_toDate": "toDate({})",
    "_toNullableBool": "accurateCastOrNull({}, 'Bool')",
    "parseDateTimeBestEffort": "parseDateTime64BestEffortOrNull({}, 6, 'UTC')",
    "toDateTimeUS": "parseDateTime64BestEffortUSOrNull({}, 6, 'UTC')",
    "now": "now64(6, 'UTC')",
    "trim": "trimBoth({})",
    "exists": "exists{}",
    "dateAdd": "dateAdd({})",
    "date_add": "dateAdd({})",
    "dateSub": "dateSub({})",
    "date_sub": "dateSub({})",
    "timestampAdd": "timestampAdd({})",
    "timestampSub": "timestampSub({})",
    "splitByAlpha": "alphaTokens({})",
    "array_agg": "groupArray({})",
    "string_agg": "arrayStringConcat(groupArray({}))",
}
_ANY_CASE = {"now": "now", "trim": "trim", "ifnull": "ifNull", "isnull": "isNull", "nullif": "nullIf"}
_MOMENTS = re.compile(
    r"^(to(StartOf|LastDayOf|Monday|Date|DateTime)|now|today|yesterday|parseDateTime|date_?Trunc|(add|subtract)[A-Z]|"
    r"date_?(Add|Sub)|time[sS]tamp(Add|Sub)|fromUnixTimestamp|toTimeZone|makeDate|timeSlot$)",
    re.IGNORECASE,
)
_STRINGS = re.compile(
    r"^(toString|toNullableString|concat|lower|upper|substr|left|right|replace|format|trim|path|domain|cutURL|"
    r"JSONExtract(String|Raw)|monthName|dateName|toJSONString|extract$|initcap|hex|base64)",
    re.IGNORECASE,
)
_NUMBERS = re.compile(
    r"^(count|uniq|sum|avg|to(U?Int|Float|Year|Month|Quarter|Hour|Minute|Second|Day|Unix|Week|ISO|YYYY)|length|round|"
    r"floor|ceil|dateDiff|date_diff|age$|abs|JSONExtract(Int|UInt|Float)|quantile[^s]*$|median|row_number|rank|"
    r"dense_rank|stddev|var|plus|minus|multiply|divide|modulo|intDiv)",
)
_FIRST = re.compile(
    r"^(any|anyLast|argMin|argMax|min|max|coalesce|ifNull|nullIf|assumeNotNull|toNullable|first|last|lag|lead)"
)


@dataclass(slots=True)
class Functions:
    """The functions of the engine that HogQL may call, filled once the engine is loaded."""

    plain: set[str] = field(default_factory=set)
    aggregates: set[str] = field(default_factory=set)
    any_case: dict[str, str] = field(default_factory=dict)

    def learn(self, rows: Iterable[tuple[str, int, int]]) -> None:
        """Take name, whether it aggregates, whether its case does not matter."""
        for name, is_aggregate, is_any_case in rows:
            (self.aggregates if is_aggregate else self.plain).add(name)
            if is_any_case:
                self.any_case[name.lower()] = name

    def known(self, name: str) -> str:
        """Return ClickHouse's spelling of a function's name.

        Raises:
            HogqlError: HogQL has no such function.
        """
        if name in self.plain or name in self.aggregates or name in FORMS:
            return name
        lowered = name.lower()
        if lowered in _ANY_CASE or lowered in self.any_case:
            return _ANY_CASE.get(lowered) or self.any_case[lowered]
        if self.is_aggregate(name):
            return name
        near = get_close_matches(name, [*self.plain, *self.aggregates, *FORMS], 1)
        hint = f". Perhaps you meant '{near[0]}(...)'?" if near else ""
        raise HogqlError(f"Unsupported function call '{name}(...)'{hint}")

    def is_aggregate(self, name: str) -> bool:
        """Whether a function aggregates; ``countIf`` and the like do as their stem does."""
        if name in self.aggregates or self.any_case.get(name.lower(), "") in self.aggregates:
            return True
        stem = name
        while found := _COMBINATORS.search(stem):
            stem = stem[: found.start(1)]
            if stem in self.aggregates:
                return True
        return False


def kind_of_call(name: str, kinds: list[Kind]) -> Kind:
    """Return what a function gives, as far as its name and arguments tell."""
    bare = name.lstrip("_")
    if bare in {"if", "multiIf"} and len(kinds) > 1:
        return kinds[1]
    for pattern, kind in ((_MOMENTS, Kind.MOMENT), (_STRINGS, Kind.STRING), (_NUMBERS, Kind.NUMBER)):
        if pattern.match(bare):
            return kind
    if _FIRST.match(bare) and kinds:
        return kinds[0]
    return Kind.UNKNOWN
