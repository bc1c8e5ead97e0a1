"""The doctor's report as lines of text: ✓ works, ✗ does not, – not known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from jupyter_posthog.connection.capabilities import Capability, CapabilityState
from jupyter_posthog.connection.doctor import Report
from jupyter_posthog.connection.families import WORDS
from jupyter_posthog.connection.installation import Installation
from jupyter_posthog.connection.status import ConnectionStatus
from jupyter_posthog.messages import sentence

if TYPE_CHECKING:
    from jupyter_posthog.api.contact import Contact

_SIGNS = {CapabilityState.YES: "✓", CapabilityState.NO: "✗", CapabilityState.UNKNOWN: "–"}
_LARGEST_SKEW_S = 60
_CREDENTIALS = {"personal_api_key": "Key", "oauth_token": "OAuth token", "session": "Browser session"}
#: What a person can miss without losing anything but history.
_OPTIONAL_SCOPES = {"activity_log:read"}


def report_lines(report: Report) -> Iterator[str]:
    """Yield the whole report, connections first."""
    for status in report.connections:
        yield from connection_lines(status, is_default=status.name == report.default_name)
        yield ""
    for error in report.file_errors:
        yield f"✗ {sentence(error)}"
    yield from _installation_lines(report.installation)


def connection_lines(status: ConnectionStatus, *, is_default: bool) -> Iterator[str]:
    """Yield the lines of one connection."""
    yield " · ".join(part for part in (status.name, status.host, "default" if is_default else "") if part)
    if status.sources:
        yield "  from " + ", ".join(f"{what}: {place}" for what, place in status.sources.items())
    if status.given_host:
        yield f"  ✓ {status.given_host} only takes events, so the app's host is used"
    if status.contact is not None:
        yield from _contact_lines(status.contact, status.host)
    if status.error is not None:
        yield f"  ✗ {sentence(status.error)}"
        return
    yield _credential_line(status)
    for project in status.projects:
        begin = " · begins here" if project.id == status.default_project_id else ""
        place = f", {project.organization}" if project.organization else ""
        yield f"  ✓ Project {project.id}: {project.name or 'without a name'}{place}{begin}"
    yield from _scope_lines(status)
    yield "  can"
    for family, words in WORDS.items():
        if family.value in status.capabilities:
            yield f"    {_capability(words, status.capabilities[family.value])}"
    yield from _limit_lines(status)


def _contact_lines(contact: Contact, host: str) -> Iterator[str]:
    name = host.partition("://")[2]
    yield f"  ✓ {name} answers ({contact.duration_ms:.0f} ms)"
    if contact.tls_version is None:
        yield "  ✓ plain http, on this machine only"
    else:
        until = f", certificate until {contact.certificate_until}" if contact.certificate_until else ""
        yield f"  ✓ {contact.tls_version}{until}"
    skew_s = contact.clock_skew_s
    if skew_s is None:
        yield "  – Clocks: the answer names no time"
    elif abs(skew_s) > _LARGEST_SKEW_S:
        direction = "ahead of" if skew_s > 0 else "behind"
        yield f"  ✗ This machine's clock is {abs(skew_s):.0f} s {direction} PostHog's; set it, or times will be wrong"
    else:
        yield "  ✓ Clocks agree"


def _credential_line(status: ConnectionStatus) -> str:
    parts = [f"{_CREDENTIALS[status.credential_kind]} works", status.user_name]
    label = f"“{status.key_label}” " if status.key_label else ""
    parts.append(f"{label}…{status.credential_last4}" if status.credential_last4 else "")
    return "  ✓ " + " · ".join(part for part in parts if part)


def _scope_lines(status: ConnectionStatus) -> Iterator[str]:
    if status.scopes is None:
        if status.credential_kind != "session":
            yield "  – Scopes: PostHog does not tell them for this credential; what follows was found by asking"
        return
    yield "  scopes"
    for scope, is_held in status.scope_checklist.items():
        optional = " (only for history)" if scope in _OPTIONAL_SCOPES and not is_held else ""
        yield f"    {'✓' if is_held else '✗'} {scope}{optional}"


def _capability(words: str, capability: Capability) -> str:
    remedy = f": {capability.remedy}" if capability.remedy else ""
    return f"{_SIGNS[capability.state]} {words}{remedy}"


def _limit_lines(status: ConnectionStatus) -> Iterator[str]:
    for what, seconds in status.pauses.items():
        yield f"  ✗ Limit of the {what} used up; going on in {seconds:.0f} s"
    if not status.pauses and status.credential_kind != "session":
        yield "  ✓ No limit is used up (PostHog grants a team 480 requests a minute)"


def _installation_lines(installation: Installation) -> Iterator[str]:
    yield "this machine"
    yield "  " + " · ".join(f"{package} {version}" for package, version in installation.versions.items())
    kernels = ", ".join(installation.kernels)
    yield (
        f"  ✓ Kernels: {kernels}" if "posthog" in installation.kernels else "  ✗ The kernel “posthog” is not installed"
    )
    yield _lab_line(installation)
    if installation.is_server_extension_enabled:
        yield "  ✓ Server extension enabled"
    else:
        yield "  ✗ Server extension off: run `jupyter server extension enable jupyter_posthog`"
    for name, host in installation.proxies.items():
        yield f"  ✓ {name}: {host}"
    for name, exists in installation.certificates.items():
        yield f"  {'✓' if exists else '✗'} {name} {'is used' if exists else 'names nothing that exists'}"


def _lab_line(installation: Installation) -> str:
    if not installation.has_labextension:
        return "  ✗ Lab extension not found: install jupyter-posthog where JupyterLab is installed"
    if not installation.is_labextension_enabled:
        return "  ✗ Lab extension disabled: run `jupyter labextension enable jupyter-posthog`"
    return "  ✓ Lab extension installed and enabled"
