from __future__ import annotations

import pytest

from jupyter_posthog.errors import VariableNotUsableError
from jupyter_posthog.execution.sql_tokens import Dialect
from jupyter_posthog.execution.variables import (
    Variable,
    fill_sql,
    injected_values,
    python_assignments,
    read_variables,
    value_of_text,
    whole_list,
    with_injected,
    with_values,
)

REGION = Variable(name="region", type="string", value="eu")
SINCE = Variable(name="since", type="date", value="2026-01-01")
LIMIT = Variable(name="top", type="number", value=10)


def test_variables_of_a_record_are_read_and_nonsense_is_left_out() -> None:
    value = [REGION.to_json(), {"name": "x y", "value": 1}, {"name": "a", "value": None}, 7]

    assert read_variables(value) == (REGION,)
    assert read_variables(None) == ()


@pytest.mark.parametrize(
    ("dialect", "filled"),
    [
        (Dialect.HOGQL, r"SELECT 'it\'s \\ {region}', '{region}' -- {region}"),
        (Dialect.DUCKDB, r"SELECT 'it''s \ {region}', '{region}' -- {region}"),
    ],
)
def test_values_take_the_place_of_their_names_outside_of_strings_only(dialect: Dialect, filled: str) -> None:
    nasty = Variable(name="region", type="string", value="it's \\ {region}")

    assert fill_sql("SELECT { region }, '{region}' -- {region}", [nasty], dialect) == filled


def test_unknown_places_stay_and_other_types_are_written_as_sql() -> None:
    flag = Variable(name="flag", type="boolean", value=True)

    assert fill_sql("{variables.flag} {top} {other}", [flag, LIMIT], Dialect.HOGQL) == "true 10 {other}"


def test_python_gets_globals() -> None:
    scope: dict[str, object] = {}

    exec(python_assignments([Variable(name="region", type="string", value="'\n\\"), LIMIT]), scope)

    assert (scope["region"], scope["top"]) == ("'\n\\", 10)


def test_given_values_keep_the_type_of_the_notebooks_variable() -> None:
    variables = with_values((REGION, LIMIT), {"region": 7, "top": 3, "new": True})

    assert variables == (
        Variable(name="region", type="string", value="7"),
        Variable(name="top", type="number", value=3),
        Variable(name="new", type="boolean", value=True),
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("top", "many", "'many' is no number"),
        ("since", "yesterday", "no date"),
        ("x y", 1, "no name"),
        ("filters", 1, "no name"),
        ("region", "x" * 1001, "longer than 1000"),
    ],
)
def test_a_value_that_posthog_would_not_take_is_refused(name: str, value: object, words: str) -> None:
    with pytest.raises(VariableNotUsableError) as caught:
        with_values((REGION, LIMIT, SINCE), {name: value})

    assert words in caught.value.problem


def test_parameters_of_papermill_become_values() -> None:
    source = '# Parameters\nregion = "us"\ntop = 3\nlisted = [1]\nnothing = None\n'

    assert injected_values(source) == {"region": "us", "top": 3}
    assert injected_values("region = 'us'") == {}
    assert injected_values("# Parameters\nregion = open('x')") == {}


def test_more_parameters_than_posthog_holds_stay_globals_of_python() -> None:
    injected = {f"p{number}": number for number in range(20)}

    values = with_injected((REGION,), {}, injected)

    assert len(values) == 9
    with pytest.raises(VariableNotUsableError):
        with_injected((LIMIT,), {}, {"top": "many"})


@pytest.mark.parametrize(("text", "value"), [("3", 3), ("0.5", 0.5), ("true", True), ("eu", "eu"), ("inf", "inf")])
def test_a_typed_value_is_what_it_looks_like(text: str, value: object) -> None:
    assert value_of_text(text) == value


def test_a_whole_list_is_taken_as_posthog_takes_it() -> None:
    assert whole_list([REGION.to_json(), SINCE.to_json(), LIMIT.to_json()]) == (REGION, SINCE, LIMIT)
    assert whole_list([]) == ()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "its type is one of"),
        ([{"name": "a", "type": "list", "value": "x"}], "its type is one of"),
        ([{"name": "a", "type": "string", "value": None}], "its value is"),
        ([{"name": "a", "type": "number", "value": True}], "no number"),
        ([{"name": "a", "type": "date", "value": "soon"}], "no date"),
        ([{"name": "1a", "type": "string", "value": "x"}], "no name"),
        ([REGION.to_json(), REGION.to_json()], "another variable has this name"),
        ([{"name": f"v{number}", "type": "number", "value": 1} for number in range(11)], "at most 10"),
    ],
)
def test_a_list_that_posthog_would_not_take_is_refused(value: object, words: str) -> None:
    with pytest.raises(VariableNotUsableError) as caught:
        whole_list(value)

    assert words in str(caught.value.facts["problem"])
