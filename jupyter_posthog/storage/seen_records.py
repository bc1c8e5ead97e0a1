"""The records that were read last: what has not changed in PostHog is not sent again (posthog-api.md 6.6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from jupyter_posthog.storage.paths import NotebookAddress

if TYPE_CHECKING:
    from jupyter_posthog.api.client import PosthogApi
    from jupyter_posthog.api.models import RemoteNotebook

#: Lab asks for a notebook twice when it opens one; the second question is answered from the first.
RECENT_S = 2.0
MOST_RECORDS = 16


class SeenRecords:
    """A few records in memory, the last ones used."""

    def __init__(self, api: Callable[[str], PosthogApi], *, clock: Callable[[], float]) -> None:
        """Prepare.

        Args:
            api: Gives the API of a connection by name.
            clock: Monotonic seconds.
        """
        self._api = api
        self._clock = clock
        self._records: dict[NotebookAddress, RemoteNotebook] = {}
        self._described: tuple[NotebookAddress, float] | None = None

    def keep(self, address: NotebookAddress, record: RemoteNotebook) -> None:
        """Take note of what PostHog holds."""
        self._records.pop(address, None)
        self._records[address] = record
        if len(self._records) > MOST_RECORDS:
            del self._records[next(iter(self._records))]

    def forget(self, address: NotebookAddress) -> None:
        """Ask PostHog anew at the next question."""
        self._records.pop(address, None)
        self._described = None

    async def describe(self, address: NotebookAddress, *, title: str | None = None) -> RemoteNotebook:
        """Return a record whose content is most likely asked for in a moment."""
        record = await self._ask(address, title)
        self._described = (address, self._clock())
        return record

    async def fetch(self, address: NotebookAddress, *, title: str | None = None) -> RemoteNotebook:
        """Return a record as PostHog holds it now, or as it did when it was described two seconds ago.

        Args:
            title: The title that the caller knows it by. A version does not count titles, so another one than the
                known means that the record has to be read whole.

        Raises:
            NotebookNotFoundError: It does not exist or is in the trash.
        """
        described, self._described = self._described, None
        if described is not None and described[0] == address and self._clock() - described[1] <= RECENT_S:
            known = self._records.get(address)
            if known is not None:
                return known
        return await self._ask(address, title)

    async def _ask(self, address: NotebookAddress, title: str | None) -> RemoteNotebook:
        notebooks = self._api(address.connection).notebooks
        known = self._records.get(address)
        record = None
        if known is not None and title in {None, known.title or ""}:
            record = await notebooks.fetch_if_changed(address.project_id, address.short_id, known_version=known.version)
            record = record or known
        if record is None:
            record = await notebooks.fetch(address.project_id, address.short_id)
        self.keep(address, record)
        return record
