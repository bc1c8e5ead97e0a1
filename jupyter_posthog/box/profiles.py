"""What each profile of the box serves: PostHog as it is today, without its flag, and as documented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One kind of PostHog server (posthog-api.md 11.10, 12.1, 18).

    Attributes:
        has_runs: sql_v2 is served.
        has_classic_extras: kernel/execute/stream, kernel/dataframe and hogql/execute are served.
        has_markdown: Created notebooks are Markdown; markdown/ and collab/markdown_save are served.
        has_kernel_scopes: Keys may ask for a kernel's status and change its configuration.
        has_old_keys: A key without scopes passes every check (posthog-api.md 2.4).
    """

    name: str
    has_runs: bool
    has_classic_extras: bool
    has_markdown: bool
    has_kernel_scopes: bool
    has_old_keys: bool


PROFILES = {
    profile.name: profile
    for profile in (
        Profile(
            name="cloud",
            has_runs=True,
            has_classic_extras=False,
            has_markdown=True,
            has_kernel_scopes=True,
            has_old_keys=False,
        ),
        Profile(
            name="flag-off",
            has_runs=False,
            has_classic_extras=False,
            has_markdown=True,
            has_kernel_scopes=True,
            has_old_keys=False,
        ),
        Profile(
            name="legacy",
            has_runs=False,
            has_classic_extras=True,
            has_markdown=False,
            has_kernel_scopes=False,
            has_old_keys=True,
        ),
    )
}
