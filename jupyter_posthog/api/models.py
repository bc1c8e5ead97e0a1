"""PostHog's answers as typed values; fields nobody here needs are ignored.

A document stays raw JSON: a typed decode would drop the attributes we do not know.
"""

from __future__ import annotations

from typing import Literal, TypeVar

import msgspec

from jupyter_posthog.api.bodies import JsonValue
from jupyter_posthog.errors import NotPosthogError

Answer = TypeVar("Answer")
#: A project's id, or PostHog's word for the person's current one (posthog-api.md 1.2).
ProjectId = int | Literal["@current"]


class Person(msgspec.Struct, frozen=True):
    """PostHog's UserBasic (posthog-api.md 6.1)."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""

    @property
    def display_name(self) -> str:
        """The name a colleague would use."""
        return f"{self.first_name} {self.last_name}".strip() or self.email


class NotebookSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the notebook list (posthog-api.md 6.2)."""

    short_id: str
    title: str | None = None
    deleted: bool = False
    created_at: str | None = None
    created_by: Person | None = None
    last_modified_at: str | None = None
    last_modified_by: Person | None = None
    user_access_level: str | None = None


class NotebookPage(msgspec.Struct, frozen=True):
    """One page of the notebook list; the absolute ``next`` is never followed, only its presence counts."""

    count: int
    results: list[NotebookSummary]
    next: str | None = None


class RemoteNotebook(NotebookSummary, frozen=True, kw_only=True):
    """PostHog's full record of a notebook (posthog-api.md 6.1). ``content`` is the document."""

    version: int = 0
    content: object = None
    text_content: str | None = None
    variables: object = None


class NotebookTouch(msgspec.Struct, frozen=True, kw_only=True):
    """What an event of the live channel says about who did it (posthog-api.md 15.4); only saves name a version."""

    client_id: str | None = None
    user_name: str | None = None
    version: int | None = None


class RunStarted(msgspec.Struct, frozen=True):
    """Answer to a run that was accepted (posthog-api.md 12.2)."""

    run_id: str
    starts_sandbox: bool = False
    sandbox_hourly_price: float | None = None


class LastRun(msgspec.Struct, frozen=True):
    """The newest run of one cell, as the state tells it."""

    run_id: str
    status: str


class CellState(msgspec.Struct, frozen=True):
    """One cell of the state; prose has no run."""

    node_id: str | None = None
    status: str = ""
    last_run: LastRun | None = None


class CellStates(msgspec.Struct, frozen=True):
    """The part of a notebook's state that tells which cells run (posthog-api.md 12.6)."""

    cells: list[CellState] = []


class RunStatus(msgspec.Struct, frozen=True):
    """One poll of a run (posthog-api.md 12.3). ``result`` is the raw envelope."""

    status: str
    result: dict[str, object] | None = None
    error: str | None = None
    rows: list[list[object]] | None = None

    @property
    def is_final(self) -> bool:
        """Whether the run has ended."""
        return self.status != "running"


class RunPage(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of the frame that a kernel run made (posthog-api.md 12.4)."""

    columns: list[str]
    rows: list[list[object]]
    types: list[object] = []
    row_count: int | None = None


class QueryAnswer(msgspec.Struct, frozen=True):
    """Answer of the query endpoint and of hogql/execute (posthog-api.md 17, 11.9)."""

    results: list[list[object]] = []
    columns: list[str] = []
    types: list[object] = []
    hasMore: bool = False
    limit: int | None = None


class Project(msgspec.Struct, frozen=True):
    """One project (posthog-api.md 16.3)."""

    id: int
    name: str = ""
    organization: str | None = None


class Organization(msgspec.Struct, frozen=True):
    """One organization, as users/@me names it (posthog-api.md 16.1)."""

    id: str
    name: str = ""


class CurrentUser(msgspec.Struct, frozen=True):
    """The person behind the credential (posthog-api.md 16.1)."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    team: Project | None = None
    organization: Organization | None = None
    organizations: list[Organization] = []


class CurrentKey(msgspec.Struct, frozen=True):
    """A personal API key about itself (posthog-api.md 16.2)."""

    label: str = ""
    scopes: list[str] = []
    scoped_teams: list[int] | None = None


def decode(value: JsonValue, model: type[Answer], *, host: str) -> Answer:
    """Check one answer against its model.

    Raises:
        NotPosthogError: The answer lacks what every PostHog gives.
    """
    try:
        return msgspec.convert(value, model, strict=False)
    except msgspec.ValidationError as error:
        raise NotPosthogError(host=host, status=200, content_type="application/json") from error
