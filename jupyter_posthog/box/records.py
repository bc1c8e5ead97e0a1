"""Notebook records as the API shows them (posthog-api.md 6.1, 6.2)."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from jupyter_posthog.box.people import VIEWERS
from jupyter_posthog.box.profiles import Profile
from jupyter_posthog.box.refusals import forbidden
from jupyter_posthog.box.stored import Record

Json = Any
# The documentation page shows this field in answers; today it is only written (6.1).
_DOCUMENTED = {"_create_in_folder": ""}


def summary(row: sqlite3.Row, person: Json, profile: Profile) -> dict[str, Json]:
    """Return a row of the list."""
    creator, editor = json.loads(row["created_by"]), json.loads(row["last_modified_by"])
    shown: dict[str, Json] = {
        "id": row["id"],
        "short_id": row["short_id"],
        "title": row["title"],
        "deleted": bool(row["deleted"]),
        "created_at": row["created_at"],
        "created_by": creator,
        "last_modified_at": row["last_modified_at"],
        "last_modified_by": editor,
        "user_access_level": _level(creator, person),
    }
    return shown if profile.has_markdown else shown | _DOCUMENTED


def detail(record: Record, person: Json, profile: Profile) -> dict[str, Json]:
    """Return a whole record; older servers know fewer fields."""
    whole: dict[str, Json] = {
        "id": record.id,
        "short_id": record.short_id,
        "title": record.title,
        "content": record.content,
        "text_content": record.text_content,
        "version": record.version,
        "deleted": record.deleted,
        "created_at": record.created_at,
        "created_by": record.created_by,
        "last_modified_at": record.last_modified_at,
        "last_modified_by": record.last_modified_by,
        "user_access_level": _level(record.created_by, person),
    }
    newer = {"parent_resource": None, "variables": record.variables}
    return whole | (newer if profile.has_markdown else _DOCUMENTED)


def check_editor(record: Record, person: Json) -> None:
    """Check that a person may change a notebook (2.5).

    Raises:
        Refusal: 403.
    """
    if _level(record.created_by, person) == "viewer":
        raise forbidden("You do not have editor access to this resource.")


def _level(creator: Json, person: Json) -> str:
    """The creator manages a notebook; everybody else of the project edits it, but for viewers (2.5)."""
    if creator["id"] == person["id"]:
        return "manager"
    return "viewer" if person["id"] in VIEWERS else "editor"
