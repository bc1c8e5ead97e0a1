"""The doctor on every kind of server with every credential, kept in docs/ (refresh with --update-mirrors)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_posthog.api.contact import Contact
from jupyter_posthog.cli.doctor_text import connection_lines
from jupyter_posthog.cli.main import run
from jupyter_posthog.connection.connections import Connections
from jupyter_posthog.connection.doctor import examine
from jupyter_posthog.connection.installation import describe_installation
from jupyter_posthog.connection.status import ConnectionStatus
from jupyter_posthog.errors import WrongRegionError
from jupyter_posthog.settings import ConnectionSettings, PersonalApiKey, Settings
from tests.box_fixture import Box

DOCS = Path(__file__).parents[2] / "docs"
PROFILES = ("cloud", "flag-off", "legacy")
KEYS = ("full", "read_only", "no_query", "one_project", "unscoped", "oauth", "expired")
CREDENTIALS = (*KEYS, "session")
BEGIN = """# The connection doctor

`jupyter posthog doctor` says what works with your connections, what does not, why, and what to do about it. It writes
nothing and starts nothing. `--json` prints the same facts; `GET /posthog/status` answers them to the page. The exit
code is 1 where a connection cannot be used.

Below is what it says about each kind of server and credential of the box, printed by `tests/cli/test_doctor.py`;
[doctor.json](doctor.json) has the same as `--json`. The part about the machine itself is left out.
"""


class Doctor:
    """`jupyter posthog doctor` with one credential."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def connect(self, box: Box, credential: str) -> None:
        for name in ("POSTHOG_PERSONAL_API_KEY", "POSTHOG_SESSION_COOKIE", "POSTHOG_CSRF_TOKEN"):
            self._monkeypatch.delenv(name, raising=False)
        self._monkeypatch.setenv("POSTHOG_HOST", box.url)
        self._monkeypatch.setenv("POSTHOG_PROJECT_ID", "1")
        if credential == "session":
            self._monkeypatch.setenv("POSTHOG_SESSION_COOKIE", box.session["cookie"])
            self._monkeypatch.setenv("POSTHOG_CSRF_TOKEN", box.session["csrf"])
        else:
            self._monkeypatch.setenv("POSTHOG_PERSONAL_API_KEY", box.keys.get(credential, credential))

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        code = run(["doctor", *arguments])
        out, err = self._capsys.readouterr()
        return code, out, err


@pytest.fixture
def doctor(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Doctor:
    return Doctor(monkeypatch, capsys)


def settled(text: str) -> str:
    """Return an output without what differs from run to run."""
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8010", text)
    text = re.sub(r"\(\d+ ms\)", "(1 ms)", text)
    return re.sub(r'"duration_ms": \d+', '"duration_ms": 1', text)


def settled_json(out: str) -> Any:
    facts = json.loads(settled(out))
    assert facts.pop("installation")["versions"]["python"]
    for connection in facts["connections"]:
        if connection["contact"] is not None:
            assert abs(connection["contact"].pop("clock_skew_s")) <= 60
    return facts


def test_the_documentation_shows_what_the_doctor_says(
    boxes: Callable[[str], Box], doctor: Doctor, request: pytest.FixtureRequest
) -> None:
    text, facts = [BEGIN], {}
    for profile in PROFILES:
        text.append(f"\n## {profile}\n")
        for credential in CREDENTIALS:
            doctor.connect(boxes(profile), credential)
            code, out, err = doctor()
            shown = settled(out.split("this machine\n")[0].rstrip() + f"\n{err}".rstrip())
            text.append(f"\n### {profile}: {credential}, exit code {code}\n\n```text\n{shown}\n```\n")
            facts[f"{profile}/{credential}"] = settled_json(doctor("--json")[1])
    pages = {
        DOCS / "doctor.md": "".join(text),
        DOCS / "doctor.json": json.dumps(facts, indent=1, ensure_ascii=False) + "\n",
    }
    if request.config.getoption("--update-mirrors"):
        for page, content in pages.items():
            page.write_text(content, encoding="utf-8")

    for page, content in pages.items():
        assert page.read_text(encoding="utf-8") == content, f"{page.name}: refresh with --update-mirrors"


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_a_wrong_key_is_exit_code_1_and_one_sentence(box: Box, doctor: Doctor, arguments: tuple[str, ...]) -> None:
    doctor.connect(box, "phx_" + "wrong" * 4)

    code, _, err = doctor(*arguments)

    assert (code, err) == (1, "PostHog does not know this key. Use another one.\n")


def test_a_host_that_does_not_answer_is_exit_code_1_and_one_sentence(
    box: Box, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    doctor.connect(box, "full")
    monkeypatch.setenv("POSTHOG_HOST", "http://127.0.0.1:9")

    code, out, err = doctor()

    assert code == 1
    assert err.startswith("127.0.0.1:9 does not answer (no connection)")
    assert len(err.splitlines()) == 1
    assert "this machine" in out


def test_nothing_connected_is_exit_code_1_and_says_how_to_begin(doctor: Doctor) -> None:
    code, _, err = doctor()

    assert code == 1
    assert "jupyter posthog login" in err


def test_one_connection_can_be_asked_about(box: Box, doctor: Doctor) -> None:
    doctor.connect(box, "full")

    assert doctor("env")[0] == 0
    code, _, err = doctor("other")

    assert code == 1
    assert "no PostHog connection named “other”" in err


def test_a_broken_setting_is_said_in_its_place(box: Box, doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    doctor.connect(box, "full")
    monkeypatch.setenv("POSTHOG_PROJECT_ID", "Web app")

    code, out, _ = doctor()

    assert code == 1
    assert "✗ “Web app” is not a project's number" in out


def test_no_secret_is_in_what_the_doctor_says(box: Box, doctor: Doctor) -> None:
    for credential in ("full", "unscoped", "session"):
        doctor.connect(box, credential)
        said = "".join(doctor()[1:]) + "".join(doctor("--json")[1:])

        assert not {secret for secret in (*box.keys.values(), *box.session.values()) if secret in said}


def test_during_a_pause_that_posthog_asked_for_nothing_is_sent(box: Box, doctor: Doctor) -> None:
    doctor.connect(box, "full")
    box.fail_next(method="GET", path="/api/users/@me", status=200)
    box.fail_next(
        method="GET",
        path="/api/personal_api_keys/@current",
        status=429,
        body='{"detail": "Request was throttled. Expected available in 30 seconds."}',
    )
    doctor()
    before = len(box.requests())

    _, out, err = doctor()

    assert "request limit is used up" in err
    assert len(box.requests()) == before
    assert "answers" not in out


async def test_a_key_of_another_region_is_told_where_it_belongs(boxes: Callable[[str], Box]) -> None:
    """Both boxes know the demo keys, so the first plays the region that does not."""
    here, there = boxes("cloud"), boxes("legacy")
    for path in ("/api/users/@me", "/api/personal_api_keys/@current", "/api/projects/"):
        here.fail_next(method="GET", path=path, status=401, body='{"detail": "invalid"}', times=3)
    settings = ConnectionSettings(
        name="env",
        host=here.url,
        project_id=1,
        credential=PersonalApiKey(value=here.keys["full"]),
        source="environment",
        sources={"host": "default"},
    )
    connections = Connections(Settings(connections={"env": settings}, default_name="env"))

    report = await examine(connections, {}, cloud_hosts={"us": here.url, "eu": there.url})
    await connections.aclose()
    here.http.delete("/_box/faults")

    (status,) = report.connections
    assert isinstance(status.error, WrongRegionError)
    assert status.error.host == there.url


@pytest.mark.parametrize(
    ("skew_s", "words"), [(400.0, "400 s ahead of"), (-400.0, "400 s behind"), (3.0, "Clocks agree"), (None, "no time")]
)
def test_a_clock_that_is_wrong_is_said(skew_s: float | None, words: str) -> None:
    contact = Contact(
        status=200,
        duration_ms=12.0,
        clock_skew_s=skew_s,
        tls_version="TLSv1.3",
        certificate_until="2027-01-01",
    )
    status = ConnectionStatus(name="us", host="https://us.posthog.com", contact=contact, credential_kind="session")

    lines = "\n".join(connection_lines(status, is_default=False))

    assert words in lines
    assert "TLSv1.3, certificate until 2027" in lines


def test_proxies_are_named_without_their_password(tmp_path: Path) -> None:
    environment = {
        "https_proxy": "http://ada:secret@proxy.corp.example:3128",
        "NO_PROXY": "localhost",
        "SSL_CERT_FILE": str(tmp_path / "none.pem"),
    }

    installation = describe_installation(environment)

    assert installation.proxies == {"HTTPS_PROXY": "proxy.corp.example:3128", "NO_PROXY": "localhost"}
    assert installation.certificates == {"SSL_CERT_FILE": False}


def test_a_server_extension_that_is_switched_off_is_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path))
    file = tmp_path / "jupyter_server_config.d" / "jupyter_posthog.json"
    file.parent.mkdir()
    for is_on in (True, False):
        file.write_text(json.dumps({"ServerApp": {"jpserver_extensions": {"jupyter_posthog": is_on}}}))

        assert describe_installation({}).is_server_extension_enabled is is_on


def test_a_lab_extension_that_is_disabled_is_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path))
    file = tmp_path / "labconfig" / "page_config.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"disabledExtensions": {"jupyter-posthog": True}}))

    assert not describe_installation({}).is_labextension_enabled
