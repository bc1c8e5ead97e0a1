"""What a caller asks of a cell run, checked, and the run that comes of it (posthog-api.md 12.2)."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from jupyter_posthog.box.engine.hogql import HogqlError, Node, parse_select
from jupyter_posthog.box.moments import now
from jupyter_posthog.box.refusals import bare, invalid, required

Json = Any
NODE_TYPES, REFERENCE_KINDS = ("hogql", "python"), ("hogql", "local")
VARIABLE_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "date": (str,),
}
MOST_VARIABLES = 10
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def _ignore(run: Run) -> None:
    """Nobody waits for the end of this run."""


@dataclass(slots=True, kw_only=True)
class Run:
    """One execution of one cell."""

    run_id: str
    person: str
    short_id: str
    node_id: str
    node_type: str
    code: str
    output_name: str
    references: dict[str, dict[str, str]]
    variables: dict[str, Json] = field(default_factory=dict)
    tree: Node | None = None
    status: str = "running"
    result: Json = None
    error: str | None = None
    rows: list[Json] | None = None
    is_interrupted: bool = False
    finished_at: str | None = None
    query_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    on_end: Callable[[Run], None] = _ignore

    @property
    def in_kernel(self) -> bool:
        """Whether it runs in a kernel: Python, and SQL over frames that live there."""
        return self.node_type == "python" or any(one.get("kind") == "local" for one in self.references.values())

    def end(self, result: Json, rows: list[Json] | None = None) -> None:
        """End the run with a result."""
        if self.status == "running":
            self.result, self.rows, self.finished_at = result, rows, now()
            self.status = "interrupted" if self.is_interrupted else "done"
            self.on_end(self)

    def fail(self, error: str) -> None:
        """End the run without one; what was printed is lost with it (12.3)."""
        if self.status == "running":
            self.status, self.error, self.finished_at = "failed", error, now()
            self.on_end(self)


def requested(person: str, short_id: str, body: dict[str, Json]) -> Run:
    """Return the run that a person's request asks for.

    Raises:
        Refusal: 400 that names the field, or what is wrong with the query.
    """
    node_id, code = _text(body, "node_id"), _text(body, "code")
    node_type = body.get("node_type", "hogql")
    if node_type not in NODE_TYPES:
        raise invalid(f'"{node_type}" is not a valid choice.', attr="node_type", code="invalid_choice")
    if body.get("connection_id"):
        raise bare(400, "Unknown connection.")
    if body.get("send_raw_query"):
        raise bare(400, "Raw queries need a connection.")
    run = Run(
        run_id=str(uuid.uuid4()),
        person=person,
        short_id=short_id,
        node_id=node_id,
        node_type=node_type,
        code=code,
        output_name=_name(body.get("output_name")),
        references=_references(body.get("refs")),
        variables=_variables(body.get("variables")),
    )
    if not run.in_kernel:
        try:
            run.tree = parse_select(code)
        except HogqlError as error:
            raise bare(400, str(error)) from error
    return run


def _text(body: dict[str, Json], name: str) -> str:
    value = body.get(name)
    if name not in body:
        raise required(name)
    if value is None:
        raise invalid("This field may not be null.", attr=name, code="null")
    if not isinstance(value, str):
        raise invalid("Not a valid string.", attr=name)
    if not value.strip():
        raise invalid("This field may not be blank.", attr=name, code="blank")
    return value


def _name(value: Json) -> str:
    return value if isinstance(value, str) and _NAME.fullmatch(value) else ""


def _references(value: Json) -> dict[str, dict[str, str]]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise invalid('Expected a dictionary of items but got type "list".', attr="refs", code="not_a_dict")
    for name, reference in value.items():
        is_whole = isinstance(reference, dict) and isinstance(reference.get("node_id"), str)
        if not _NAME.fullmatch(name) or not is_whole or reference.get("kind") not in REFERENCE_KINDS:
            raise invalid(f"Invalid reference: {name}", attr="refs")
    return {name: dict(reference) for name, reference in value.items()}


def _variables(value: Json) -> dict[str, Json]:
    if value is None:
        return {}
    if not isinstance(value, list) or len(value) > MOST_VARIABLES:
        raise invalid(f"Expected a list of at most {MOST_VARIABLES} items.", attr="variables")
    found: dict[str, Json] = {}
    for number, variable in enumerate(value):
        name = variable.get("name") if isinstance(variable, dict) else None
        if not isinstance(name, str) or not _NAME.fullmatch(name) or name in found or name == "filters":
            raise invalid("Enter a valid name.", attr=f"variables__{number}__name")
        kinds = VARIABLE_TYPES.get(str(variable.get("type", "string")), (str,))
        content = variable.get("value")
        if not isinstance(content, kinds) or (isinstance(content, bool) and bool not in kinds):
            raise invalid("Not a valid value.", attr=f"variables__{number}__value")
        found[name] = content
    return found


def as_python(variables: dict[str, Json]) -> str:
    """Return Python that binds variables in a kernel."""
    return f"_ph.bind({json.dumps(variables)!r})"
