"""Jupyter's contents protocol below ``posthog/contents``, for the drive."""

from __future__ import annotations

from typing import Any

from jupyter_server.services.contents.handlers import (
    CheckpointsHandler,
    ContentsHandler,
    ModifyCheckpointsHandler,
)
from jupyter_server.services.contents.manager import AsyncContentsManager
from jupyter_server.utils import url_escape, url_path_join

from jupyter_posthog.handlers.answering import RESOURCE, AnsweringHandler
from jupyter_posthog.storage import STORED_CONTENT


class _OfPostHog(AnsweringHandler):
    """Gives Jupyter's own contents handlers our manager and our way of refusing.

    Their verbs are authenticated and authorised by jupyter_server, for the resource named here.
    """

    auth_resource = RESOURCE

    @property
    def contents_manager(self) -> AsyncContentsManager:
        return self.services.contents

    def location_url(self, path: str) -> str:
        return url_path_join(self.base_url, "posthog/contents", url_escape(path))


class PostHogContentsHandler(_OfPostHog, ContentsHandler):
    """Notebooks and folders."""

    def _finish_model(self, model: dict[str, Any], location: bool = True) -> None:
        if STORED_CONTENT in model:
            model = {**model, "content": model[STORED_CONTENT], "format": "json"}
            del model[STORED_CONTENT]
        super()._finish_model(model, location)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer once: Jupyter's handler has already answered a 404 by itself."""
        if not self._finished:
            super().write_error(status_code, **kwargs)


class PostHogCheckpointsHandler(_OfPostHog, CheckpointsHandler):
    """Checkpoints of a notebook."""


class PostHogModifyCheckpointsHandler(_OfPostHog, ModifyCheckpointsHandler):
    """One checkpoint."""
