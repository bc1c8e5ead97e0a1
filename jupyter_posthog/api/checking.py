"""Checks a request against the contract before anything leaves (api/contract.py)."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import NoReturn
from urllib.parse import parse_qsl

import msgspec

from jupyter_posthog.api.contract import CONTRACTS, PATH, Contract, Field, Kind
from jupyter_posthog.api.routes import Route
from jupyter_posthog.errors import RequestNotValidError

FORM = "application/x-www-form-urlencoded"
_KEY_FIELD = "personal_api_key"
_NONE = Contract()
_BOOLEANS = {"true", "false", "1", "0", "t", "f", "yes", "no", "y", "n", "on", "off"}
_TYPES: Mapping[Kind, tuple[type, ...]] = {
    Kind.TEXT: (str, int, float),
    Kind.OBJECT: (dict,),
    Kind.LIST: (list,),
}


def check_request(route: Route, path: str, query: Mapping[str, str], content: bytes | None) -> None:
    """Check the ids of the path, the query and the body; what the contract does not know passes.

    Raises:
        RequestNotValidError: One field is wrong; it says which one, and why.
    """
    contract = CONTRACTS.get(route.name, _NONE)
    _check_fields(route.parts(path), PATH)
    _refuse_key(query)
    _check_fields(query, contract.query)
    if route.method == "GET":
        return
    body = _read_body(content, contract.body)
    _refuse_key(body)
    _check_fields(body, contract.body)
    if contract.one_of and not any(name in body for name in contract.one_of):
        _refuse("", "required", f"at least one of {', '.join(contract.one_of)} must be given")


def form_as_json(content: bytes) -> bytes:
    """Return the fields of a form as the JSON object PostHog's API takes; the documentation's examples send forms."""
    fields = dict(parse_qsl(content.decode("utf-8", "replace"), keep_blank_values=True))
    fields.pop("_xsrf", None)  # Jupyter's, not PostHog's
    return json.dumps(fields).encode("ascii")


def is_json(body: bytes) -> bool:
    """Whether bytes are one JSON value, without building it."""
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        # Lone surrogates and numbers that JSON cannot say are stored in notebooks; Python reads them.
        return _python_reads(body)
    return True


def _python_reads(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _read_body(content: bytes | None, fields: Mapping[str, Field]) -> dict[str, object]:
    """Return the fields that have a rule; a document of many megabytes is passed over, not built."""
    if not content or not content.strip():
        return {}
    try:
        raw = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
        known = (name for name in raw if name == _KEY_FIELD or fields.get(name, _ANY).kind is not Kind.ANY)
        return {**dict.fromkeys(raw), **{name: msgspec.json.decode(raw[name]) for name in known}}
    except (msgspec.DecodeError, RecursionError):
        return _read_slowly(content)


def _read_slowly(content: bytes) -> dict[str, object]:
    try:
        value = json.loads(content, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        _refuse("", "parse_error", "the body is not JSON")
    if not isinstance(value, dict):
        _refuse("", "invalid_input", "the body must be a JSON object")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse_key(fields: Mapping[str, object]) -> None:
    if _KEY_FIELD in fields:
        _refuse(_KEY_FIELD, "invalid_input", "a key does not belong in a request: the connection has its own")


def _check_fields(given: Mapping[str, object], fields: Mapping[str, Field], place: str = "") -> None:
    for name, field in fields.items():
        if name in given:
            _check(given[name], field, place + name)
        elif field.is_required:
            _refuse(place + name, "required", f"“{place + name}” is missing")


def _check(value: object, field: Field, attr: str) -> None:
    if value is None:
        if not field.may_be_null and field.kind is not Kind.ANY:
            _refuse(attr, "null", f"“{attr}” may not be null")
        return
    if field.kind in {Kind.INTEGER, Kind.NUMBER}:
        _check_number(value, field, attr)
    elif field.kind is Kind.BOOLEAN:
        if str(value).lower() not in _BOOLEANS:
            _refuse_type(field, attr)
    elif field.kind in _TYPES:
        if isinstance(value, bool) or not isinstance(value, _TYPES[field.kind]):
            _refuse_type(field, attr)
        if isinstance(value, list):
            _check_list(value, field, attr)
        elif field.kind is Kind.TEXT:
            _check_text(str(value), field, attr)


def _check_number(value: object, field: Field, attr: str) -> None:
    number = _number(value)
    if number is None or (field.kind is Kind.INTEGER and number != int(number)):
        _refuse_type(field, attr)
    if field.choices and number not in field.choices:
        _refuse_choice(field, attr)
    if field.least is not None and number < field.least:
        _refuse(attr, "min_value", f"“{attr}” may be at least {_shown(field.least)}")
    if field.most is not None and number > field.most:
        _refuse(attr, "max_value", f"“{attr}” may be at most {_shown(field.most)}")


def _check_text(text: str, field: Field, attr: str) -> None:
    if not text.strip():
        if not field.may_be_blank:
            _refuse(attr, "blank", f"“{attr}” may not be empty")
        return
    if field.longest is not None and len(text) > field.longest:
        _refuse(attr, "max_length", f"“{attr}” may have at most {field.longest} characters")
    if field.choices and text not in field.choices:
        _refuse_choice(field, attr)
    if field.pattern is not None and not re.fullmatch(field.pattern, text):
        _refuse(attr, "invalid_input", f"“{attr}” must be {field.form}")
    if "\0" in text:
        _refuse(attr, "null_characters_not_allowed", f"“{attr}” may not hold a null character")


def _check_list(entries: Sequence[object], field: Field, attr: str) -> None:
    if field.longest is not None and len(entries) > field.longest:
        _refuse(attr, "max_length", f"“{attr}” may have at most {field.longest} entries")
    if not field.entries:
        return
    for number, entry in enumerate(entries):
        if not isinstance(entry, dict):
            _refuse(f"{attr}__{number}", "invalid_input", f"“{attr}__{number}” must be an object")
        _check_fields(entry, field.entries, f"{attr}__{number}__")
    names = [str(entry.get(field.unique)) for entry in entries if isinstance(entry, dict)]
    if field.unique and len(set(names)) < len(names):
        _refuse(attr, "invalid_input", f"the entries of “{attr}” must differ in “{field.unique}”")


def _number(value: object) -> float | None:
    """Return a finite number, also one that came as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _shown(number: float) -> str:
    return f"{number:g}" if number < 1_000_000 else f"{number:.0f}"


def _refuse_type(field: Field, attr: str) -> NoReturn:
    _refuse(attr, "invalid_input", f"“{attr}” must be {field.kind.value}")


def _refuse_choice(field: Field, attr: str) -> NoReturn:
    _refuse(attr, "invalid_choice", f"“{attr}” must be one of {', '.join(str(choice) for choice in field.choices)}")


def _refuse(attr: str, code: str, problem: str) -> NoReturn:
    raise RequestNotValidError(attr=attr, code=code, problem=problem)


_ANY = Field(kind=Kind.ANY)
