"""Every notebook of a project that a person asks for, page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_posthog.storage.notebooks import NotebookFacts, facts_of
from jupyter_posthog.storage.paths import NotebookAddress

if TYPE_CHECKING:
    from jupyter_posthog.api.client import PosthogApi
    from jupyter_posthog.api.models import NotebookSummary

#: The one order in which pages stay what they are while others save and rename: a short_id never changes.
STABLE_ORDER = "short_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuestion:
    """Which notebooks are asked for, and in which order.

    Attributes:
        words: What PostHog looks for in titles and text.
        author: A part of the name of who made it, or the whole email address; PostHog knows only ids, so rows are
            compared here.
        modified_after: A date, a moment, or a relative one such as ``-7d``.
        contains: Pairs such as ``recording:true``; PostHog looks for them in rich notebooks only.
        order: A field, descending with ``-`` before it; empty means last modified first.
    """

    words: str = ""
    is_mine: bool = False
    author: str = ""
    modified_after: str = ""
    contains: str = ""
    order: str = ""

    @property
    def is_everything(self) -> bool:
        """Whether no notebook is left out."""
        return not (self.words or self.is_mine or self.author or self.modified_after or self.contains)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedNotebook:
    """One row: the facts, and who made the notebook."""

    facts: NotebookFacts
    author: str


class NotebookLists:
    """Asks PostHog which notebooks there are."""

    def __init__(self, api: Callable[[str], PosthogApi]) -> None:
        """Prepare.

        Args:
            api: Gives the API of a connection by name.
        """
        self._api = api

    async def rows(self, connection: str, project_id: int, question: ListQuestion) -> AsyncIterator[ListedNotebook]:
        """Yield every notebook that is asked for, each once, whatever is saved while the pages are read."""
        notebooks = self._api(connection).notebooks
        met: set[str] = set()
        offset = 0
        while True:
            page = await notebooks.list_notebooks(
                project_id,
                search=question.words,
                order=question.order,
                is_mine=question.is_mine,
                modified_after=question.modified_after,
                contains=question.contains,
                offset=offset,
            )
            for row in page.results:
                if row.short_id in met:
                    continue  # saved meanwhile, it has moved to another page
                met.add(row.short_id)
                if _is_by(row, question.author):
                    address = NotebookAddress(connection=connection, project_id=project_id, short_id=row.short_id)
                    author = row.created_by.display_name if row.created_by else ""
                    yield ListedNotebook(facts=facts_of(address, row), author=author)
            offset += len(page.results)
            if not page.results or offset >= page.count:
                return

    async def count(self, connection: str, project_id: int) -> int:
        """Return how many notebooks the project has."""
        return (await self._api(connection).notebooks.list_notebooks(project_id, limit=1)).count


def _is_by(row: NotebookSummary, author: str) -> bool:
    if not author:
        return True
    person, wanted = row.created_by, author.casefold()
    return person is not None and (wanted in person.display_name.casefold() or wanted == person.email.casefold())
