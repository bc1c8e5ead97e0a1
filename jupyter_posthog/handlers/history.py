"""``posthog/history/…``: the past of a notebook, what differs from now, and putting something back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyter_posthog.errors import RequestNotValidError
from jupyter_posthog.handlers.answering import AnsweringHandler
from jupyter_posthog.handlers.notebook_places import notebook_address
from jupyter_posthog.messages import sentence

if TYPE_CHECKING:
    from jupyter_posthog.api.activity import ActivityEntry
    from jupyter_posthog.storage.history import NotedActivity, OldNotebook


class HistoryHandler(AnsweringHandler):
    """The history of one notebook."""

    @web.authenticated
    @authorized
    async def get(self, path: str) -> None:
        """List versions and activity; with ``version`` or ``entry``, answer that one and what differs from now."""
        address = notebook_address(path)
        history = self.services.history
        page = _number(self.get_query_argument("page", "1"), "page")
        version, entry = self.get_query_argument("version", ""), self.get_query_argument("entry", "")
        if version:
            self.finish(_old(await history.version(address, _number(version, "version"))))
            return
        if entry:
            self.finish(_old(await history.entry(address, entry, page=page)))
            return
        kept = self.services.versions.kept(address)
        noted = await history.noted(address, page=page)
        self.finish(
            {
                "versions": [{"version": each.version, "kept_at": each.kept_at.isoformat()} for each in kept],
                "activity": _noted(noted),
            }
        )

    @web.authenticated
    @authorized
    async def post(self, path: str) -> None:
        """Store an old version, ``{version}`` or ``{entry, page}``, or what a stale tab took back, ``{reverted}``."""
        body = self.get_json_body()
        wanted = body if isinstance(body, dict) else {}
        address, services = notebook_address(path), self.services
        if wanted.get("reverted") is True:
            facts = await services.reverts.put_back(address)
            self.finish({"path": facts.path, "base_version": facts.version})
            return
        if isinstance(wanted.get("entry"), str):
            page = _number(wanted.get("page", 1), "page")
            document = await services.history.entry_document(address, wanted["entry"], page=page)
            restored = await services.versions.store(address, document)
        else:
            restored = await services.versions.restore(address, _number(wanted.get("version"), "version"))
        facts = restored.facts
        self.finish({"path": facts.path, "base_version": facts.version, "replaced_version": restored.replaced_version})


def _noted(noted: NotedActivity) -> dict[str, object]:
    refusal = noted.refusal
    if refusal is not None:
        return {"entries": None, "count": None, "refusal": {"reason": refusal.reason, "message": sentence(refusal)}}
    return {"entries": [_entry(entry) for entry in noted.entries], "count": noted.count, "refusal": None}


def _entry(entry: ActivityEntry) -> dict[str, object]:
    title, content = entry.changed_field("title"), entry.changed_field("content")
    return {
        "id": entry.id,
        "activity": entry.activity,
        "by": entry.user.display_name if entry.user is not None else "",
        "created_at": entry.created_at,
        "title": {"before": title.before, "after": title.after} if title is not None else None,
        "has_content": content is not None and content.after is not None,
    }


def _old(old: OldNotebook) -> dict[str, object]:
    return {
        # Lone surrogates cannot travel as UTF-8; JSON escapes carry them.
        "content": json.loads(json.dumps(old.notebook)),
        "differences": None
        if old.differences is None
        else [{**difference._asdict(), "lines": difference.lines} for difference in old.differences],
    }


def _number(value: object, name: str) -> int:
    if isinstance(value, bool) or not str(value).isdigit():
        raise RequestNotValidError(attr=name, code="invalid", problem=f"{name} is a number")
    return int(str(value))
