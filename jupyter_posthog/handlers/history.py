"""``posthog/history/…``: the versions of a notebook that are kept here, and their restore."""

from __future__ import annotations

import json

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyter_posthog.errors import RequestNotValidError
from jupyter_posthog.handlers.answering import AnsweringHandler
from jupyter_posthog.handlers.notebook_places import notebook_address


class HistoryHandler(AnsweringHandler):
    """The history of one notebook."""

    @web.authenticated
    @authorized
    async def get(self, path: str) -> None:
        """List the versions, newest first; with ``version``, answer that one as a notebook."""
        address = notebook_address(path)
        version = self.get_query_argument("version", "")
        if version:
            notebook = self.services.versions.preview(address, _number(version))
            # Lone surrogates cannot travel as UTF-8; JSON escapes carry them.
            self.finish({"version": int(version), "content": json.loads(json.dumps(notebook))})
            return
        kept = self.services.versions.kept(address)
        self.finish({"versions": [{"version": each.version, "kept_at": each.kept_at.isoformat()} for each in kept]})

    @web.authenticated
    @authorized
    async def post(self, path: str) -> None:
        """Store an old version as the newest one, ``{version}``, or what a stale tab took back, ``{reverted}``."""
        body = self.get_json_body()
        if isinstance(body, dict) and body.get("reverted") is True:
            facts = await self.services.reverts.put_back(notebook_address(path))
            self.finish({"path": facts.path, "base_version": facts.version})
            return
        version = body.get("version") if isinstance(body, dict) else None
        facts = await self.services.versions.restore(notebook_address(path), _number(version))
        self.finish({"path": facts.path, "base_version": facts.version})


def _number(value: object) -> int:
    if isinstance(value, bool) or not str(value).isdigit():
        raise RequestNotValidError(attr="version", code="invalid", problem="version is a number")
    return int(str(value))
