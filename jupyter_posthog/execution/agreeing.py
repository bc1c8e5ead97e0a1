"""Whose code a notebook holds and what running it costs: told before the first run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jupyter_posthog.api.models import NotebookSummary, Person
from jupyter_posthog.errors import PosthogError
from jupyter_posthog.execution.places import NotebookPlace
from jupyter_posthog.records.agreements import AgreementStore
from jupyter_posthog.records.files import NotebookKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """A notebook that somebody else wrote.

    Attributes:
        author: Who edited it last, else who made it.
        hourly_price: Of a sandbox for it, in US dollars; None where PostHog does not say.
    """

    author: str
    email: str
    hourly_price: float | None

    @property
    def words(self) -> str:
        """What the person is told."""
        costs = "" if self.hourly_price is None else f"; the sandbox costs ${self.hourly_price:g} an hour"
        return f"{self.author} wrote this notebook. Its code runs on PostHog as you, with your access{costs}."


async def foreign_notebook(place: NotebookPlace, key: NotebookKey, data_dir: Path) -> Foreign | None:
    """Return who else wrote a notebook, where the person has not agreed yet to run their code.

    None for one's own, and where PostHog does not tell who one is.
    """
    record = await place.api.notebooks.fetch(place.project_id, place.short_id)
    try:
        user = await place.api.identity.fetch_user()
    except PosthogError:
        return None  # a key without user:read: nobody can be told apart
    author = _author(record)
    if author is None or not author.email or author.email == user.email:
        return None
    if _store(data_dir).has_agreed(key, author.email):
        return None
    return Foreign(author=author.display_name, email=author.email, hourly_price=await _hourly_price(place))


def note_agreement(foreign: Foreign, key: NotebookKey, data_dir: Path) -> None:
    """Remember that the person has agreed to run this author's code in this notebook.

    Raises:
        OSError: The disk is full or not writable.
    """
    _store(data_dir).keep(key, foreign.email)


def _store(data_dir: Path) -> AgreementStore:
    return AgreementStore(data_dir / "posthog" / "agreements")


def _author(record: NotebookSummary) -> Person | None:
    return record.last_modified_by or record.created_by


async def _hourly_price(place: NotebookPlace) -> float | None:
    try:
        return (await place.api.kernels.status(place.project_id, place.short_id)).hourly_price
    except PosthogError:
        return None
