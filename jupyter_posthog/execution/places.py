"""The notebook that cells belong to, and the way to its PostHog."""

from __future__ import annotations

from dataclasses import dataclass

from jupyter_posthog.api.client import PosthogApi


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookPlace:
    """One notebook of one PostHog.

    Attributes:
        connection: The name of the connection that leads there.
    """

    api: PosthogApi
    connection: str
    project_id: int
    short_id: str

    @property
    def url(self) -> str:
        """The address of its page in PostHog (posthog-api.md 1.4)."""
        return f"{self.api.transport.host}/project/{self.project_id}/notebooks/{self.short_id}"
