"""Addresses of PostHog: the app's origin, cloud regions, and which hosts are this machine or private."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

from jupyter_posthog.errors import InsecureHostError

# Region → app host (posthog-api.md 1.1).
CLOUD_HOSTS = {"us": "https://us.posthog.com", "eu": "https://eu.posthog.com"}
DEFAULT_HOST = CLOUD_HOSTS["us"]
_LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "::1"}
# Hosts that only take events, and the host of the app that belongs to each (posthog-api.md 1.1).
_INGESTION_HOSTS = {
    "us.i.posthog.com": "us.posthog.com",
    "eu.i.posthog.com": "eu.posthog.com",
    "us-assets.i.posthog.com": "us.posthog.com",
    "eu-assets.i.posthog.com": "eu.posthog.com",
}


def app_origin(given: str) -> tuple[str, str]:
    """Return the app's origin, and the given host where it was an ingestion host.

    Raises:
        InsecureHostError: It is no https address, or plain http to another machine.
    """
    parts, port = _parts(given)
    hostname = (parts.hostname or "").lower().rstrip(".")
    if hostname in _INGESTION_HOSTS:
        return f"https://{_INGESTION_HOSTS[hostname]}", hostname
    if parts.scheme not in {"https", "http"} or not hostname or parts.username or parts.password:
        raise InsecureHostError(host=hostname or given)
    if parts.scheme == "http" and hostname not in _LOOPBACK_HOSTS:
        raise InsecureHostError(host=hostname)
    shown = f"[{hostname}]" if ":" in hostname else hostname
    is_usual = port is None or port == {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{shown}{'' if is_usual else f':{port}'}", ""


def host_name(origin: str) -> str:
    """Return the name or address alone, without scheme and port."""
    return urlsplit(origin).hostname or ""


def is_loopback(origin: str) -> bool:
    """Whether an origin is this machine."""
    return host_name(origin) in _LOOPBACK_HOSTS


def is_inside(address: str) -> bool:
    """Whether an IP address is private, link-local, loopback or of no host at all."""
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return not (mapped or found).is_global or found.is_multicast


def _parts(given: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(given.strip() if "://" in given else f"https://{given.strip()}")
        return parts, parts.port
    except ValueError as error:
        raise InsecureHostError(host=given) from error
