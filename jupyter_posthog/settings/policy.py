"""What the administrator allows: ``[policy]`` of the system-level ``connections.toml`` (design.md §3, Settings)."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from jupyter_posthog.errors import FeatureOffError, HostNotAllowedError, PrivateHostError, SettingsFileError
from jupyter_posthog.settings.hosts import host_name, is_inside, is_loopback
from jupyter_posthog.settings.toml_files import read_toml

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Feature(Enum):
    """What a policy can switch off."""

    #: Connections made in the page, over REST or by ``jupyter posthog login``.
    ADD_CONNECTIONS = "add_connections"
    #: Anything that runs code or costs money.
    RUN_CELLS = "run_cells"
    #: Anything that changes a notebook in PostHog.
    SAVE = "save"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One administrator's policy; without a file everything is allowed but private hosts over REST.

    Attributes:
        allowed_hosts: Host names, ``*.`` in front for all below one, with a port or for every port; None: any.
        private_networks: Private networks that connections may be added in through the page or REST.
        is_off: The features that are switched off.
    """

    allowed_hosts: tuple[str, ...] | None = None
    private_networks: tuple[_Network, ...] = ()
    is_off: frozenset[Feature] = frozenset()

    @classmethod
    def closed(cls) -> Policy:
        """Return the policy that stands in for one which cannot be read: it forbids."""
        return cls(allowed_hosts=(), is_off=frozenset({Feature.ADD_CONNECTIONS}))

    def check_host(self, origin: str) -> None:
        """Check a stored connection's host; this machine needs no entry.

        Raises:
            HostNotAllowedError: The policy does not list it.
        """
        if self.allowed_hosts is None or is_loopback(origin):
            return
        name, with_port = host_name(origin), origin.partition("://")[2]
        if not any(_fits(entry, name) or _fits(entry, with_port) for entry in self.allowed_hosts):
            raise HostNotAllowedError(host=name)

    def check_addresses(self, host: str, addresses: Sequence[str]) -> None:
        """Check the IP addresses of a host that is added through the page or REST.

        Raises:
            PrivateHostError: One is private, link-local or this machine, and the policy does not list it.
        """
        for address in addresses:
            found = ipaddress.ip_address(address.partition("%")[0])
            is_listed = any(found in network for network in self.private_networks)
            if is_inside(address) and not is_listed:
                raise PrivateHostError(host=host)

    def check_feature(self, feature: Feature) -> None:
        """Check that a feature is on.

        Raises:
            FeatureOffError: The policy switches it off.
        """
        if feature in self.is_off:
            raise FeatureOffError(feature=feature.value)


def load_policy(system_dirs: Sequence[Path]) -> Policy:
    """Return the policy of the first system-level file that has one.

    Raises:
        SettingsFileError: It cannot be read or understood; then nothing stored may be used.
    """
    for folder in system_dirs:
        file = folder / "posthog" / "connections.toml"
        table = read_toml(file).get("policy")
        if table is not None:
            return _policy(table, file)
    return Policy()


def _policy(table: object, file: Path) -> Policy:
    if not isinstance(table, dict):
        raise SettingsFileError(file_name=file.name, problem="policy is not a table")
    unknown = table.keys() - {"allowed_hosts", "private_networks", "features"}
    if unknown:
        # A misspelt restriction would silently allow what it should forbid.
        raise SettingsFileError(file_name=file.name, problem=f"policy does not know {', '.join(sorted(unknown))}")
    try:
        networks = tuple(ipaddress.ip_network(text) for text in _texts(table.get("private_networks", [])))
        hosts = _texts(table["allowed_hosts"]) if "allowed_hosts" in table else None
        features = table.get("features", {})
        return Policy(allowed_hosts=hosts, private_networks=networks, is_off=_switched_off(features))
    except (ValueError, TypeError) as error:
        raise SettingsFileError(file_name=file.name, problem=f"policy: {error}") from error


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise TypeError("a list of texts is expected")
    return tuple(text.strip().lower() for text in value)


def _switched_off(features: object) -> frozenset[Feature]:
    if not isinstance(features, Mapping) or not all(isinstance(value, bool) for value in features.values()):
        raise TypeError("features are true or false")
    return frozenset(Feature(name) for name, is_on in features.items() if not is_on)


def _fits(entry: str, name: str) -> bool:
    return name.endswith(entry[1:]) if entry.startswith("*.") else name == entry
