"""Saves whose progress is told to every page of this server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_posthog.errors import BaseUnknownError, PosthogError, SaveConflictError
from jupyter_posthog.live_events import SaveOutcome, SaveState, Tell
from jupyter_posthog.storage.paths import NotebookAddress

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_posthog.storage.live_tracking import NotebookTrack
    from jupyter_posthog.storage.save_requests import SaveRequest, SavesNotebooks
    from jupyter_posthog.storage.saving import SavedNotebook


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

    async def save(self, request: SaveRequest) -> SavedNotebook:
        """As the other saver, with its errors."""
        address = request.address
        track = self._track(address)
        version: int | None = None
        self._tell_state(address, SaveOutcome.SAVING)
        if track is not None:
            track.save_begins()
        try:
            saved = await self._saver.save(request)
            version = saved.base_version
        except (SaveConflictError, BaseUnknownError) as error:
            known = error if isinstance(error, SaveConflictError) else None
            self._tell_state(
                address,
                SaveOutcome.CONFLICT,
                version=error.stored_version,
                reason=error.reason,
                merged=known.merged if known is not None else 0,
                conflicts=known.conflicts if known is not None else 0,
                by=known.editor if known is not None else "",
            )
            raise
        except PosthogError as error:
            self._tell_state(address, SaveOutcome.KEPT_HERE, reason=error.reason)
            raise
        finally:
            if track is not None:
                track.save_ends(version)
        merged = saved.merged
        self._tell_state(
            address,
            SaveOutcome.SAVED,
            version=version,
            merged=merged.blocks if merged is not None else 0,
            by=merged.by if merged is not None else "",
        )
        return saved

    def _tell_state(
        self,
        address: NotebookAddress,
        state: SaveOutcome,
        *,
        version: int | None = None,
        reason: str | None = None,
        merged: int = 0,
        conflicts: int = 0,
        by: str = "",
    ) -> None:
        self._tell(
            SaveState(
                connection=address.connection,
                project_id=address.project_id,
                short_id=address.short_id,
                state=state,
                version=version,
                reason=reason,
                merged=merged,
                conflicts=conflicts,
                by=by,
            )
        )
