from __future__ import annotations

import pytest

from jupyter_posthog.execution.magics import read_cell
from jupyter_posthog.execution.names import FrameNames, reads_kernel, whole_query
from jupyter_posthog.execution.python_names import names_bound, names_read
from jupyter_posthog.execution.sql_tokens import Dialect, has_limit, names_in, tables_read, with_frames


def learned(*cells: tuple[str, str]) -> FrameNames:
    names = FrameNames()
    for node_id, source in cells:
        text = read_cell(source)
        names.learn(text, name=text.result_name, node_id=node_id)
    return names


def used(names: FrameNames, source: str) -> dict[str, tuple[str, str]]:
    found = names.used_in(read_cell(source), own_node_id="own")
    return {name: (frame.node_id, frame.kind) for name, frame in found.items()}


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("print(len(orders))", {"print", "len", "orders"}),
        ("'orders' # orders", set()),
        ('"""\norders\n"""', set()),
        ("f'{orders}'", {"orders"}),
        ("orders = 1", set()),
        ("orders['a'] = 1", {"orders"}),
        ("def f():\n    return orders", {"orders"}),
        ("%time orders.head()\nx", {"time", "orders", "head", "x"}),
        ("%%time\norders", {"time", "orders"}),
        ("orders?", {"orders"}),
        ("if True:\n    %time orders", {"time", "orders"}),
        ("for orders in", {"for", "orders", "in"}),
        ("print(orders", {"print", "orders"}),
        ("files = !ls # orders", {"files", "ls"}),
        ("", set()),
    ],
)
def test_names_that_python_reads(code: str, names: set[str]) -> None:
    assert names_read(code) == names


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("orders = orders.head()", {"orders"}),
        ("orders['a'] = 1", {"orders"}),
        ("orders.columns[0].name = 'a'", {"orders"}),
        ("del orders", {"orders"}),
        ("a, (b, *c) = x", {"a", "b", "c"}),
        ("import pandas as pd, os.path", {"pd", "os"}),
        ("def f(orders):\n    top = 1", {"f"}),
        ("[orders for orders in x]", set()),
        ("with a as b:\n    c += 1", {"b", "c"}),
        ("print(orders)", set()),
        ("not python at all (", set()),
    ],
)
def test_names_that_python_binds(code: str, names: set[str]) -> None:
    assert names_bound(code) == names


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("SELECT * FROM orders", ["orders"]),
        ('SELECT * FROM "orders" o', ["orders"]),
        ("SELECT 'orders' -- FROM orders\nFROM /* FROM top */ events", ["events"]),
        ("SELECT orders FROM events WHERE orders = 1", ["events"]),
        ("SELECT 'it\\'s FROM orders' FROM events", ["events"]),
        ("SELECT * FROM a, b AS c JOIN d ON a.x = d.x LEFT JOIN e USING (x)", ["a", "b", "d", "e"]),
        ("SELECT * FROM (SELECT * FROM inner_one) JOIN outer_one ON 1", ["inner_one", "outer_one"]),
        ("WITH mine AS (SELECT * FROM orders) SELECT * FROM mine", ["orders"]),
        ("SELECT extract(day FROM moment), (SELECT max(n) FROM top) FROM events", ["top", "events"]),
        ("SELECT a IS DISTINCT FROM b FROM events", ["events"]),
        ("SELECT * FROM events ARRAY JOIN list", ["events"]),
        ("SELECT * FROM system.tables, numbers(10)", []),
        ("SELECT 1 FROM a UNION ALL SELECT 2 FROM b LIMIT 3", ["a", "b"]),
        ("SELECT * FROM a WHERE x IN (SELECT y FROM b) GROUP BY c, d", ["a", "b"]),
        ("SELECT e.from, e.join FROM events e", ["events"]),
        ("SELECT * FROM 'unclosed", []),
        ("))) FROM a", ["a"]),
    ],
)
def test_names_that_stand_in_the_place_of_a_table(sql: str, tables: list[str]) -> None:
    assert [table.name for table in tables_read(sql)] == tables


def test_duckdb_strings_end_at_a_backslash_and_dollars_quote() -> None:
    assert names_in(r"SELECT 'a\' AS b, $$ c $$, $t$ $$ d $t$, e'f\'g' FROM h", Dialect.DUCKDB) == {
        "SELECT",
        "AS",
        "b",
        "FROM",
        "h",
    }


@pytest.mark.parametrize(
    ("sql", "is_limited"),
    [
        ("SELECT 1", False),
        ("SELECT 1 LIMIT 10", True),
        ("SELECT 1 -- LIMIT 10", False),
        ("SELECT 'LIMIT 10'", False),
        ("SELECT * FROM (SELECT 1 LIMIT 10)", False),
        ("SELECT 1 LIMIT 2 BY event", False),
        ("SELECT 1 LIMIT 2 BY event LIMIT 10", True),
        ("select 1 limit 5 offset 2", True),
    ],
)
def test_only_a_limit_of_the_query_itself_counts(sql: str, is_limited: bool) -> None:
    assert has_limit(sql) is is_limited


@pytest.mark.parametrize(
    ("sql", "whole"),
    [
        ("SELECT * FROM orders", "SELECT * FROM (SELECT 1\n) AS orders"),
        ("SELECT o.n FROM orders o", "SELECT o.n FROM (SELECT 1\n) o"),
        ("SELECT * FROM orders AS o, orders", "SELECT * FROM (SELECT 1\n) AS o, (SELECT 1\n) AS orders"),
        (
            "SELECT n FROM orders WHERE 1 UNION ALL SELECT n FROM orders",
            "SELECT n FROM (SELECT 1\n) AS orders WHERE 1 UNION ALL SELECT n FROM (SELECT 1\n) AS orders",
        ),
        ("SELECT 'FROM orders' FROM events", "SELECT 'FROM orders' FROM events"),
    ],
)
def test_a_frame_stands_for_the_query_behind_it(sql: str, whole: str) -> None:
    assert with_frames(sql, {"orders": "SELECT 1;"}) == whole


def test_queries_behind_queries_are_whole_too() -> None:
    names = learned(
        ("a", "%%hogql first\nSELECT 1 AS n -- the first"), ("b", "%%hogql second\nSELECT n FROM first -- end")
    )
    text = read_cell("%%hogql third\nSELECT n FROM second")

    whole = whole_query(text.code, names.used_in(text, own_node_id="c"))

    assert whole == ("SELECT n FROM (SELECT n FROM (SELECT 1 AS n -- the first\n) AS first -- end\n) AS second")


def test_a_cell_reads_frames_of_others_in_its_own_language() -> None:
    names = learned(("q", "%%hogql orders\nSELECT 1"), ("d", "%%duckdb top\nSELECT 1"), ("p", "df = 1"))

    assert used(names, "print(orders, 'top')") == {"orders": ("q", "hogql")}
    assert used(names, "%%hogql\nSELECT top FROM orders") == {"orders": ("q", "hogql")}
    assert used(names, "%%duckdb\nSELECT * FROM top, df") == {"top": ("d", "local"), "df": ("p", "local")}
    assert used(names, "%%hogql --connection c --raw\nSELECT * FROM orders") == {}


def test_a_cell_does_not_read_itself_and_display_only_names_nothing() -> None:
    names = learned(("own", "%%hogql orders\nSELECT 1"), ("x", "%%hogql -\nSELECT 2"))

    assert used(names, "%%hogql orders\nSELECT * FROM orders") == {}
    assert set(names.sources) == {"orders"}


def test_python_that_binds_a_query_anew_makes_it_the_kernels() -> None:
    """Else PostHog would load the query's rows again and undo what the person did."""
    names = learned(("q", "%%hogql orders\nSELECT 1"), ("p", "orders['share'] = 1"))

    read = names.used_in(read_cell("%%hogql\nSELECT share FROM orders"), own_node_id="own")

    assert used(names, "orders") == {"orders": ("p", "local")}
    assert reads_kernel(read)


def test_hogql_over_a_frame_of_the_kernel_is_one_of_the_kernel_too() -> None:
    names = learned(("d", "%%duckdb top\nSELECT 1"), ("q", "%%hogql more\nSELECT * FROM top"))

    assert used(names, "more") == {"more": ("q", "local")}


def test_a_kernel_that_is_gone_takes_its_frames_along_and_leaves_queries() -> None:
    names = learned(("q", "%%hogql orders\nSELECT 1"), ("d", "%%duckdb top\nSELECT 1"))

    names.forget_kernel()

    assert set(names.sources) == {"orders"}
