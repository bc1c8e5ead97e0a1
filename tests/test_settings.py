from __future__ import annotations

import json
from pathlib import Path

import pytest

from jupyter_posthog.errors import (
    InsecureHostError,
    MixedCredentialsError,
    NoCredentialError,
    NotAnApiKeyError,
    NotConnectedError,
    OpenKeyFileError,
    ProjectNotAnIdError,
    SettingsFileError,
    UnknownConnectionError,
)
from jupyter_posthog.settings import BrowserSession, OAuthToken, PersonalApiKey, load_settings

KEY = "phx_" + "k" * 20


def store(folder: Path, toml: str, keys: dict[str, object] | None = None, mode: int = 0o600) -> Path:
    own = folder / "posthog"
    own.mkdir(parents=True, exist_ok=True)
    (own / "connections.toml").write_text(toml)
    if keys is not None:
        (own / "keys.json").write_text(json.dumps(keys))
        (own / "keys.json").chmod(mode)
    return folder


def test_environment_makes_the_connection_env() -> None:
    settings = load_settings(
        {"POSTHOG_HOST": "https://eu.posthog.com/", "POSTHOG_PROJECT_ID": "7", "POSTHOG_PERSONAL_API_KEY": f" {KEY}\n"},
        [],
    )

    connection = settings.connection()

    assert (connection.name, connection.host, connection.project_id) == ("env", "https://eu.posthog.com", 7)
    assert connection.credential == PersonalApiKey(value=KEY)


def test_a_host_of_one_family_never_meets_a_key_of_the_other() -> None:
    settings = load_settings({"POSTHOG_HOST": "https://eu.posthog.com", "POSTHOG_CLI_API_KEY": KEY}, [])

    with pytest.raises(NoCredentialError):
        settings.connection()


def test_the_posthog_cli_variables_are_a_fallback() -> None:
    settings = load_settings({"POSTHOG_CLI_HOST": "eu.posthog.com", "POSTHOG_CLI_API_KEY": KEY}, [])

    assert settings.connection().host == "https://eu.posthog.com"


def test_a_session_needs_no_key() -> None:
    settings = load_settings(
        {"POSTHOG_HOST": "http://127.0.0.1:8000", "POSTHOG_SESSION_COOKIE": "c", "POSTHOG_CSRF_TOKEN": "t"}, []
    )

    assert settings.connection().credential == BrowserSession(cookie="c", csrf_token="t")


def test_key_and_session_together_are_refused() -> None:
    settings = load_settings({"POSTHOG_PERSONAL_API_KEY": KEY, "POSTHOG_SESSION_COOKIE": "c"}, [])

    with pytest.raises(MixedCredentialsError):
        settings.connection()


@pytest.mark.parametrize("key", ["phc_abcdefgh", "phs_abcdefgh", "phx_with space", "phx_ümlaut"])
def test_what_is_no_personal_key_is_refused(key: str) -> None:
    settings = load_settings({"POSTHOG_PERSONAL_API_KEY": key}, [])

    with pytest.raises(NotAnApiKeyError):
        settings.connection()


def test_an_oauth_token_is_told_by_its_prefix() -> None:
    settings = load_settings({"POSTHOG_PERSONAL_API_KEY": "pha_abc"}, [])

    assert settings.connection().credential == OAuthToken(value="pha_abc")


@pytest.mark.parametrize("host", ["http://eu.posthog.com", "ftp://127.0.0.1", "http://10.0.0.4:8000", "http://"])
def test_a_key_goes_over_plain_http_only_on_this_machine(host: str) -> None:
    settings = load_settings({"POSTHOG_HOST": host, "POSTHOG_PERSONAL_API_KEY": KEY}, [])

    with pytest.raises(InsecureHostError):
        settings.connection()


def test_an_ingestion_host_becomes_the_app_host_and_is_told() -> None:
    settings = load_settings({"POSTHOG_HOST": "https://eu.i.posthog.com", "POSTHOG_PERSONAL_API_KEY": KEY}, [])

    assert settings.connection().host == "https://eu.posthog.com"
    assert settings.connection().given_host == "eu.i.posthog.com"


def test_stored_connections_take_their_key_by_origin(tmp_path: Path) -> None:
    toml = '[connections.box]\nhost = "http://127.0.0.1:1234/"\nproject_id = 3\n'
    folder = store(tmp_path, toml, {"http://127.0.0.1:1234": {"key": KEY}})

    connection = load_settings({}, [folder]).connection()

    assert (connection.name, connection.project_id) == ("box", 3)
    assert connection.secrets == (KEY,)


def test_a_file_that_repoints_a_name_gets_no_key(tmp_path: Path) -> None:
    folder = store(
        tmp_path, '[connections.us]\nhost = "https://evil.example"\n', {"https://us.posthog.com": {"key": KEY}}
    )

    with pytest.raises(NoCredentialError):
        load_settings({}, [folder]).connection("us")


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    folder = store(
        tmp_path, '[connections.us]\nhost = "https://us.posthog.com"\n', {"https://us.posthog.com": {"key": KEY}}, 0o644
    )

    with pytest.raises(OpenKeyFileError):
        load_settings({}, [folder]).connection("us")


def test_the_environment_is_stronger_than_a_marked_default(tmp_path: Path) -> None:
    folder = store(tmp_path, '[connections.us]\ndefault = true\n[connections.eu]\nhost = "https://eu.posthog.com"\n')

    assert load_settings({}, [folder]).default_name == "us"
    assert load_settings({"POSTHOG_PERSONAL_API_KEY": KEY}, [folder]).default_name == "env"


def test_several_connections_without_a_default_ask_for_a_name(tmp_path: Path) -> None:
    folder = store(tmp_path, "[connections.a]\n[connections.b]\n")

    with pytest.raises(NotConnectedError):
        load_settings({}, [folder]).connection()
    with pytest.raises(UnknownConnectionError):
        load_settings({}, [folder]).connection("c")


def test_a_credential_is_not_in_its_representation() -> None:
    settings = load_settings({"POSTHOG_PERSONAL_API_KEY": KEY}, [])

    assert KEY not in repr(settings.connection())


def test_a_project_name_in_place_of_its_number_is_said() -> None:
    settings = load_settings({"POSTHOG_PERSONAL_API_KEY": KEY, "POSTHOG_PROJECT_ID": "Web app"}, [])

    with pytest.raises(ProjectNotAnIdError):
        settings.connection()


def test_the_current_project_is_no_number() -> None:
    settings = load_settings({"POSTHOG_PERSONAL_API_KEY": KEY, "POSTHOG_PROJECT_ID": "@current"}, [])

    assert settings.connection().project_id is None


def test_an_address_copied_from_the_page_names_host_and_project() -> None:
    host = "https://eu.posthog.com/project/12/notebooks/aB3dE5gH#c1"

    connection = load_settings({"POSTHOG_HOST": host, "POSTHOG_PERSONAL_API_KEY": KEY}, []).connection()

    assert (connection.host, connection.project_id) == ("https://eu.posthog.com", 12)


def test_each_setting_says_where_it_came_from(tmp_path: Path) -> None:
    folder = store(
        tmp_path, '[connections.us]\nhost = "https://us.posthog.com"\n', {"https://us.posthog.com": {"key": KEY}}
    )

    settings = load_settings({"POSTHOG_PERSONAL_API_KEY": KEY}, [folder])

    assert settings.connection("us").sources == {
        "host": "connections.toml",
        "project": "default",
        "credential": "keys.json",
    }
    assert settings.connection("env").sources["credential"] == "POSTHOG_PERSONAL_API_KEY"


@pytest.mark.parametrize("text", ["[connections", "connections = 1", "[connections]\nus = 2\n"])
def test_a_file_that_cannot_be_understood_is_said_and_the_environment_still_works(tmp_path: Path, text: str) -> None:
    folder = store(tmp_path, text)

    with pytest.raises(SettingsFileError):
        load_settings({}, [folder]).connection()
    assert load_settings({"POSTHOG_PERSONAL_API_KEY": KEY}, [folder]).connection().name == "env"


@pytest.mark.parametrize("text", ["{", "[]", '"x"'])
def test_a_key_file_that_cannot_be_understood_is_said_without_its_text(tmp_path: Path, text: str) -> None:
    folder = store(tmp_path, '[connections.us]\nhost = "https://us.posthog.com"\n')
    (folder / "posthog" / "keys.json").write_text(text)
    (folder / "posthog" / "keys.json").chmod(0o600)

    with pytest.raises(SettingsFileError):
        load_settings({}, [folder]).connection("us")


def test_a_key_of_its_own_never_goes_to_another_host(tmp_path: Path) -> None:
    toml = '[connections.us]\nhost = "https://evil.example"\n'
    folder = store(tmp_path, toml, {"https://us.posthog.com#us": {"key": KEY}})

    with pytest.raises(NoCredentialError):
        load_settings({}, [folder]).connection("us")


@pytest.mark.parametrize("host", ["https://user:pw@eu.posthog.com", "https://eu.posthog.com:port", "https://[::1"])
def test_an_address_that_is_none_is_said(host: str) -> None:
    settings = load_settings({"POSTHOG_HOST": host, "POSTHOG_PERSONAL_API_KEY": KEY}, [])

    with pytest.raises(InsecureHostError):
        settings.connection()
