"""How people name a notebook: by its short_id, or by its address in PostHog (posthog-api.md 1.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from jupyter_posthog.errors import InvalidReferenceError, SettingsError
from jupyter_posthog.settings.hosts import app_origin

_SHORT_ID = re.compile(r"[A-Za-z0-9]{1,12}")
_PAGE = re.compile(r"(?:/project/(?P<project_id>\d{1,18}))?/notebooks/(?P<short_id>[A-Za-z0-9]{1,12})(?:/.*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookReference:
    """One notebook as a person named it; what is None was not said."""

    short_id: str
    project_id: int | None = None
    origin: str | None = None


def read_reference(text: str) -> NotebookReference:
    """Read a short_id, or an address such as ``https://eu.posthog.com/project/1/notebooks/aB3dE5gH#…``.

    Raises:
        InvalidReferenceError: It is neither.
    """
    text = text.strip()
    if _SHORT_ID.fullmatch(text):
        return NotebookReference(short_id=text)
    try:
        path = urlsplit(text if "://" in text else f"https://{text}").path
        page = _PAGE.fullmatch(path)
        origin = app_origin(text)[0] if page else ""
    except (ValueError, SettingsError) as error:
        raise InvalidReferenceError(reference=text[:200]) from error
    if page is None:
        raise InvalidReferenceError(reference=text[:200])
    project_id = page["project_id"]
    return NotebookReference(
        short_id=page["short_id"], project_id=int(project_id) if project_id else None, origin=origin
    )
