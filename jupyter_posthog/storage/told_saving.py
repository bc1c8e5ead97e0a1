"""Saves whose progress is told to every page of this server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from jupyter_posthog.errors import BaseUnknownError, PosthogError, SaveConflictError
from jupyter_posthog.live_events import SaveOutcome, SaveState, Tell
from jupyter_posthog.storage.paths import NotebookAddress

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbformat import NotebookNode

    from jupyter_posthog.storage.live_tracking import NotebookTrack
    from jupyter_posthog.storage.saving import SavedNotebook


class SavesNotebooks(Protocol):
    """What stores a page's edits."""

    async def save(
        self, address: NotebookAddress, notebook: NotebookNode, *, base_version: int | None
    ) -> SavedNotebook:
        """Store the edits that a page made on one version."""


class ToldSaver:
    """Saves through another saver and tells how far it got."""

    def __init__(
        self, saver: SavesNotebooks, *, track: Callable[[NotebookAddress], NotebookTrack | None], tell: Tell
    ) -> None:
        """Prepare.

        Args:
            track: Gives what is known of a notebook that is open.
        """
        self._saver = saver
        self._track = track
        self._tell = tell

    async def save(
        self, address: NotebookAddress, notebook: NotebookNode, *, base_version: int | None
    ) -> SavedNotebook:
        """As the other saver, with its errors."""
        track = self._track(address)
        version: int | None = None
        self.tell(address, SaveOutcome.SAVING)
        if track is not None:
            track.save_begins()
        try:
            saved = await self._saver.save(address, notebook, base_version=base_version)
            version = saved.base_version
        except (SaveConflictError, BaseUnknownError) as error:
            editor = error.editor if isinstance(error, SaveConflictError) else ""
            self.tell(address, SaveOutcome.CONFLICT, version=error.stored_version, reason=error.reason, by=editor)
            raise
        except PosthogError as error:
            self.tell(address, SaveOutcome.KEPT_HERE, reason=error.reason)
            raise
        finally:
            if track is not None:
                track.save_ends(version)
        self.tell(address, SaveOutcome.SAVED, version=version)
        return saved

    def tell(
        self,
        address: NotebookAddress,
        state: SaveOutcome,
        *,
        version: int | None = None,
        reason: str | None = None,
        by: str = "",
    ) -> None:
        """Tell every page how far a save got."""
        self._tell(
            SaveState(
                connection=address.connection,
                project_id=address.project_id,
                short_id=address.short_id,
                state=state,
                version=version,
                reason=reason,
                by=by,
            )
        )
