"""An API whose network is one function of the test."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.api.transport import Transport
from jupyter_posthog.settings import BrowserSession, ConnectionSettings, Credential, PersonalApiKey

HOST = "http://127.0.0.1:8000"
CANARY = "phx_canary" + "0" * 10

Network = Callable[[httpx.Request], httpx.Response]
ApiMaker = Callable[..., PosthogApi]


def connection(credential: Credential | None = None, host: str = HOST) -> ConnectionSettings:
    return ConnectionSettings(
        name="test",
        host=host,
        project_id=1,
        credential=credential or PersonalApiKey(value=CANARY),
        source="environment",
    )


@pytest.fixture
def make_api() -> ApiMaker:
    def make(network: Network, credential: Credential | None = None, host: str = HOST) -> PosthogApi:
        return PosthogApi(Transport(connection(credential, host), http_transport=httpx.MockTransport(network)))

    return make


@pytest.fixture(autouse=True)
def _no_waiting() -> None:
    import stamina

    stamina.set_testing(True, attempts=3, cap=True)


SESSION = BrowserSession(cookie="session-canary", csrf_token="csrf-canary")
