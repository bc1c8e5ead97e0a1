"""HogQL in the box gives ClickHouse's numbers: each query beside plain SQL over the same tables."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_posthog.box.engine.clickhouse import ClickHouse, QueryFailed, Table


class Engine:
    """The box's engine in this process, and ClickHouse itself beside it."""

    def __init__(self, folder: Path) -> None:
        import chdb

        self._loop = asyncio.new_event_loop()
        self._clickhouse = ClickHouse(folder)
        self._loop.run_until_complete(self._load())
        self._plain = chdb.connect(str(folder))

    async def _load(self) -> None:
        self._clickhouse.load()
        await self._clickhouse.run_hogql("SELECT 1", query_id="warm", timeout_s=60)

    def hogql(self, text: str, **values: Any) -> Table:
        return self._loop.run_until_complete(
            self._clickhouse.run_hogql(text, query_id="test", timeout_s=60, values=values)
        )

    def sql(self, text: str) -> list[list[Any]]:
        settings = "SETTINGS output_format_json_quote_64bit_integers=0, date_time_output_format='iso'"
        rows: list[list[Any]] = json.loads(self._plain.query(f"{text} {settings}", "JSONCompact").bytes())["data"]
        return rows

    def close(self) -> None:
        self._plain.close()
        self._loop.run_until_complete(self._clickhouse.aclose())
        self._loop.close()


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    one = Engine(tmp_path_factory.mktemp("clickhouse"))
    yield one
    one.close()


ANALYSES = {
    "funnel": (
        """SELECT level, count() AS people FROM (
               SELECT person_id, windowFunnel(1209600)(toDateTime(timestamp), event = 'signed_up',
                   event = 'insight_created', event = 'purchase') AS level
               FROM events GROUP BY person_id)
           GROUP BY level ORDER BY level""",
        """SELECT level, count() FROM (
               SELECT person_id, windowFunnel(1209600)(toDateTime(timestamp, 'UTC'), event = 'signed_up',
                   event = 'insight_created', event = 'purchase') AS level
               FROM events GROUP BY person_id)
           GROUP BY level ORDER BY level""",
    ),
    "retention": (
        """SELECT dateDiff('week', first_week, week) AS age, uniq(person_id) AS people
           FROM (SELECT person_id, toStartOfWeek(timestamp) AS week FROM events GROUP BY person_id, week) AS visits
           JOIN (SELECT person_id AS who, toStartOfWeek(min(timestamp)) AS first_week FROM events GROUP BY who) AS firsts
               ON visits.person_id = firsts.who
           GROUP BY age ORDER BY age""",
        """SELECT dateDiff('week', f.w, v.w) AS age, uniq(v.p) FROM
               (SELECT DISTINCT person_id AS p, toStartOfWeek(timestamp) AS w FROM events) AS v
           JOIN (SELECT person_id AS p, min(toStartOfWeek(timestamp)) AS w FROM events GROUP BY p) AS f ON v.p = f.p
           GROUP BY age ORDER BY age""",
    ),
    "retention function": (
        "SELECT sum(r[1]), sum(r[2]) FROM (SELECT retention(event = 'signed_up', event = 'purchase') AS r "
        "FROM events GROUP BY person_id)",
        "SELECT countIf(s), countIf(s AND p) FROM (SELECT max(event = 'signed_up') AS s, max(event = 'purchase') AS p "
        "FROM events GROUP BY person_id)",
    ),
    "weekly active": (
        "SELECT toStartOfWeek(timestamp) AS week, uniq(person_id), uniqExact(distinct_id) FROM events "
        "WHERE event = '$pageview' GROUP BY week ORDER BY week",
        "SELECT toStartOfWeek(timestamp) AS week, uniq(person_id), uniqExact(distinct_id) FROM events "
        "WHERE event = '$pageview' GROUP BY week ORDER BY week",
    ),
    "quantiles of a property": (
        "SELECT properties.$browser AS b, quantiles(0.5, 0.9, 0.99)(properties.load_time_ms) AS q, "
        "round(avg(properties.load_time_ms), 6) FROM events GROUP BY b ORDER BY b",
        "SELECT JSONExtractString(properties, '$browser') AS b, "
        "quantiles(0.5, 0.9, 0.99)(JSONExtractFloat(properties, 'load_time_ms')), "
        "round(avg(JSONExtractFloat(properties, 'load_time_ms')), 6) FROM events GROUP BY b ORDER BY b",
    ),
    "arrays and lambdas": (
        "SELECT length(path) AS n, arrayFilter((e, i) -> i < 4 AND e != '$pageleave', path, arrayEnumerate(path)) AS head, "
        "count() AS c FROM (SELECT arrayMap(x -> x.2, arraySort(groupArray((timestamp, event)))) AS path FROM events "
        "GROUP BY $session_id) GROUP BY n, head ORDER BY c DESC, n, head LIMIT 20",
        "SELECT length(p) AS n, arrayFilter(e -> e != '$pageleave', arraySlice(p, 1, 3)) AS head, count() AS c "
        "FROM (SELECT arraySort(groupArray((timestamp, event))).2 AS p FROM events GROUP BY `$session_id`) "
        "GROUP BY n, head ORDER BY c DESC, n, head LIMIT 20",
    ),
    "JSON properties": (
        "SELECT properties.products.1.sku AS sku, properties.is_first_purchase AS is_first, "
        "person.properties.company.name IS NOT NULL AS has_company, count() AS n, round(sum(properties.amount), 4) AS amount, "
        "countIf(properties.renews_at > toDateTime('2026-12-01 00:00:00')) AS renewals FROM events "
        "WHERE properties.amount > 20.5 AND properties.currency = 'USD' GROUP BY sku, is_first, has_company ORDER BY is_first",
        "SELECT JSONExtractString(properties, 'products', 1, 'sku') AS sku, "
        "JSONExtractBool(properties, 'is_first_purchase')::Bool AS is_first, "
        "1 AS has_company, count() AS n, round(sum(JSONExtractFloat(properties, 'amount')), 4), "
        "countIf(parseDateTimeBestEffort(JSONExtractString(properties, 'renews_at'), 'UTC') > '2026-12-01 00:00:00') "
        "FROM events WHERE event = 'purchase' AND JSONExtractFloat(properties, 'amount') > 20.5 "
        "GROUP BY sku, is_first ORDER BY is_first",
    ),
    "joins to persons": (
        "SELECT p.properties.plan AS plan, count() AS n, round(sum(e.properties.amount), 4) AS amount FROM events e "
        "JOIN persons p ON e.person_id = p.id WHERE e.event = 'purchase' AND p.properties.seats >= 5 "
        "GROUP BY plan ORDER BY n DESC",
        "SELECT JSONExtractString(p.properties, 'plan') AS plan, count() AS n, round(sum(JSONExtractFloat(e.properties, 'amount')), 4) "
        "FROM events AS e INNER JOIN persons AS p ON e.person_id = p.id WHERE e.event = 'purchase' "
        "AND JSONExtractInt(p.properties, 'seats') >= 5 GROUP BY plan ORDER BY n DESC",
    ),
    "person and session of an event": (
        "SELECT session.$channel_type AS channel, person.properties.plan AS plan, count() AS n, "
        "uniq(session.session_id) AS sessions FROM events WHERE event = 'signed_up' GROUP BY channel, plan ORDER BY n DESC, channel, plan",
        "SELECT s.`$channel_type` AS channel, JSONExtractString(e.person_properties, 'plan') AS plan, count() AS n, "
        "uniq(s.session_id) FROM events AS e LEFT JOIN sessions AS s ON e.`$session_id` = s.session_id "
        "WHERE event = 'signed_up' GROUP BY channel, plan ORDER BY n DESC, channel, plan",
    ),
    "experiment": (
        "WITH buyers AS (SELECT DISTINCT person_id FROM events WHERE event = 'purchase') "
        "SELECT properties.$feature_flag_response AS variant, uniq(person_id) AS people, "
        "uniqIf(person_id, person_id IN (SELECT person_id FROM buyers)) / people AS rate FROM events "
        "WHERE event = '$feature_flag_called' GROUP BY variant ORDER BY variant",
        "SELECT v, uniq(person_id) AS people, uniqIf(person_id, b) / people FROM (SELECT person_id, "
        "JSONExtractString(properties, '$feature_flag_response') AS v, "
        "person_id IN (SELECT person_id FROM events WHERE event = 'purchase') AS b "
        "FROM events WHERE event = '$feature_flag_called') GROUP BY v ORDER BY v",
    ),
    "running totals": (
        "SELECT toDate(timestamp) AS day, count() AS n, sum(n) OVER (ORDER BY day) AS total, "
        "round(avg(n) OVER (ORDER BY day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW), 6) AS smooth FROM events "
        "WHERE event = 'purchase' GROUP BY day ORDER BY day",
        "SELECT day, n, sum(n) OVER (ORDER BY day), round(avg(n) OVER (ORDER BY day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW), 6) "
        "FROM (SELECT toDate(timestamp) AS day, count() AS n FROM events WHERE event = 'purchase' GROUP BY day) ORDER BY day",
    ),
    "missing values are unlike every other": (
        "SELECT countIf(properties.utm_source != 'google'), countIf(properties.utm_source IS NULL), "
        "countIf(NOT properties.utm_source = 'google'), countIf(properties.utm_source NOT LIKE 'goo%') FROM events",
        "SELECT countIf(s != 'google'), countIf(s = ''), countIf(s != 'google'), countIf(s NOT LIKE 'goo%') "
        "FROM (SELECT JSONExtractString(properties, 'utm_source') AS s FROM events)",
    ),
}


@pytest.mark.parametrize("name", ANALYSES)
def test_analyses_give_the_numbers_of_plain_sql(engine: Engine, name: str) -> None:
    hogql, sql = ANALYSES[name]

    table = engine.hogql(hogql)

    assert table.rows
    assert table.rows == engine.sql(sql)[:100]


@pytest.mark.parametrize(
    ("hogql", "types", "row"),
    [
        ("SELECT -1, 1.5, 'x', true, null", ["Int8", "Float64", "String", "Bool", "Nullable(Nothing)"], [-1, 1.5, "x", True, None]),
        ("SELECT 18446744073709551615 AS big", ["UInt64"], [18446744073709551615]),
        ("SELECT CAST('12.34' AS Decimal(18, 4)) AS d", ["Decimal(18, 4)"], ["12.3400"]),
        ("SELECT toDateTime('2026-01-01T00:00:00.000001Z') AS t", ["Nullable(DateTime64(6, 'UTC'))"], ["2026-01-01T00:00:00.000001Z"]),
        ("SELECT toDate('2026-01-01')", ["Nullable(Date)"], ["2026-01-01"]),
        ("SELECT map('k', 1), tuple('y', 2), ['x', null]", ["Map(String, UInt8)", "Tuple(String, UInt8)", "Array(Nullable(String))"], [{"k": 1}, ["y", 2], ["x", None]]),
        ("SELECT '7'::int, 7::text, 'no'::int", ["Nullable(Int64)", "String", "Nullable(Int64)"], [7, "7", None]),
    ],
)  # fmt: skip
def test_types_are_clickhouses_and_values_are_posthogs(
    engine: Engine, hogql: str, types: list[str], row: list[Any]
) -> None:
    table = engine.hogql(hogql)

    assert [kind for _, kind in table.types] == types
    assert table.rows == [row]


@pytest.mark.parametrize(
    ("hogql", "columns"),
    [
        ("SELECT count(), properties.$os, event AS e FROM events GROUP BY ALL", ["count()", "$os", "e"]),
        ("SELECT a.id, b.id FROM persons a JOIN persons b ON a.id = b.id", ["id", "id"]),
        ("SELECT * FROM persons", ["id", "created_at", "properties", "is_identified"]),
        ("SELECT p.*, 1 AS one FROM persons p", ["id", "created_at", "properties", "is_identified", "one"]),
        ("SELECT * EXCLUDE (properties) FROM persons", ["id", "created_at", "is_identified"]),
        ("SELECT * FROM (SELECT event, count() FROM events GROUP BY event)", ["event", "count()"]),
        ("SELECT\n  1\n  +\n  2", ["1 + 2"]),
    ],
)
def test_columns_are_named_as_the_query_names_them(engine: Engine, hogql: str, columns: list[str]) -> None:
    assert engine.hogql(hogql).columns == columns


@pytest.mark.parametrize(
    ("hogql", "rows"),
    [
        ("SELECT event FROM events", 100),
        ("SELECT event FROM events LIMIT 70000", 50_000),
        ("SELECT number FROM numbers(150) LIMIT 120", 120),
        ("(SELECT number FROM numbers(80)) UNION ALL (SELECT number FROM numbers(80))", 100),
        ("SELECT number FROM numbers(10) LIMIT 3 OFFSET 8", 2),
        ("SELECT number % 3 AS k FROM numbers(10) ORDER BY number LIMIT 2 BY k LIMIT 5", 5),
    ],
)
def test_limits(engine: Engine, hogql: str, rows: int) -> None:
    assert len(engine.hogql(hogql).rows) == rows


@pytest.mark.parametrize(
    ("hogql", "rows"),
    [
        ("SELECT a.x, b FROM (SELECT [1, 2] AS arr, 5 AS x) AS a ARRAY JOIN arr AS b", [[5, 1], [5, 2]]),
        ("WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 4) SELECT sum(n) FROM t", [[10]]),
        ("SELECT CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' ELSE 'c' END, CASE WHEN 1 > 2 THEN 1 END", [["b", None]]),
        ("SELECT {n} + 1, {variables.n}, 'a' IN {names}", [[42, 41, 1]]),
        ("SELECT NULL = 1, NULL != 1, NULL IS NULL, NULL ?? 'x', 'a' || NULL || 1", [[0, 1, 1, "x", "a1"]]),
        ("SELECT toDate('2026-03-01') - INTERVAL 1 DAY, dateDiff('day', toDate('2026-01-01'), toDate('2026-02-01'))", [["2026-02-28", 31]]),
        ("SELECT number, lag(number) OVER (ORDER BY number), lead(number, 1, 9) OVER (ORDER BY number) FROM numbers(2)", [[0, 0, 1], [1, 0, 9]]),
        ("SELECT COUNT(*), Sum(number), uniq(number) FROM numbers(5) -- of a comment", [[5, 10, 5]]),
        ("SELECT sum(number) FILTER (WHERE number > 2) /* filtered */ FROM numbers(5)", [[7]]),
        ("SELECT x.y FROM (SELECT 1 AS y UNION DISTINCT SELECT 1 AS y) AS x", [[1]]),
        ("SELECT count(*) OVER (), sum((SELECT count() FROM numbers(3))) OVER () FROM numbers(1)", [[1, 3]]),
        ("SELECT sum((SELECT max(number) FROM numbers(3))) FROM numbers(2)", [[4]]),
        ("SELECT a FROM (SELECT 1 AS a) JOIN (SELECT 1 AS b) ON a = b", [[1]]),
        ("SELECT exists(SELECT 1), 3 IN (SELECT number FROM numbers(4)), (SELECT max(number) FROM numbers(4))", [[1, 1, 3]]),
        ("SELECT 'Abc' LIKE 'A%', 'Abc' ILIKE 'a%', 'Abc' NOT LIKE 'b%', 'Abc' =~ '^A.c$', 'Abc' =~* '^a'", [[1, 1, 1, 1, 1]]),
        ("SELECT (1, 'a').2, [5, 6, 7][-1], [5, 6, 7][1:2], tuple(1, 2).1", [["a", 7, [5, 6], 1]]),
    ],
)  # fmt: skip
def test_what_the_grammar_offers_runs(engine: Engine, hogql: str, rows: list[list[Any]]) -> None:
    assert engine.hogql(hogql, n=41, names=["a", "b"]).rows == rows


@pytest.mark.parametrize(
    ("hogql", "message"),
    [
        ("SELECT nope FROM events", "Unable to resolve field: nope"),
        ("SELECT e.nope FROM events e", "Field not found: nope"),
        ("SELECT person.nope FROM events", "Field not found: nope"),
        ("SELECT 1 FROM system.tables", "Unknown table `system.tables`."),
        ("SELECT * FROM url('http://127.0.0.1')", "Unknown table `url`."),
        ("SELECT sumn(1)", "Unsupported function call 'sumn(...)'. Perhaps you meant 'sum(...)'?"),
        ("SELECT sleep(3)", "Unsupported function call 'sleep(...)'"),
        ("SELECT file('/etc/passwd')", "Unsupported function call 'file(...)'"),
        ("SELECT getSetting('readonly')", "Unsupported function call 'getSetting(...)'"),
        ("SELECT {missing}", "Unresolved placeholder: {missing}"),
        ("SELECT {a + 1}", "You can not use expressions inside placeholders"),
        ("SELECT sum(count()) FROM events", "Aggregation 'count' cannot be nested inside another aggregation 'sum'."),
        ("SELECT id FROM persons a JOIN persons b ON a.id = b.id", "Ambiguous query. Found multiple sources for field: id"),
        ("SELECT 1 FROM events WHERE person_id IN COHORT 7", "Could not find cohort with ID 7"),
        ("SELECT *", "Cannot use '*' when there are no tables in the query"),
        ("SELECT (1", "no viable alternative at input"),
        ("SELECT 1 }", "Unmatched curly bracket"),
        ("", "no viable alternative at input|mismatched input"),
        ("DROP TABLE events", "mismatched input"),
        ("SELECT 1; SELECT 2", "mismatched input"),
        ("SELECT 1 SETTINGS readonly = 0", "Unsupported: SelectStmt.settingsClause"),
        ("SELECT 'a'::hedgehog", "Unsupported type cast: hedgehog"),
        ("SELECT 1 LIMIT -1", "LIMIT must be a number"),
        ("SELECT " + "(" * 5_000 + "1" + ")" * 5_000, "nested too deeply"),
        ("SELECT 1" + " + 1" * 1_000, "nested too deeply"),
        ("SELECT 1 + 'a'", "Illegal types UInt8 and String of arguments of function plus"),
        ("SELECT event, count() FROM events", "is not under aggregate function and not in GROUP BY keys"),
        ("SELECT <Sparkle a={1} />", "HogQLX tag"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_in_words(engine: Engine, hogql: str, message: str) -> None:
    with pytest.raises(QueryFailed) as refused:
        engine.hogql(hogql)

    assert any(part in str(refused.value) for part in message.split("|"))
    assert "SETTINGS" not in str(refused.value).replace(hogql, "")


def test_the_data_are_what_a_product_has(engine: Engine) -> None:
    table = engine.hogql(
        "SELECT count() >= 100000, dateDiff('day', min(timestamp), max(timestamp)) >= 88, uniq(person_id) > 1000, "
        "countIf(event = '$feature_flag_called') > 1000, uniq($session_id) > 5000, max(timestamp) < now() FROM events"
    )

    assert table.rows == [[1, 1, 1, 1, 1, 1]]
