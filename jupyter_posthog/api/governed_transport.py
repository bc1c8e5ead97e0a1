"""A transport that keeps to the administrator's policy and tells what PostHog's answers say about a credential."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from jupyter_posthog.api.routes import Action, find_route
from jupyter_posthog.api.transport import Transport
from jupyter_posthog.errors import PosthogError
from jupyter_posthog.settings import ConnectionSettings, Feature, Policy

if TYPE_CHECKING:
    from jupyter_posthog.api.pauses import Pauses
    from jupyter_posthog.api.turns import WaitOut
    from jupyter_posthog.api.wire import RawAnswer

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
        wait_out: WaitOut | None = None,
    ) -> None:
        """Prepare, without opening anything; the rest is as with ``Transport``.

        Every request may raise FeatureOffError: the policy switches it off, and nothing was sent.
        """
        super().__init__(settings, per_minute=per_minute, pauses=pauses, wait_out=wait_out)
        self._policy = policy
        self.witness: Witness | None = None

    def _note(self, method: str, path: str, answer: RawAnswer) -> None:
        if self.witness is not None and answer.status != 304:
            self.witness(method, path, self.error_of(answer) if answer.status >= 300 else None)

    def _check(self, method: str, path: str) -> None:
        if not self._policy.is_off:
            return
        route = find_route(method, path.removeprefix(_PREFIX))
        feature = _FEATURES.get(route.action) if route is not None else None
        if feature is not None:
            self._policy.check_feature(feature)
