"""A transport that keeps to the administrator's policy and tells what PostHog's answers say about a credential."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from jupyter_posthog.api.refusals import NotFound, endpoint_missing
from jupyter_posthog.api.routes import Action, find_route
from jupyter_posthog.api.transport import ANSWER_TIMEOUT_S, JsonValue, Transport
from jupyter_posthog.errors import ApiError, PosthogError
from jupyter_posthog.settings import ConnectionSettings, Feature, Policy

if TYPE_CHECKING:
    import httpx

    from jupyter_posthog.api.pauses import Pauses
    from jupyter_posthog.api.wire import QueryValue, RawAnswer

_FEATURES = {Action.WRITE: Feature.SAVE, Action.EXECUTE: Feature.RUN_CELLS}
_PREFIX = "/api/"
#: Called with method, path and how PostHog refused; None where it did not.
Witness = Callable[[str, str, PosthogError | None], None]


class GovernedTransport(Transport):
    """Everything that a server, a kernel or a command sends goes through here, so a policy binds them alike."""

    def __init__(
        self,
        settings: ConnectionSettings,
        *,
        policy: Policy,
        per_minute: int,
        pauses: Pauses,
    ) -> None:
        """Prepare, without opening anything; the rest is as with ``Transport``."""
        super().__init__(settings, per_minute=per_minute, pauses=pauses)
        self._policy = policy
        self.witness: Witness | None = None

    async def forward(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        query: Mapping[str, QueryValue] | None = None,
        headers: Mapping[str, str] | None = None,
        answer_timeout_s: float = ANSWER_TIMEOUT_S,
    ) -> RawAnswer:
        """As ``Transport.forward``.

        Raises:
            FeatureOffError: The policy switches this off; nothing was sent.
        """
        self._check(method, path)
        answer = await super().forward(
            method, path, content=content, query=query, headers=headers, answer_timeout_s=answer_timeout_s
        )
        if answer.status != 304:
            self._tell(method, path, self.error_of(answer) if answer.status >= 300 else None)
        return answer

    @asynccontextmanager
    async def stream(
        self,
        method: str,
        path: str,
        *,
        body: JsonValue = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        not_found: NotFound = endpoint_missing,
        read_timeout_s: float,
    ) -> AsyncIterator[httpx.Response]:
        """As ``Transport.stream``.

        Raises:
            FeatureOffError: The policy switches this off; nothing was sent.
        """
        self._check(method, path)
        is_open = False
        try:
            async with super().stream(
                method,
                path,
                body=body,
                content=content,
                headers=headers,
                not_found=not_found,
                read_timeout_s=read_timeout_s,
            ) as response:
                is_open = True
                self._tell(method, path, None)
                yield response
        except ApiError as error:
            if not is_open:
                self._tell(method, path, error)
            raise

    def _tell(self, method: str, path: str, refusal: PosthogError | None) -> None:
        if self.witness is not None:
            self.witness(method, path, refusal)

    def _check(self, method: str, path: str) -> None:
        if not self._policy.is_off:
            return
        route = find_route(method, path.removeprefix(_PREFIX))
        feature = _FEATURES.get(route.action) if route is not None else None
        if feature is not None:
            self._policy.check_feature(feature)
