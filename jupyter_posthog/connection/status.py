"""Who a connection speaks as, which projects it sees and what it can do, for the page and the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from jupyter_posthog.api.contact import Contact, make_contact
from jupyter_posthog.api.pauses import Pauses, bucket_of
from jupyter_posthog.connection.capabilities import Capability
from jupyter_posthog.connection.discovery import NEEDED_SCOPES, Discovery, VisibleProject, discover, holds_scope
from jupyter_posthog.connection.probing import ways_to_run_python
from jupyter_posthog.errors import Fact, KeyRefusedError, PosthogError
from jupyter_posthog.messages import sentence
from jupyter_posthog.settings import BrowserSession, ConnectionSettings

if TYPE_CHECKING:
    from jupyter_posthog.connection.connections import Connections


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionStatus:
    """The state of one connection; ``error`` says why it cannot be used.

    Attributes:
        scopes: The key's own scopes, None where PostHog does not tell.
        pauses: Seconds that PostHog asked to wait, for the host and for the project; empty where it did not.
        sources: Where each setting came from.
    """

    name: str
    host: str = ""
    given_host: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    credential_kind: str = ""
    credential_last4: str | None = None
    key_label: str = ""
    default_project_id: int | None = None
    user_name: str = ""
    user_email: str = ""
    scopes: tuple[str, ...] | None = None
    projects: tuple[VisibleProject, ...] = ()
    capabilities: dict[str, Capability] = field(default_factory=dict)
    contact: Contact | None = None
    pauses: Mapping[str, float] = field(default_factory=dict)
    error: PosthogError | None = None

    @property
    def scope_checklist(self) -> dict[str, bool]:
        """Each scope that this package can use, and whether the key has it; empty where it is not known."""
        if self.scopes is None:
            return {}
        return {scope: holds_scope(self.scopes, scope) for scope in NEEDED_SCOPES}

    def to_json(self) -> dict[str, object]:
        """Return what GET /posthog/status gives for this connection; no secret is in it."""
        facts: dict[str, Fact] = self.error.facts if self.error else {}
        return {
            "name": self.name,
            "host": self.host,
            "given_host": self.given_host,
            "sources": dict(self.sources),
            "default_project_id": self.default_project_id,
            "is_ok": self.error is None,
            "reason": self.error.reason if self.error else None,
            "message": sentence(self.error) if self.error else None,
            "facts": facts,
            "user": {"name": self.user_name, "email": self.user_email} if self.user_name or self.user_email else None,
            "projects": [
                {"id": project.id, "name": project.name, "organization": project.organization}
                for project in self.projects
            ],
            "credential": self._credential(),
            "scopes": {"held": list(self.scopes), "needed": self.scope_checklist} if self.scopes is not None else None,
            "capabilities": {name: capability.to_json() for name, capability in self.capabilities.items()},
            "contact": _contact_facts(self.contact) if self.contact else None,
            "pauses": dict(self.pauses),
        }

    def _credential(self) -> dict[str, object] | None:
        if not self.credential_kind:
            return None
        return {"kind": self.credential_kind, "last4": self.credential_last4, "label": self.key_label}


async def describe_connection(connections: Connections, name: str, *, pauses: Pauses | None = None) -> ConnectionStatus:
    """Ask one PostHog about the credential; nothing is written or started. Never raises a PosthogError."""
    try:
        settings = connections.settings.connection(name)
    except PosthogError as error:
        return ConnectionStatus(name=name, error=error)
    status = _of_settings(settings, pauses)
    try:
        if not status.pauses:  # during a pause that PostHog asked for, nothing is sent beside the line
            status = replace(status, contact=await make_contact(settings, now=lambda: datetime.now(UTC)))
        return await _ask(connections, settings, status)
    except PosthogError as error:
        return replace(status, error=error)


async def _ask(connections: Connections, settings: ConnectionSettings, status: ConnectionStatus) -> ConnectionStatus:
    discovery = await discover(connections.api(settings.name), project_id=settings.project_id)
    if discovery.user is None and discovery.key is None and status.contact and status.contact.status == 401:
        raise KeyRefusedError(status=401)
    status = _with_person(status, discovery)
    project_id = await connections.default_project_id(settings.name)
    status = replace(status, default_project_id=project_id)
    found = await connections.capabilities(settings.name, project_id)
    capabilities = {family.value: capability for family, capability in found.items()}
    return replace(status, capabilities={**capabilities, "run_python": ways_to_run_python(found)})


def _of_settings(settings: ConnectionSettings, pauses: Pauses | None) -> ConnectionStatus:
    credential = settings.credential
    return ConnectionStatus(
        name=settings.name,
        host=settings.host,
        given_host=settings.given_host,
        sources=settings.sources,
        credential_kind=credential.kind,
        credential_last4=None if isinstance(credential, BrowserSession) else credential.value[-4:],
        default_project_id=settings.project_id,
        pauses=_pauses(settings, pauses),
    )


def _with_person(status: ConnectionStatus, discovery: Discovery) -> ConnectionStatus:
    return replace(
        status,
        user_name=discovery.user_name,
        user_email=discovery.user.email if discovery.user else "",
        key_label=discovery.key.label if discovery.key else "",
        scopes=discovery.scopes,
        projects=discovery.projects,
    )


def _pauses(settings: ConnectionSettings, pauses: Pauses | None) -> dict[str, float]:
    if pauses is None:
        return {}
    paths = {"host": "/api/users/@me/", "project": f"/api/projects/{settings.project_id or '@current'}/"}
    left = {what: pauses.seconds_left(bucket_of(settings.host, path)) for what, path in paths.items()}
    return {what: seconds for what, seconds in left.items() if seconds > 0}


def _contact_facts(contact: Contact) -> dict[str, object]:
    return {
        "duration_ms": round(contact.duration_ms),
        "clock_skew_s": None if contact.clock_skew_s is None else round(contact.clock_skew_s),
        "tls_version": contact.tls_version,
        "certificate_until": contact.certificate_until,
    }
