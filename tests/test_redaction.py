from __future__ import annotations

import logging

import pytest

from jupyter_posthog.redaction import HIDDEN, RedactingFilter, redact

OLD_KEY = "a-very-old-key-without-a-prefix"


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer phx_abcdefgh",
        "cookie sessionid=phx-not; posthog_csrftoken=abc123",
        '{"personal_api_key": "secret-value"}',
        f"the key {OLD_KEY} in a sentence",
    ],
)
def test_secrets_are_hidden_wherever_they_stand(text: str) -> None:
    shown = redact(text, (OLD_KEY,))

    assert HIDDEN in shown
    for secret in ("phx_abcdefgh", "phx-not", "abc123", "secret-value", OLD_KEY):
        assert secret not in shown


def test_ordinary_text_stays() -> None:
    assert redact("saved short_id=aB3dE5gH version=4") == "saved short_id=aB3dE5gH version=4"


def test_a_log_record_is_redacted_with_its_arguments_and_traceback(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("test_redaction")
    logger.addFilter(RedactingFilter((OLD_KEY,)))

    with caplog.at_level(logging.DEBUG, logger="test_redaction"):
        try:
            raise ValueError(OLD_KEY)
        except ValueError:
            logger.exception("failed with %s", OLD_KEY)

    assert OLD_KEY not in caplog.text
    assert HIDDEN in caplog.text
