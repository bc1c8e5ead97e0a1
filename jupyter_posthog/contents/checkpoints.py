"""Checkpoints of remote notebooks: PostHog keeps versions itself, so these cost nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from jupyter_server.services.contents.checkpoints import AsyncCheckpoints
from tornado import web

_CHECKPOINT_ID = "posthog"


class PostHogCheckpoints(AsyncCheckpoints):
    """Answers Lab's questions about checkpoints without a request to PostHog."""

    async def create_checkpoint(self, contents_mgr: Any, path: str) -> dict[str, Any]:
        """Return a checkpoint of this moment; the saved version in PostHog is what it stands for."""
        return {"id": _CHECKPOINT_ID, "last_modified": datetime.now(UTC)}

    async def restore_checkpoint(self, contents_mgr: Any, checkpoint_id: str, path: str) -> None:
        """Refuse: nothing is restored from here."""
        raise web.HTTPError(404, "PostHog keeps the versions of this notebook; there is no checkpoint here to restore.")

    async def rename_checkpoint(self, checkpoint_id: str, old_path: str, new_path: str) -> None:
        """Nothing to rename."""

    async def delete_checkpoint(self, checkpoint_id: str, path: str) -> None:
        """Nothing to delete."""

    async def list_checkpoints(self, path: str) -> list[dict[str, Any]]:
        """Return no checkpoints."""
        return []

    async def rename_all_checkpoints(self, old_path: str, new_path: str) -> None:
        """Nothing to rename."""

    async def delete_all_checkpoints(self, path: str) -> None:
        """Nothing to delete."""
