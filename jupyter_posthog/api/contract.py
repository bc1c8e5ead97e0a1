"""What each endpoint takes, as data: the fields of its query and body, their types, ranges and choices.

Fields that do not stand here are passed on as they are. Sources: posthog-api.md 6 (notebooks), 8, 9, 11 (kernels),
12 (runs), 13, 15 (collaboration), 17 (query). Numbers and booleans may also come as text, as PostHog takes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """What a field holds."""

    TEXT = "a text"
    INTEGER = "a whole number"
    NUMBER = "a number"
    BOOLEAN = "true or false"
    OBJECT = "an object"
    LIST = "a list"
    ANY = "any JSON"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """The rule of one field.

    Attributes:
        least: The smallest number.
        most: The largest number.
        longest: The most characters of a text, or entries of a list.
        pattern: What the whole text must match; an empty text is left to ``may_be_blank``.
        form: The pattern in words, after "must be".
        choices: The only values.
        entries: The fields of each object of a list.
        unique: The field in which the objects of a list must differ.
    """

    kind: Kind
    is_required: bool = False
    may_be_null: bool = False
    may_be_blank: bool = True
    least: float | None = None
    most: float | None = None
    longest: int | None = None
    pattern: str | None = None
    form: str = ""
    choices: tuple[object, ...] = ()
    entries: Mapping[str, Field] = field(default_factory=dict)
    unique: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What one endpoint takes.

    Attributes:
        one_of: At least one of these fields must be given.
    """

    query: Mapping[str, Field] = field(default_factory=dict)
    body: Mapping[str, Field] = field(default_factory=dict)
    one_of: tuple[str, ...] = ()


NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_SEGMENT = r"(?!\.{1,2}(?:/|$))[^/\x00-\x1f\x7f]+"

TEXT = Field(kind=Kind.TEXT)
TEXT_OR_NULL = Field(kind=Kind.TEXT, may_be_null=True)
FLAG = Field(kind=Kind.BOOLEAN)
COUNT = Field(kind=Kind.INTEGER, least=0)
POSITIVE = Field(kind=Kind.INTEGER, least=1, most=2_147_483_647)
OFFSET = Field(kind=Kind.INTEGER, least=0, most=2_147_483_647)
ROWS = Field(kind=Kind.INTEGER, least=1, most=500)
TITLE = Field(kind=Kind.TEXT, may_be_null=True, longest=256)
VERSION = Field(kind=Kind.INTEGER, least=-2_147_483_648, most=2_147_483_647)
BASE_VERSION = Field(kind=Kind.INTEGER, is_required=True, least=0, most=2_147_483_647)
CLIENT = Field(kind=Kind.TEXT, is_required=True, may_be_blank=False, longest=200)
CODE = Field(kind=Kind.TEXT, is_required=True)
CODE_TO_RUN = Field(kind=Kind.TEXT, is_required=True, may_be_blank=False)
CODE_TO_HELP = Field(kind=Kind.TEXT, is_required=True, longest=100_000)
TIMEOUT = Field(kind=Kind.NUMBER, least=0.1, most=120)
ANY = Field(kind=Kind.ANY, may_be_null=True)
SHORT_ID = Field(
    kind=Kind.TEXT,
    may_be_null=True,
    pattern=r"[A-Za-z0-9]{1,12}",
    form="letters and digits, at most 12",
)
FOLDER = Field(
    kind=Kind.TEXT,
    pattern=rf"{_SEGMENT}(?:/{_SEGMENT})*/?",
    form="names of folders with one slash between them, none of them . or .., without control characters",
)
VARIABLES = Field(
    kind=Kind.LIST,
    longest=10,
    unique="name",
    entries={
        "name": Field(
            kind=Kind.TEXT,
            is_required=True,
            may_be_blank=False,
            longest=200,
            pattern=rf"(?!filters$){NAME}",
            form="a name of letters, digits and underscores other than filters",
        ),
        "type": Field(kind=Kind.TEXT, is_required=True, choices=("string", "number", "boolean", "date")),
        "value": Field(kind=Kind.ANY, is_required=True, may_be_null=True),
    },
)
NOTEBOOK: Mapping[str, Field] = {
    "title": TITLE,
    "content": ANY,
    "text_content": TEXT_OR_NULL,
    "version": VERSION,
    "deleted": FLAG,
    "variables": VARIABLES,
    "_create_in_folder": FOLDER,
}
EXECUTE: Mapping[str, Field] = {"code": CODE, "return_variables": FLAG, "timeout": TIMEOUT}
SAVE: Mapping[str, Field] = {"client_id": CLIENT, "version": BASE_VERSION, "text_content": TEXT_OR_NULL, "title": TITLE}
ACTIVITY: Mapping[str, Field] = {"limit": POSITIVE, "page": POSITIVE}
_CORES = (0.125, 0.25, 0.5, 1, 2, 4, 6, 8, 16, 32, 64)
_MEMORY_GB = (0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256)
_LIFETIMES_S = (600, 1800, 3600, 10800, 21600, 43200)
_REFRESH = ("blocking", "async", "lazy_async", "force_async", "force_blocking", "force_cache")

#: The ids in a path.
PATH: Mapping[str, Field] = {
    "project_id": Field(kind=Kind.TEXT, pattern=r"[0-9]{1,18}|@current", form="a number, or @current"),
    "short_id": SHORT_ID,
    "run_id": Field(kind=Kind.TEXT, pattern=r"[A-Za-z0-9-]{1,64}", form="letters, digits and hyphens, at most 64"),
}

#: By name of route; an endpoint that does not stand here takes no fields that could be wrong.
CONTRACTS: Mapping[str, Contract] = {
    "notebooks.list": Contract(
        query={
            "limit": POSITIVE,
            "offset": OFFSET,
            "short_id": SHORT_ID,
            "contains": Field(
                kind=Kind.TEXT,
                pattern=r"[\w-]+:[^\s,:]+(?:[\s,]+[\w-]+:[^\s,:]+)*",
                form="pairs such as recording:true, with spaces or commas between them",
            ),
            "order": Field(kind=Kind.TEXT, pattern=rf"-?{NAME}", form="the name of a field, such as -created_at"),
        }
    ),
    "notebooks.create": Contract(body={**NOTEBOOK, "short_id": SHORT_ID}),
    "notebook.update": Contract(body=NOTEBOOK),
    "activity.all": Contract(query=ACTIVITY),
    "activity.one": Contract(query=ACTIVITY),
    "recording_comments": Contract(query={"recording_id": CODE_TO_RUN}),
    "collab.save": Contract(body={**SAVE, "steps": Field(kind=Kind.LIST, is_required=True)}),
    "collab.markdown_save": Contract(body={**SAVE, "content": Field(kind=Kind.OBJECT, is_required=True)}),
    "collab.presence": Contract(body={"client_id": CLIENT}),
    "kernel.config": Contract(
        body={
            "cpu_cores": Field(kind=Kind.NUMBER, may_be_null=True, choices=_CORES),
            "memory_gb": Field(kind=Kind.NUMBER, may_be_null=True, choices=_MEMORY_GB),
            "idle_timeout_seconds": Field(kind=Kind.INTEGER, may_be_null=True, choices=_LIFETIMES_S),
        },
        one_of=("cpu_cores", "memory_gb", "idle_timeout_seconds"),
    ),
    "kernel.execute": Contract(body=EXECUTE),
    "kernel.execute.stream": Contract(body=EXECUTE),
    "kernel.dataframe": Contract(
        query={
            "variable_name": Field(
                kind=Kind.TEXT,
                is_required=True,
                may_be_blank=False,
                pattern=NAME,
                form="the name of a variable",
            ),
            "offset": OFFSET,
            "limit": ROWS,
            "timeout": TIMEOUT,
        }
    ),
    "kernel.complete": Contract(body={"code": CODE_TO_HELP, "cursor_pos": COUNT}),
    "kernel.inspect": Contract(
        body={"code": CODE_TO_HELP, "cursor_pos": COUNT, "detail_level": Field(kind=Kind.INTEGER, choices=(0, 1))}
    ),
    "hogql.execute": Contract(body={"query": CODE_TO_RUN}),
    "run.start": Contract(
        body={
            "node_id": CODE_TO_RUN,
            "node_type": Field(kind=Kind.TEXT, choices=("hogql", "python")),
            "code": CODE_TO_RUN,
            "output_name": Field(kind=Kind.TEXT, pattern=NAME, form="the name of a variable"),
            "refs": Field(kind=Kind.OBJECT),
            "variables": VARIABLES,
            "connection_id": TEXT_OR_NULL,
            "send_raw_query": FLAG,
            "reuse_results": FLAG,
        }
    ),
    "run.page": Contract(query={"offset": OFFSET, "limit": ROWS}),
    "run.state": Contract(query={"detail": Field(kind=Kind.TEXT, choices=("full", "compact"))}),
    "runs.start": Contract(body={"variables": VARIABLES, "include_prepared_insights": FLAG}),
    "query": Contract(
        body={
            "query": Field(kind=Kind.OBJECT, is_required=True),
            "refresh": Field(kind=Kind.TEXT, choices=(*_REFRESH, "async_except_on_cache_miss")),
            "client_query_id": TEXT_OR_NULL,
            "name": TEXT_OR_NULL,
        }
    ),
}
