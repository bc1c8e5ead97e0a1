from __future__ import annotations

from collections.abc import Callable

import pytest

from jupyter_posthog.api.transport import Transport
from jupyter_posthog.connection.regions import find_region
from jupyter_posthog.errors import HostAwayError, KeyRefusedError
from jupyter_posthog.settings import OAuthToken, PersonalApiKey
from tests.box_fixture import Box

AWAY = "http://127.0.0.1:9"


async def test_the_region_is_the_one_that_knows_the_key(boxes: Callable[[str], Box]) -> None:
    """Both boxes know the demo keys, so the first one is asked with a fault: it plays the other region."""
    first, second = boxes("cloud"), boxes("legacy")
    first.fail_next(method="GET", path="/api/users/@me", status=401, body='{"detail": "invalid"}')
    key = PersonalApiKey(value=second.keys["full"])

    assert await find_region(key, [first.url, second.url], Transport) == second.url


async def test_a_token_counts_as_known_without_its_scopes(box: Box) -> None:
    box.fail_next(method="GET", path="/api/users/@me", status=403, body='{"detail": "API key missing required scope"}')

    assert await find_region(OAuthToken(value=box.keys["oauth"]), [box.url], Transport) == box.url


async def test_a_key_that_no_region_knows_is_refused(boxes: Callable[[str], Box]) -> None:
    key = PersonalApiKey(value="phx_" + "wrong" * 4)

    with pytest.raises(KeyRefusedError):
        await find_region(key, [boxes("cloud").url, boxes("legacy").url], Transport)


async def test_a_region_that_does_not_answer_is_not_taken_for_a_refusal(box: Box) -> None:
    with pytest.raises(HostAwayError):
        await find_region(PersonalApiKey(value=box.keys["full"]), [AWAY, box.url], Transport)
