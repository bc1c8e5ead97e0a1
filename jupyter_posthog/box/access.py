"""Who may use an action: the words of the table in ``routes`` (posthog-api.md 2.4, 2.6)."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What an action asks of its caller on one kind of server.

    Attributes:
        scopes: What a key needs; None where no key may do it, whatever its scopes.
        is_switched_off: A feature flag is off: who may use the action is told that there is none (12.1).
    """

    scopes: tuple[str, ...] | None = ()
    is_switched_off: bool = False

    @property
    def switched_off(self) -> Access:
        """Return the same access behind a flag that is off."""
        return replace(self, is_switched_off=True)


ANYBODY = Access()
SESSION = Access(scopes=None)
READ = Access(scopes=("notebook:read",))
WRITE = Access(scopes=("notebook:write",))
ACTIVITY = Access(scopes=("activity_log:read",))
QUERY = Access(scopes=("query:read",))
RUN = Access(scopes=("notebook:write", "query:read"))
RESULT = Access(scopes=("notebook:read", "query:read"))
USER = Access(scopes=("user:read",))
PROJECT = Access(scopes=("project:read",))
ORGANIZATION = Access(scopes=("organization:read",))
