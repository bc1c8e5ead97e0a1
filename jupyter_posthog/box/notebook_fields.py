"""The fields that a caller may write, checked as PostHog's serializers do (posthog-api.md 3.1, 6.1, 6.3)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from jupyter_posthog.box.refusals import invalid, required

Json = Any
MAXIMUM_TITLE, MAXIMUM_SHORT_ID = 256, 12
MAXIMUM_VARIABLES, MAXIMUM_NAME, MAXIMUM_VALUE = 10, 200, 1000
_TYPES: dict[str, type | tuple[type, ...]] = {"string": str, "number": (int, float), "boolean": bool, "date": str}
_BOOLEANS = {"true": True, "True": True, "1": True, "false": False, "False": False, "0": False}


def checked_fields(body: dict[str, Json]) -> dict[str, Json]:
    """Return what a create or update writes; unknown fields are passed over.

    Raises:
        Refusal: 400 that names the first wrong field.
    """
    fields: dict[str, Json] = {}
    if "title" in body:
        fields["title"] = _text(body["title"], "title", longest=MAXIMUM_TITLE)
    if "content" in body:
        fields["content"] = body["content"]
    if "text_content" in body:
        fields["text_content"] = _text(body["text_content"], "text_content")
    if "version" in body:
        fields["version"] = _integer(body["version"], "version")
    if "deleted" in body:
        fields["deleted"] = _boolean(body["deleted"], "deleted")
    if "variables" in body:
        fields["variables"] = checked_variables(body["variables"])
    return fields


def checked_short_id(value: Json) -> str | None:
    """Return the id that a caller chose for a new notebook, None where it chose none (6.5).

    Raises:
        Refusal: 400.
    """
    if value is None:
        return None
    if not isinstance(value, str) or not re.fullmatch(rf"[A-Za-z0-9]{{1,{MAXIMUM_SHORT_ID}}}", value):
        detail = f"A short_id has letters and digits only, at most {MAXIMUM_SHORT_ID}."
        raise invalid(detail, attr="short_id")
    return value


def checked_variables(value: Json) -> list[Json]:
    """Return a notebook's variables (6.3).

    Raises:
        Refusal: 400 that names the variable and its field.
    """
    if not isinstance(value, list):
        raise invalid(f'Expected a list of items but got type "{type(value).__name__}".', attr="variables")
    if len(value) > MAXIMUM_VARIABLES:
        raise invalid(f"A notebook can have at most {MAXIMUM_VARIABLES} variables.", attr="variables")
    variables = [_variable(one, f"variables__{number}") for number, one in enumerate(value)]
    names = [variable["name"] for variable in variables]
    if len(set(names)) < len(names):
        raise invalid("Variable names must be unique.", attr="variables")
    return variables


def _variable(value: Json, place: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise invalid("Invalid data. Expected a dictionary.", attr=place)
    for key in ("name", "type", "value"):
        if key not in value:
            raise required(f"{place}__{key}")
    name, kind = value["name"], value["type"]
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) or name == "filters":
        raise invalid("Not a valid variable name.", attr=f"{place}__name")
    if len(name) > MAXIMUM_NAME:
        detail = f"Ensure this field has no more than {MAXIMUM_NAME} characters."
        raise invalid(detail, attr=f"{place}__name", code="max_length")
    if not isinstance(kind, str) or kind not in _TYPES:
        raise invalid(f'"{kind}" is not a valid choice.', attr=f"{place}__type", code="invalid_choice")
    _check_value(value["value"], kind, f"{place}__value")
    return {"name": name, "type": kind, "value": value["value"]}


def _check_value(value: Json, kind: str, place: str) -> None:
    is_number_of_boolean = kind == "number" and isinstance(value, bool)
    if not isinstance(value, _TYPES[kind]) or is_number_of_boolean or (kind == "date" and not _is_date(value)):
        raise invalid(f"Not a valid {kind}.", attr=place)
    if len(str(value)) > MAXIMUM_VALUE:
        raise invalid(f"Ensure this field has no more than {MAXIMUM_VALUE} characters.", attr=place, code="max_length")


def _is_date(value: Json) -> bool:
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        return False
    return len(value) >= 10


def _text(value: Json, name: str, *, longest: int | None = None) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise invalid("Not a valid string.", attr=name)
    text = str(value)
    if "\0" in text:
        raise invalid("Null characters are not allowed.", attr=name, code="null_characters_not_allowed")
    if longest is not None and len(text) > longest:
        raise invalid(f"Ensure this field has no more than {longest} characters.", attr=name, code="max_length")
    return text


def _integer(value: Json, name: str) -> int:
    if value is None:
        raise invalid("This field may not be null.", attr=name, code="null")
    if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,10}(\.0*)?", str(value)):
        raise invalid("A valid integer is required.", attr=name)
    number = int(str(value).partition(".")[0])
    if not -(2**31) <= number < 2**31:
        raise invalid("Ensure this value is less than or equal to 2147483647.", attr=name, code="max_value")
    return number


def _boolean(value: Json, name: str) -> bool:
    if value is None:
        raise invalid("This field may not be null.", attr=name, code="null")
    if isinstance(value, bool):
        return value
    if str(value) not in _BOOLEANS:
        raise invalid("Must be a valid boolean.", attr=name)
    return _BOOLEANS[str(value)]
