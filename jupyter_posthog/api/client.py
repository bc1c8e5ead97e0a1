"""All of one PostHog's endpoints behind one transport."""

from __future__ import annotations

from jupyter_posthog.api.activity import ActivityApi
from jupyter_posthog.api.collab import CollabApi
from jupyter_posthog.api.frames import FramesApi
from jupyter_posthog.api.identity import IdentityApi
from jupyter_posthog.api.kernels import KernelsApi
from jupyter_posthog.api.notebook_runs import NotebookRunsApi
from jupyter_posthog.api.notebooks import NotebooksApi
from jupyter_posthog.api.probes import ProbesApi
from jupyter_posthog.api.queries import QueriesApi
from jupyter_posthog.api.runs import RunsApi
from jupyter_posthog.api.transport import Transport


class PosthogApi:
    """The endpoints of one PostHog, as one person."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self.notebooks = NotebooksApi(transport)
        self.activity = ActivityApi(transport)
        self.collab = CollabApi(transport)
        self.kernels = KernelsApi(transport)
        self.frames = FramesApi(transport)
        self.runs = RunsApi(transport)
        self.notebook_runs = NotebookRunsApi(transport)
        self.queries = QueriesApi(transport)
        self.identity = IdentityApi(transport)
        self.probes = ProbesApi(transport)

    async def aclose(self) -> None:
        """Close the transport."""
        await self.transport.aclose()
