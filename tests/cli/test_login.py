"""`login` and `logout` against a box: tried first, stored for this person alone, the key never shown."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keyring
import keyring.backend
import pytest

from jupyter_posthog.cli.main import run
from jupyter_posthog.connection.machine import machine_settings
from jupyter_posthog.settings import BrowserSession, PersonalApiKey
from tests.box_fixture import Box


class Login:
    """`jupyter posthog login` with a key on standard input."""

    def __init__(self, box: Box, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.box, self._monkeypatch, self._capsys = box, monkeypatch, capsys

    def __call__(self, secret: str, *arguments: str, host: str | None = None) -> tuple[int, str, str]:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(f"{secret}\n"))
        code = run(["login", "--host", host or self.box.url, "--stdin", *arguments])
        out, err = self._capsys.readouterr()
        return code, out, err


@pytest.fixture
def login(box: Box, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Login:
    return Login(box, monkeypatch, capsys)


def own_folder() -> Path:
    return Path(os.environ["JUPYTER_CONFIG_DIR"]) / "posthog"


def test_login_checks_the_key_and_says_who_and_where(login: Login) -> None:
    code, out, _ = login(login.box.keys["full"])

    assert code == 0
    assert "Ada Lovelace" in out
    assert "1  Web app (Hedgebox)" in out
    assert login.box.keys["full"] not in out
    connection = machine_settings({}).connection()
    assert (connection.name, connection.host, connection.project_id) == ("local", login.box.url, 1)
    assert connection.credential == PersonalApiKey(value=login.box.keys["full"])


def test_the_key_is_in_a_file_that_only_its_owner_can_read(login: Login) -> None:
    login(login.box.keys["full"])

    assert (own_folder() / "keys.json").stat().st_mode & 0o777 == 0o600
    assert login.box.keys["full"] not in (own_folder() / "connections.toml").read_text()


def test_json_says_what_was_stored_and_what_the_key_lacks(login: Login) -> None:
    _, out, _ = login(login.box.keys["read_only"], "--json", "--name", "reader")

    facts = json.loads(out)
    assert (facts["name"], facts["is_default"], facts["key_place"]) == ("reader", True, "keys.json")
    assert facts["missing_scopes"] == ["notebook:write"]


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        ("phx_" + "wrong" * 4, "PostHog does not know this key"),
        ("phc_ingestion", "This is not a personal API key (phc_…)"),
        ("phx_with blank", "This is not a personal API key"),
        ("phx_ümlaut", "This is not a personal API key"),
    ],
)
def test_a_key_that_does_not_work_is_one_sentence_and_nothing_is_stored(login: Login, secret: str, words: str) -> None:
    code, out, err = login(secret)

    assert (code, out) == (1, "")
    assert words in err
    assert len(err.splitlines()) == 1
    assert not own_folder().exists()


def test_an_expired_key_is_not_stored(login: Login) -> None:
    code, _, err = login(login.box.keys["expired"])

    assert code == 1
    assert "PostHog does not know this key" in err
    assert not own_folder().exists()


def test_a_project_name_in_place_of_its_number_is_one_sentence(login: Login) -> None:
    code, _, err = login(login.box.keys["full"], "--project", "Web app")

    assert code == 1
    assert err.startswith("“Web app” is not a project's number")


def test_a_project_that_the_key_does_not_see_is_refused(login: Login) -> None:
    code, _, err = login(login.box.keys["full"], "--project", "77")

    assert code == 1
    assert "You do not have access" in err
    assert not own_folder().exists()


def test_a_key_bound_to_one_project_begins_there(login: Login) -> None:
    login(login.box.keys["one_project"])

    assert machine_settings({}).connection().project_id == 1


def test_a_session_is_stored_too(login: Login) -> None:
    cookie, csrf = login.box.session["cookie"], login.box.session["csrf"]

    code, out, _ = login(f"{cookie}\n{csrf}", "--session")

    assert code == 0
    assert cookie not in out
    assert machine_settings({}).connection().credential == BrowserSession(cookie=cookie, csrf_token=csrf)


def test_a_second_connection_leaves_the_default_alone_unless_asked(login: Login) -> None:
    login(login.box.keys["full"])
    login(login.box.keys["full"], "--name", "second")
    assert machine_settings({}).default_name == "local"

    login(login.box.keys["full"], "--name", "second", "--default")

    assert machine_settings({}).default_name == "second"


def test_two_connections_to_one_host_keep_a_key_each(login: Login) -> None:
    login(login.box.keys["full"], "--name", "all")
    login(login.box.keys["read_only"], "--name", "reader")

    settings = machine_settings({})
    assert settings.connection("all").secrets == (login.box.keys["full"],)
    assert settings.connection("reader").secrets == (login.box.keys["read_only"],)


def test_a_name_that_leads_elsewhere_is_not_repointed(login: Login, boxes: Callable[[str], Box]) -> None:
    login(login.box.keys["full"], "--name", "here")
    other = boxes("legacy")

    code, _, err = login(other.keys["full"], "--name", "here", host=other.url)

    assert code == 1
    assert f"already leads to {login.box.url}" in err


@pytest.mark.parametrize("name", ["env", "../x", "a b", "x" * 41, "a.b"])
def test_names_that_could_be_something_else_are_refused(login: Login, name: str) -> None:
    code, _, err = login(login.box.keys["full"], "--name", name)

    assert code == 1
    assert err.startswith("The connection cannot be added")


def test_what_a_person_wrote_in_the_file_stays(login: Login) -> None:
    own_folder().mkdir(parents=True)
    text = '# mine\n[connections.eu] # Europe\nhost = "https://eu.posthog.com"\n\n[other]\nx = [\n  1,\n]\n'
    (own_folder() / "connections.toml").write_text(text)

    login(login.box.keys["full"], "--name", "new", "--default")
    run(["logout", "new"])

    assert (own_folder() / "connections.toml").read_text().rstrip() == text.rstrip()


def test_a_file_that_cannot_be_changed_as_text_is_left_alone(login: Login) -> None:
    own_folder().mkdir(parents=True)
    text = 'connections = { eu = { host = "https://eu.posthog.com" } }\n'
    (own_folder() / "connections.toml").write_text(text)

    code, _, err = login(login.box.keys["full"])

    assert code == 1
    assert "edit it by hand" in err or "cannot be used" in err
    assert (own_folder() / "connections.toml").read_text() == text
    assert not (own_folder() / "keys.json").exists()


def test_logout_forgets_connection_and_key(login: Login, capsys: pytest.CaptureFixture[str]) -> None:
    login(login.box.keys["full"])

    assert run(["logout", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"name": "local", "host": login.box.url}
    assert machine_settings({}).connections == {}
    assert json.loads((own_folder() / "keys.json").read_text()) == {}


def test_logout_of_a_connection_from_the_environment_says_where_it_is(
    box: Box, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in box.environment().items():
        monkeypatch.setenv(name, value)

    assert run(["logout", "env"]) == 1
    assert "“env” comes from environment" in capsys.readouterr().err


def test_the_environment_gives_the_key_to_scripts(
    box: Box, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    monkeypatch.setenv("POSTHOG_PERSONAL_API_KEY", box.keys["full"])

    assert run(["login", "--host", box.url, "--name", "scripted"]) == 0
    assert machine_settings({}).connection("scripted").secrets == (box.keys["full"],)


def test_without_a_terminal_and_a_key_it_is_wrong_use(
    box: Box, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))

    assert run(["login", "--host", box.url]) == 2
    assert "--stdin" in capsys.readouterr().err


def test_a_key_is_no_argument(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(["login", "--key", "phx_secret"])

    assert caught.value.code == 2


def test_a_host_that_does_not_answer_is_one_sentence(login: Login) -> None:
    code, _, err = login(login.box.keys["full"], host="http://127.0.0.1:9")

    assert code == 1
    assert "127.0.0.1:9 does not answer" in err


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A keyring of the system, as keyring sees one."""

    priority = 5  # type: ignore[assignment]  # a class property there

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def system_keyring() -> Any:
    before = keyring.get_keyring()
    memory = MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


def test_a_usable_keyring_takes_the_key(login: Login, system_keyring: MemoryKeyring) -> None:
    _, out, _ = login(login.box.keys["full"])

    assert "key in keyring" in out
    assert not (own_folder() / "keys.json").exists()
    assert machine_settings({}).connection().secrets == (login.box.keys["full"],)

    run(["logout"])

    assert system_keyring.kept == {}


def test_the_file_can_be_chosen_over_the_keyring(login: Login, system_keyring: MemoryKeyring) -> None:
    login(login.box.keys["full"], "--key-file")

    assert system_keyring.kept == {}
    assert (own_folder() / "keys.json").exists()


def test_on_a_terminal_the_key_is_asked_for_and_not_shown(box: Box) -> None:
    program = Path(sys.executable).parent / "jupyter"
    ours, theirs = pty.openpty()
    command = [str(program), "posthog", "login", "--host", box.url]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True) as process:
        os.close(theirs)
        shown = read_until(ours, b"not shown")
        os.write(ours, box.keys["full"].encode() + b"\n")
        shown += read_until(ours, b"Stored as")
        assert process.wait(30) == 0
    os.close(ours)

    assert f"{box.url}/settings/user-api-keys".encode() in shown
    assert b"notebook:write" in shown
    assert box.keys["full"].encode() not in shown


def read_until(terminal: int, words: bytes) -> bytes:
    shown = b""
    while words not in shown:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            part = b""
        assert part, shown.decode()
        shown += part
    return shown


def test_a_key_that_cannot_be_kept_leaves_no_connection_behind(login: Login) -> None:
    (own_folder() / "keys.json").mkdir(parents=True)

    code, _, err = login(login.box.keys["full"])

    assert code == 1
    assert err.startswith("The key could not be stored")
    assert machine_settings({}).connections == {}
