"""Jupyter's contents protocol below ``posthog/contents``, for the drive."""

from __future__ import annotations

import json
from typing import Any

from jupyter_client.jsonutil import json_default
from jupyter_server.auth.decorator import authorized
from jupyter_server.services.contents.handlers import (
    CheckpointsHandler,
    ContentsHandler,
    ModifyCheckpointsHandler,
    TrustNotebooksHandler,
)
from jupyter_server.services.contents.manager import AsyncContentsManager
from jupyter_server.utils import url_escape, url_path_join
from tornado import web

from jupyter_posthog.errors import RequestNotValidError
from jupyter_posthog.handlers.answering import RESOURCE, AnsweringHandler
from jupyter_posthog.storage import STORED_CONTENT

#: Keys of a body that hold texts, where they are there.
_TEXTS = ("path", "copy_from", "type", "format", "ext", "page_id")


class _OfPostHog(AnsweringHandler):
    """Gives Jupyter's own contents handlers our manager and our way of refusing.

    Their verbs are authenticated and authorised by jupyter_server, for the resource named here.
    """

    auth_resource = RESOURCE

    @property
    def contents_manager(self) -> AsyncContentsManager:
        return self.services.contents

    def location_url(self, path: str) -> str:
        """Return where a notebook is; the header that takes it holds ASCII only."""
        return url_path_join(self.base_url, "posthog/contents", url_escape(path))


class PostHogContentsHandler(_OfPostHog, ContentsHandler):
    """Notebooks and folders."""

    def get_json_body(self) -> dict[str, Any] | None:
        """Return the body's object; Jupyter's own verbs would fail on anything else.

        Raises:
            RequestNotValidError: It is no object, or one of its texts is none.
        """
        body = super().get_json_body()
        if body is None:
            return None
        if not isinstance(body, dict):
            raise RequestNotValidError(attr="", code="invalid", problem="the body is no JSON object")
        for name in _TEXTS:
            if not isinstance(body.get(name), str | None):
                raise RequestNotValidError(attr=name, code="invalid", problem=f"{name} is a text")
        return body

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

    @web.authenticated
    @authorized
    async def post(self, path: str = "") -> None:
        """Create one; Jupyter's own handler would name its address below api/contents."""
        checkpoint = await self.contents_manager.create_checkpoint(path)
        self.set_header("Location", url_path_join(self.location_url(path), "checkpoints", url_escape(checkpoint["id"])))
        self.set_status(201)
        self.finish(json.dumps(checkpoint, default=json_default))


class PostHogModifyCheckpointsHandler(_OfPostHog, ModifyCheckpointsHandler):
    """One checkpoint."""


class PostHogTrustHandler(_OfPostHog, TrustNotebooksHandler):
    """Trust in a notebook."""

    @web.authenticated
    @authorized
    async def post(self, path: str = "") -> None:
        """Trust it on this machine; Jupyter's own handler asks about the resource of local files."""
        await self.contents_manager.trust_notebook(path)
        self.set_status(201)
        self.finish()
