"""The administrator's policy binds stored connections; the environment and this machine need no entry."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_posthog.errors import FeatureOffError, HostNotAllowedError, PrivateHostError, SettingsFileError
from jupyter_posthog.settings import Feature, Settings, load_settings
from tests.test_settings import KEY, store

HOSTS = ("https://eu.posthog.com", "https://posthog.corp.example", "http://127.0.0.1:8010", "https://evil.example")


@pytest.fixture
def system(tmp_path: Path) -> Path:
    return tmp_path / "system"


def settings_with(tmp_path: Path, policy: str, environment: dict[str, str] | None = None) -> Settings:
    toml = "".join(f'[connections.c{number}]\nhost = "{host}"\n' for number, host in enumerate(HOSTS))
    person = store(tmp_path / "person", toml, {host: {"key": KEY} for host in HOSTS})
    system = store(tmp_path / "system", policy)
    return load_settings(environment or {}, [person, system], [system])


def allowed(settings: Settings) -> list[str]:
    return [name for name, found in settings.connections.items() if not isinstance(found, HostNotAllowedError)]


def test_without_a_policy_every_host_may_be_used(tmp_path: Path) -> None:
    assert allowed(settings_with(tmp_path, "")) == ["c0", "c1", "c2", "c3"]


def test_only_listed_hosts_and_this_machine_may_be_used(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, '[policy]\nallowed_hosts = ["eu.posthog.com", "*.corp.example"]\n')

    assert allowed(settings) == ["c0", "c1", "c2"]
    with pytest.raises(HostNotAllowedError):
        settings.connection("c3")


def test_a_host_from_the_environment_needs_no_entry(tmp_path: Path) -> None:
    environment = {"POSTHOG_HOST": "https://other.example", "POSTHOG_PERSONAL_API_KEY": KEY}

    settings = settings_with(tmp_path, "[policy]\nallowed_hosts = []\n", environment)

    assert settings.connection().host == "https://other.example"


def test_a_policy_of_a_person_is_none(tmp_path: Path) -> None:
    person = store(tmp_path, "[policy]\nallowed_hosts = []\n[connections.eu]\nhost = 'https://eu.posthog.com'\n", {})

    assert not isinstance(load_settings({}, [person], []).connections["eu"], HostNotAllowedError)


@pytest.mark.parametrize(
    "policy",
    [
        "[policy]\nallowed_host = []\n",
        "[policy]\nallowed_hosts = 'eu.posthog.com'\n",
        "[policy]\nprivate_networks = ['10.0.0.0/99']\n",
        "[policy.features]\nrun_cell = false\n",
        "[policy.features]\nrun_cells = 'no'\n",
        "policy = 1\n",
        "[policy\n",
    ],
)
def test_a_policy_that_cannot_be_understood_forbids(tmp_path: Path, policy: str) -> None:
    settings = settings_with(tmp_path, policy)

    with pytest.raises(SettingsFileError):
        settings.connection("c0")
    with pytest.raises(FeatureOffError):
        settings.policy.check_feature(Feature.ADD_CONNECTIONS)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fe80::1%eth0", "::ffff:10.0.0.1", "fd00::1", "0.0.0.0"],
)
def test_addresses_inside_are_private(tmp_path: Path, address: str) -> None:
    with pytest.raises(PrivateHostError):
        settings_with(tmp_path, "").policy.check_addresses("posthog.corp.example", ["8.8.8.8", address])


def test_a_listed_network_may_be_added(tmp_path: Path) -> None:
    policy = settings_with(tmp_path, "[policy]\nprivate_networks = ['10.0.0.0/8']\n").policy

    policy.check_addresses("posthog.corp.example", ["10.1.2.3", "8.8.8.8"])
    with pytest.raises(PrivateHostError):
        policy.check_addresses("posthog.corp.example", ["192.168.0.1"])
