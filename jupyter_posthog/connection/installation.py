"""What is installed and switched on here: versions, kernels, extensions, proxies, certificates."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

from jupyter_core.paths import jupyter_config_path, jupyter_path

_PACKAGES = ("jupyter-posthog", "jupyter_server", "jupyterlab", "ipykernel", "httpx", "keyring")
_EXTENSION, _LABEXTENSION = "jupyter_posthog", "jupyter-posthog"
_KERNELS = ("posthog", "posthog-local")
_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """The facts of one machine, as one process sees them.

    Attributes:
        versions: By package; those that are not installed are missing.
        kernels: Our kernels that are installed.
        proxies: Host and port by variable, without the name and password that may stand there.
        certificates: By variable, whether what it names exists.
    """

    versions: Mapping[str, str]
    kernels: tuple[str, ...]
    has_labextension: bool
    is_labextension_enabled: bool
    is_server_extension_enabled: bool
    proxies: Mapping[str, str]
    certificates: Mapping[str, bool]

    def to_json(self) -> dict[str, object]:
        """Return the facts for ``--json`` and the page."""
        return asdict(self)


def describe_installation(environment: Mapping[str, str]) -> Installation:
    """Look at this machine; nothing is changed or sent."""
    return Installation(
        versions=_versions(),
        kernels=tuple(name for name in _KERNELS if _has(f"kernels/{name}/kernel.json")),
        has_labextension=_has(f"labextensions/{_LABEXTENSION}/package.json"),
        is_labextension_enabled=_is_labextension_enabled(),
        is_server_extension_enabled=_is_server_extension_enabled(),
        proxies=_proxies(environment),
        certificates={name: Path(environment[name]).exists() for name in _CERTIFICATES if environment.get(name)},
    )


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def _has(place: str) -> bool:
    return any((Path(folder) / place).is_file() for folder in jupyter_path())


def _is_labextension_enabled() -> bool:
    # Lab's own file of switches; the strongest folder that names the extension decides.
    for folder in jupyter_config_path():
        switched = _object(Path(folder) / "labconfig" / "page_config.json").get("disabledExtensions")
        names = dict.fromkeys(switched, True) if isinstance(switched, list) else switched
        if isinstance(names, dict) and _LABEXTENSION in names:
            return not names[_LABEXTENSION]
    return True


def _is_server_extension_enabled() -> bool:
    for folder in jupyter_config_path():
        files = [Path(folder) / "jupyter_server_config.json"]
        files += sorted((Path(folder) / "jupyter_server_config.d").glob("*.json"), reverse=True)
        for file in files:
            server = _object(file).get("ServerApp")
            switched = server.get("jpserver_extensions") if isinstance(server, dict) else None
            if isinstance(switched, dict) and _EXTENSION in switched:
                return switched[_EXTENSION] is True
    return False


def _object(file: Path) -> dict[str, object]:
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _proxies(environment: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for name in _PROXIES:
        value = environment.get(name) or environment.get(name.lower())
        if value:
            found[name] = value if name == "NO_PROXY" else _without_password(value)
    return found


def _without_password(address: str) -> str:
    return urlsplit(address if "://" in address else f"http://{address}").netloc.rpartition("@")[2]
