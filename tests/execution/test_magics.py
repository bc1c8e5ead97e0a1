from __future__ import annotations

import pytest

from jupyter_posthog.api.models import QueryAnswer
from jupyter_posthog.errors import MagicNotUnderstoodError
from jupyter_posthog.execution.frames import bind_answer, duckdb_code
from jupyter_posthog.execution.magics import Language, read_cell
from jupyter_posthog.execution.posthog_magic import posthog_lines


@pytest.mark.parametrize(
    ("source", "language", "result_name", "code"),
    [
        ("%%hogql orders\nSELECT 1", Language.HOGQL, "orders", "SELECT 1"),
        ("%%hogql\nSELECT 1", Language.HOGQL, "sql_df", "SELECT 1"),
        ("%%hogql -\r\nSELECT 1", Language.HOGQL, "", "SELECT 1"),
        ("%%duckdb top\nSELECT 1", Language.DUCKDB, "top", "SELECT 1"),
        ("%%duckdb\nSELECT 1", Language.DUCKDB, "duck_df", "SELECT 1"),
        ("%%hogqlx\nSELECT 1", Language.PYTHON, "df", "%%hogqlx\nSELECT 1"),
        ("%time 1", Language.PYTHON, "df", "%time 1"),
        (" %%hogql\n1", Language.PYTHON, "df", " %%hogql\n1"),
    ],
)
def test_the_first_line_says_the_language_and_the_name(
    source: str, language: Language, result_name: str, code: str
) -> None:
    text = read_cell(source)
    text.check()

    assert (text.language, text.result_name, text.code) == (language, result_name, code)


@pytest.mark.parametrize("line", ["--connection c1 --raw orders", "orders --raw --connection=c1"])
def test_options_stand_before_or_behind_the_name(line: str) -> None:
    text = read_cell(f"%%hogql {line}\nSELECT 1")
    text.check()

    assert (text.name, text.connection_id, text.is_raw) == ("orders", "c1", True)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("%%hogql --connexion c1", "knows --connection ID and --raw, and not --connexion"),
        ("%%hogql --connection", "needs the id"),
        ("%%hogql --connection --raw", "needs the id"),
        ("%%hogql --raw", "--raw needs --connection"),
        ("%%hogql a b", "and not also “b”"),
        ("%%hogql a-b", "“a-b” cannot be the name"),
        ("%%hogql 1a", "“1a” cannot be the name"),
        ("%%hogql class", "“class” cannot be the name"),
        ("%%duckdb --raw", "%%duckdb knows no option --raw"),
    ],
)
def test_what_is_not_understood_is_one_sentence_and_never_a_guess(line: str, words: str) -> None:
    with pytest.raises(MagicNotUnderstoodError) as caught:
        read_cell(f"{line}\nSELECT 1").check()

    assert words in caught.value.problem


def test_a_magic_without_sql_says_so() -> None:
    with pytest.raises(MagicNotUnderstoodError, match="no SQL below"):
        read_cell("%%hogql orders\n  \n").check()


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("%posthog", ("",)),
        ("# which?\n%posthog status \n\n%posthog frames", ("status", "frames")),
        ("print(1)", None),
        ("%posthogs", None),
        ("text = '%posthog'", None),
    ],
)
def test_a_cell_of_posthog_lines_is_answered_here(source: str, lines: tuple[str, ...] | None) -> None:
    assert posthog_lines(source) == lines


def test_posthog_among_other_code_is_refused() -> None:
    with pytest.raises(MagicNotUnderstoodError, match="a cell of its own"):
        posthog_lines("x = 1\n%posthog status")


def test_no_value_of_a_row_is_ever_code() -> None:
    pandas = pytest.importorskip("pandas")
    nasty = "'''\"\"\"\\'); raise SystemExit #\n{}\u2028"
    scope: dict[str, object] = {}

    exec(bind_answer(QueryAnswer(results=[[nasty, None, 2**70]], columns=["a", "b", "c"]), name="orders"), scope)

    orders = scope["orders"]
    assert isinstance(orders, pandas.DataFrame)
    assert orders["a"][0] == nasty


def test_duckdb_runs_over_frames_and_takes_statements_without_rows() -> None:
    pandas = pytest.importorskip("pandas")
    scope: dict[str, object] = {"orders": pandas.DataFrame({"n": [1, 2]})}

    exec(duckdb_code("CREATE OR REPLACE TEMP VIEW doubled AS SELECT 1 AS n", name="", read=["orders"]), scope)
    exec(duckdb_code("SELECT sum(n) AS n FROM orders", name="total", read=["orders"]), scope)

    assert list(scope["total"]["n"]) == [3]
