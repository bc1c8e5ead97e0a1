"""The doctor and real TLS: a certificate that is trusted, foreign, expired, or somebody else's."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
import trustme

from jupyter_posthog.cli.main import run
from tests.box_fixture import Box

Serve = Callable[[trustme.LeafCert], str]


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def serve(box: Box) -> Iterator[Serve]:
    """Put TLS in front of the box, with a certificate of the test's choice."""

    class Forward(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _hand_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            answer = httpx.request(
                self.command, f"{box.url}{self.path}", content=body, headers=headers, trust_env=False, timeout=60
            )
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers.get("Content-Type", "application/json"))
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = _hand_on  # the names that http.server calls

        def log_message(self, *_: object) -> None:
            pass

    servers: list[ThreadingHTTPServer] = []

    def start(certificate: trustme.LeafCert) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), Forward)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"https://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def doctor(box: Box, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run the doctor against a host and return all it says."""

    def examine(host: str, *, code: int) -> str:
        monkeypatch.setenv("POSTHOG_HOST", host)
        monkeypatch.setenv("POSTHOG_PROJECT_ID", "1")
        monkeypatch.setenv("POSTHOG_PERSONAL_API_KEY", box.keys["full"])
        assert run(["doctor"]) == code
        out, err = capsys.readouterr()
        return out + err

    return examine


def test_an_authority_that_ssl_cert_file_names_is_trusted(
    authority: trustme.CA,
    serve: Serve,
    doctor: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))

    said = doctor(serve(authority.issue_cert("127.0.0.1")), code=0)

    assert "✓ TLSv1.3, certificate until " in said
    assert "Ada Lovelace" in said


def test_a_certificate_of_nobody_known_is_refused_and_the_way_out_named(
    authority: trustme.CA, serve: Serve, doctor: Callable[..., str], box: Box
) -> None:
    before = len(box.requests())

    said = doctor(serve(authority.issue_cert("127.0.0.1")), code=1)

    assert "its certificate is not trusted here; SSL_CERT_FILE can name the authority that signed it" in said
    assert len(box.requests()) == before, "nothing was sent to a server that cannot show who it is"


@pytest.mark.parametrize(
    ("names", "until", "words"),
    [
        (["127.0.0.1"], datetime.now(UTC) - timedelta(days=1), "its certificate has expired"),
        (["elsewhere.example"], None, "its certificate is for another name"),
    ],
)
def test_a_certificate_that_does_not_hold_is_told_how(
    authority: trustme.CA,
    serve: Serve,
    doctor: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    names: list[str],
    until: datetime | None,
    words: str,
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    begin = None if until is None else until - timedelta(days=30)

    said = doctor(serve(authority.issue_cert(*names, not_before=begin, not_after=until)), code=1)

    assert words in said
