"""The objects that handlers call, made once per server by ``app.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from jupyter_server.services.contents.manager import AsyncContentsManager

    from jupyter_posthog.api.pauses import Pauses
    from jupyter_posthog.connection.connections import Connections
    from jupyter_posthog.connection.desk import ConnectionDesk
    from jupyter_posthog.execution.kernel_desk import KernelDesk
    from jupyter_posthog.execution.project_schemas import ProjectSchemas
    from jupyter_posthog.execution.run_desk import RunDesk
    from jupyter_posthog.storage.bases import Bases
    from jupyter_posthog.storage.conflicts import Conflicts
    from jupyter_posthog.storage.drafting import Drafts
    from jupyter_posthog.storage.exporting import Exports
    from jupyter_posthog.storage.history import History
    from jupyter_posthog.storage.live import LiveNotebooks
    from jupyter_posthog.storage.redelivery import Redelivery
    from jupyter_posthog.storage.rescuing import Rescuing
    from jupyter_posthog.storage.reverts import RevertWatch
    from jupyter_posthog.storage.versions import Versions

#: Name in the web application's settings of the function that gives the services.
SERVICES_SETTING = "posthog_services"


class Services(NamedTuple):
    """What one server process shares between requests; a named tuple, for it is made at every start of a server."""

    connections: Connections
    pauses: Pauses
    desk: ConnectionDesk
    contents: AsyncContentsManager
    exports: Exports
    drafts: Drafts
    live: LiveNotebooks
    saver: Redelivery
    conflicts: Conflicts
    versions: Versions
    history: History
    reverts: RevertWatch
    bases: Bases
    kernels: KernelDesk
    runs: RunDesk
    schemas: ProjectSchemas
    rescuing: Rescuing
