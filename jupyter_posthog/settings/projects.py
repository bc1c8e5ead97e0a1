"""The project that a setting names: PostHog takes its number, never its name (posthog-api.md 1.2)."""

from __future__ import annotations

from jupyter_posthog.errors import ProjectNotAnIdError

CURRENT_PROJECT = "@current"


def read_project_id(text: str) -> int | None:
    """Return the project's number; None where nothing or ``@current`` is named.

    Raises:
        ProjectNotAnIdError: A name stands there.
    """
    text = text.strip()
    if text in {"", CURRENT_PROJECT}:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise ProjectNotAnIdError(project=text[:80])
    return int(text)
