"""The notebook's variables (posthog-api.md 6.3): ``{name}`` in SQL, a global called ``name`` in Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from jupyter_posthog.errors import VariableNotUsableError
from jupyter_posthog.execution.sql_tokens import Dialect, replace_placeholders

Value = str | int | float | bool
MOST_VARIABLES, LONGEST_NAME, LONGEST_VALUE = 10, 200, 1000
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TYPES = ("string", "number", "boolean", "date")
#: What papermill writes above the parameters that it injects.
_INJECTED = "# Parameters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One variable; ``type`` is ``string``, ``number``, ``boolean`` or ``date``."""

    name: str
    type: str
    value: Value

    def to_json(self) -> dict[str, Value]:
        """Return the variable as PostHog takes it."""
        return {"name": self.name, "type": self.type, "value": self.value}


Variables = tuple[Variable, ...]


def read_variables(value: object) -> Variables:
    """Return the variables of a notebook's record; what PostHog itself would not take is left out."""
    found = []
    for item in value if isinstance(value, list) else []:
        if not isinstance(item, dict) or not isinstance(item.get("value"), str | int | float | bool):
            continue
        name = item.get("name")
        if isinstance(name, str) and _NAME.fullmatch(name):
            found.append(Variable(name=name, type=str(item.get("type", "string")), value=item["value"]))
    return tuple(found)


def whole_list(value: object) -> Variables:
    """Return variables that somebody has written down as the notebook's own, the whole list.

    Raises:
        VariableNotUsableError: PostHog would not take one of them.
    """
    found: dict[str, Variable] = {}
    for item in value if isinstance(value, list) else [value]:
        given = item if isinstance(item, dict) else {}
        name, kind, content = str(given.get("name", "")), given.get("type"), given.get("value")
        if kind not in _TYPES:
            raise VariableNotUsableError(name=name, problem=f"its type is one of {', '.join(_TYPES)}")
        if not isinstance(content, str | int | float):
            raise VariableNotUsableError(name=name, problem="its value is a text, a number, or true or false")
        if name in found:
            raise VariableNotUsableError(name=name, problem="another variable has this name")
        found[name] = _checked(name, content, Variable(name=name, type=str(kind), value=content))
    return with_values(tuple(found.values()), {})


def with_values(variables: Variables, values: Mapping[str, Value]) -> Variables:
    """Return the variables with other values; names that are not there yet come behind.

    Raises:
        VariableNotUsableError: PostHog would not take a name or a value.
    """
    known = {variable.name: variable for variable in variables}
    for name, value in values.items():
        known[name] = _checked(name, value, known.get(name))
    if len(known) > MOST_VARIABLES:
        name = list(known)[MOST_VARIABLES]
        raise VariableNotUsableError(name=name, problem=f"a notebook has at most {MOST_VARIABLES} variables")
    return tuple(known.values())


def with_injected(variables: Variables, values: Mapping[str, Value], injected: Mapping[str, Value]) -> dict[str, Value]:
    """Return the values with those that papermill injected; what PostHog cannot hold stays a global of Python.

    Raises:
        VariableNotUsableError: A variable of the notebook's own would get a value that it cannot have.
    """
    found = dict(values)
    own = {variable.name for variable in variables}
    for name, value in injected.items():
        try:
            with_values(variables, {**found, name: value})
        except VariableNotUsableError:
            if name in own:
                raise
        else:
            found[name] = value
    return found


def injected_values(source: str) -> dict[str, Value]:
    """Return the parameters that papermill has put into a cell; empty for every other cell."""
    if not source.lstrip().startswith(_INJECTED):
        return {}
    try:
        statements = ast.parse(source).body
        return {
            statement.targets[0].id: value
            for statement in statements
            if isinstance(statement, ast.Assign)
            and isinstance(statement.targets[0], ast.Name)
            and isinstance(value := ast.literal_eval(statement.value), str | int | float | bool)
        }
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return {}  # a parameter that is no plain value stays a global of Python


def fill_sql(sql: str, variables: Iterable[Variable], dialect: Dialect) -> str:
    """Return SQL with the values in the place of ``{name}``, for ways that take no values beside the text."""
    values = {variable.name: _literal(variable.value, dialect) for variable in variables}
    return replace_placeholders(sql, dialect, values.get)


def python_assignments(variables: Iterable[Variable]) -> str:
    """Return Python that binds the variables, for ways that take no values beside the code."""
    return "".join(f"{variable.name} = {variable.value!r}\n" for variable in variables)


def value_of_text(text: str) -> Value:
    """Return what a person typed on a command line as the value that it looks like: number, true, false, else text."""
    if text in {"true", "false"}:
        return text == "true"
    for kind in (int, float):
        try:
            number: int | float = kind(text)
        except ValueError:
            continue
        return number if abs(number) < float("inf") else text
    return text


def _checked(name: str, value: Value, known: Variable | None) -> Variable:
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME or name == "filters":
        raise VariableNotUsableError(name=name, problem="this is no name of a variable")
    if known is not None and known.type == "string" and not isinstance(value, str):
        value = str(value).lower() if isinstance(value, bool) else str(value)
    if len(str(value)) > LONGEST_VALUE:
        raise VariableNotUsableError(name=name, problem=f"its value is longer than {LONGEST_VALUE} characters")
    kind = known.type if known is not None else _type_of(value)
    if known is not None and not _fits(kind, value):
        raise VariableNotUsableError(name=name, problem=f"{value!r} is no {kind}")
    return Variable(name=name, type=kind, value=value)


def _type_of(value: Value) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int | float) else "string"


def _fits(kind: str, value: Value) -> bool:
    if kind == "date":
        return isinstance(value, str) and _is_date(value)
    return kind == _type_of(value)


def _is_date(text: str) -> bool:
    for kind in (date, datetime):
        try:
            kind.fromisoformat(text)
        except ValueError:
            continue
        return True
    return False


def _literal(value: Value, dialect: Dialect) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return repr(value)
    if dialect is Dialect.DUCKDB:
        return "'" + value.replace("'", "''") + "'"
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
