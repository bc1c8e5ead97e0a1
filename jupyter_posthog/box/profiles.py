"""The kinds of PostHog server that the box plays: as it is today, without its flag, and as documented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one kind of server does apart from its routes, which ``routes.ROUTES`` lists (posthog-api.md 18).

    Attributes:
        has_markdown: Created notebooks are Markdown, records have the newer fields, growth stops at 50 cells.
        has_old_keys: A key without scopes passes every check (posthog-api.md 2.4).
        has_rate_limits: Requests with keys are counted (posthog-api.md 4: on in the cloud, off elsewhere).
        has_environments: /api/environments/ stands for /api/projects/ everywhere, and says that it is old (1.3).
    """

    name: str
    has_markdown: bool
    has_old_keys: bool
    has_rate_limits: bool
    has_environments: bool


def _today(name: str) -> Profile:
    return Profile(
        name=name,
        has_markdown=True,
        has_old_keys=False,
        has_rate_limits=True,
        has_environments=True,
    )


PROFILES = {
    profile.name: profile
    for profile in (
        _today("cloud"),
        _today("flag-off"),
        Profile(
            name="legacy",
            has_markdown=False,
            has_old_keys=True,
            has_rate_limits=False,
            has_environments=False,
        ),
    )
}
