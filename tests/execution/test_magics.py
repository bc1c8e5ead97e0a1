from __future__ import annotations

import pytest

from jupyter_posthog.api.models import QueryAnswer
from jupyter_posthog.execution.frames import bind_answer
from jupyter_posthog.execution.magics import Language, read_cell
from jupyter_posthog.execution.names import FrameNames


@pytest.mark.parametrize(
    ("source", "language", "result_name", "code"),
    [
        ("%%hogql orders\nSELECT 1", Language.HOGQL, "orders", "SELECT 1"),
        ("%%hogql\nSELECT 1", Language.HOGQL, "sql_df", "SELECT 1"),
        ("%%hogql -\r\nSELECT 1", Language.HOGQL, "", "SELECT 1"),
        ("%%duckdb top\nSELECT 1", Language.DUCKDB, "top", "SELECT 1"),
        ("%%hogqlx\nSELECT 1", Language.PYTHON, "df", "%%hogqlx\nSELECT 1"),
        ("%time 1", Language.PYTHON, "df", "%time 1"),
        (" %%hogql\n1", Language.PYTHON, "df", " %%hogql\n1"),
        ("%%hogql", Language.HOGQL, "sql_df", ""),
    ],
)
def test_the_first_line_says_the_language_and_the_name(
    source: str, language: Language, result_name: str, code: str
) -> None:
    text = read_cell(source)

    assert (text.language, text.result_name, text.code) == (language, result_name, code)


def test_only_names_that_stand_in_the_code_are_references() -> None:
    names = FrameNames()
    names.learn("orders", "c1", Language.HOGQL)
    names.learn("order", "c2", Language.PYTHON)
    names.learn("", "c3", Language.HOGQL)

    assert names.used_in("print(len(orders))", own_node_id="c9") == {"orders": ("c1", "hogql")}
    assert names.used_in("orders = order", own_node_id="c1") == {"order": ("c2", "local")}


def test_no_value_of_a_row_is_ever_code() -> None:
    pandas = pytest.importorskip("pandas")
    nasty = "'''\"\"\"\\'); raise SystemExit #\n{}\u2028"
    scope: dict[str, object] = {}

    exec(bind_answer(QueryAnswer(results=[[nasty, None, 2**70]], columns=["a", "b", "c"]), name="orders"), scope)

    orders = scope["orders"]
    assert isinstance(orders, pandas.DataFrame)
    assert orders["a"][0] == nasty
