"""Checkpoints of remote notebooks: the last versions that this machine has seen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jupyter_server.services.contents.checkpoints import AsyncCheckpoints
from tornado import web

from jupyter_posthog.storage.paths import NotebookAddress, parse_path

if TYPE_CHECKING:
    from jupyter_posthog.contents.manager import PostHogContentsManager

# Stands for what PostHog holds, where no version has been seen here.
_NEWEST = "posthog"


class PostHogCheckpoints(AsyncCheckpoints):
    """Answers from the versions that are kept here; creating one costs nothing, for every save keeps one."""

    parent: PostHogContentsManager

    async def create_checkpoint(self, contents_mgr: PostHogContentsManager, path: str) -> dict[str, Any]:
        """Return the newest version that is kept: it is what was saved."""
        kept = await self.list_checkpoints(path)
        return kept[0] if kept else {"id": _NEWEST, "last_modified": datetime.now(UTC)}

    async def restore_checkpoint(self, contents_mgr: PostHogContentsManager, checkpoint_id: str, path: str) -> None:
        """Store an old version as the newest one.

        Raises:
            VersionGoneError: It is not kept here any more.
        """
        if not checkpoint_id.isdigit():
            raise web.HTTPError(404, "There is no such checkpoint here. Nothing was changed.")
        restored = await contents_mgr.versions.restore(_address(path), int(checkpoint_id))
        contents_mgr.remote_notebooks.remember(restored.facts)

    async def rename_checkpoint(self, checkpoint_id: str, old_path: str, new_path: str) -> None:
        """Nothing to rename: versions belong to the notebook's id, not to its name."""

    async def delete_checkpoint(self, checkpoint_id: str, path: str) -> None:
        """Nothing to delete: the oldest versions go by themselves."""

    async def list_checkpoints(self, path: str) -> list[dict[str, Any]]:
        """Return the versions that are kept, newest first."""
        kept = self.parent.versions.kept(_address(path))
        return [{"id": str(version.version), "last_modified": version.kept_at} for version in kept]

    async def rename_all_checkpoints(self, old_path: str, new_path: str) -> None:
        """Nothing to rename."""

    async def delete_all_checkpoints(self, path: str) -> None:
        """Nothing to delete."""


def _address(path: str) -> NotebookAddress:
    address = parse_path(path)
    if not isinstance(address, NotebookAddress):
        raise web.HTTPError(404, "There is no notebook at this path.")
    return address
