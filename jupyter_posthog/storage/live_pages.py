"""Which notebooks are open in which page of this server; a page that dies loses its lease."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jupyter_posthog.storage.paths import NotebookAddress

#: What a page shows, by notebook; None where it does not know the version.
Shown = Mapping[NotebookAddress, int | None]


@dataclass(slots=True, kw_only=True)
class _Page:
    shown: Shown
    end: asyncio.TimerHandle


class OpenPages:
    """Remembers what pages show, each for the time of one lease."""

    def __init__(self, *, lease_s: float, changed: Callable[[Shown], None]) -> None:
        """Prepare.

        Args:
            lease_s: How long a page is believed without hearing from it, in seconds.
            changed: Called with everything that is open, whenever a page says or loses something.
        """
        self.lease_s = lease_s
        self._changed = changed
        self._pages: dict[str, _Page] = {}

    def renew(self, page_id: str, shown: Shown) -> None:
        """Take what one page shows now; nothing means that its last notebook was closed."""
        self._drop(page_id)
        if shown:
            end = asyncio.get_running_loop().call_later(self.lease_s, self.leave, page_id)
            self._pages[page_id] = _Page(shown=dict(shown), end=end)
        self._changed(self._all())

    def leave(self, page_id: str) -> None:
        """Forget a page."""
        if self._drop(page_id):
            self._changed(self._all())

    def close(self) -> None:
        """Forget every page."""
        for page_id in list(self._pages):
            self._drop(page_id)
        self._changed({})

    def _drop(self, page_id: str) -> bool:
        page = self._pages.pop(page_id, None)
        if page is not None:
            page.end.cancel()
        return page is not None

    def _all(self) -> Shown:
        shown: dict[NotebookAddress, int | None] = {}
        for page in self._pages.values():
            for address, version in page.shown.items():
                known = shown.get(address)
                # The newest one: an older page hears of it by the answer to its own renewal.
                shown[address] = version if known is None else max(known, version or 0)
        return shown
