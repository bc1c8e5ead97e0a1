"""One save that a page asks for, and what can carry it out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from jupyter_posthog.document import JsonObject, as_notebook
from jupyter_posthog.storage.paths import NotebookAddress

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_posthog.records.drafts import Draft
    from jupyter_posthog.storage.merging import Answers
    from jupyter_posthog.storage.saving import SavedNotebook


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRequest:
    """Edits that a page made on one version.

    Attributes:
        base_version: The version the page shows; None means the newest one PostHog has.
        page_id: Names the open page, whose draft this is; empty for clients that are no page of ours.
        answers: What the person chose for blocks that both sides changed.
    """

    address: NotebookAddress
    notebook: NotebookNode
    base_version: int | None
    page_id: str = ""
    answers: Answers = field(default_factory=dict)


def notebook_in(content: JsonObject) -> NotebookNode:
    """Return the notebook in the JSON that a page sent, or that a draft holds.

    Raises:
        RecursionError: It is nested too deeply.
    """
    return as_notebook(content)


def request_of(draft: Draft, address: NotebookAddress, answers: Answers) -> SaveRequest:
    """Return the save of a draft, as its page would ask for it."""
    return SaveRequest(
        address=address,
        notebook=notebook_in(draft.notebook),
        base_version=draft.base_version,
        page_id=draft.page_id,
        answers=answers,
    )


class SavesNotebooks(Protocol):
    """What stores a page's edits."""

    async def save(self, request: SaveRequest) -> SavedNotebook:
        """Store the edits, merged with what others saved since."""
