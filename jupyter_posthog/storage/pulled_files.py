"""What a person wishes of a pull into a folder, and what became of each file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_posthog.errors import PosthogError


class FileStatus(StrEnum):
    """What became of one notebook's file."""

    NEW = "new"
    UPDATED = "updated"
    RENAMED = "renamed"
    UNCHANGED = "unchanged"
    #: Somebody wrote into the file since its pull, so it was left alone.
    EDITED = "edited"
    #: As before, and PostHog's notebook has changed too.
    EDITED_BY_BOTH = "edited_by_both"
    #: PostHog has it no more, or in its trash; the file is kept.
    GONE = "gone"
    DELETED = "deleted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PulledFile:
    """One notebook, and what became of its file.

    Attributes:
        kept_as: Where edits that were in the way lie now.
        error: Why the notebook could not be read.
    """

    short_id: str
    file: str
    status: FileStatus
    version: int | None = None
    kept_as: str = ""
    error: PosthogError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PullWishes:
    """How a person wants a folder to be brought up to date.

    Attributes:
        overwrites: Edited files give way; the edits are moved aside.
        prunes: Files of notebooks that PostHog has no more are deleted, unless they were edited.
        asks_all: Every notebook is asked for by version, also where the list shows no change.
    """

    overwrites: bool = False
    prunes: bool = False
    asks_all: bool = False
