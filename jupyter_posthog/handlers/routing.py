"""Which address of the Jupyter server leads to which handler."""

from __future__ import annotations

from jupyter_server.base.handlers import path_regex
from tornado.web import RequestHandler

from jupyter_posthog.handlers.archives import ArchiveHandler
from jupyter_posthog.handlers.conflicts import ConflictHandler
from jupyter_posthog.handlers.connections import ConnectionHandler, ConnectionsHandler
from jupyter_posthog.handlers.contents import (
    PostHogCheckpointsHandler,
    PostHogContentsHandler,
    PostHogModifyCheckpointsHandler,
    PostHogTrustHandler,
)
from jupyter_posthog.handlers.drafts import DraftHandler, DraftsHandler
from jupyter_posthog.handlers.files import FilesHandler
from jupyter_posthog.handlers.frames import FramePageHandler
from jupyter_posthog.handlers.history import HistoryHandler
from jupyter_posthog.handlers.kernels import KernelActionHandler, KernelHandler, KernelOptionsHandler
from jupyter_posthog.handlers.live import LivePageHandler
from jupyter_posthog.handlers.projects import ProjectsHandler
from jupyter_posthog.handlers.proxy import ProxyHandler
from jupyter_posthog.handlers.rescue import RescueHandler
from jupyter_posthog.handlers.runs import AttachHandler, RunsHandler
from jupyter_posthog.handlers.schemas import SchemaHandler
from jupyter_posthog.handlers.status import StatusHandler
from jupyter_posthog.handlers.variables import VariablesHandler

_CHECKPOINT_ID = r"(?P<checkpoint_id>[\w-]+)"

# The first pattern that fits wins, so the more special ones stand first.
HANDLERS: tuple[tuple[str, type[RequestHandler]], ...] = (
    (rf"/posthog/contents{path_regex}/checkpoints", PostHogCheckpointsHandler),
    (rf"/posthog/contents{path_regex}/checkpoints/{_CHECKPOINT_ID}", PostHogModifyCheckpointsHandler),
    (rf"/posthog/contents{path_regex}/trust", PostHogTrustHandler),
    (rf"/posthog/contents{path_regex}", PostHogContentsHandler),
    (r"/posthog/files", ArchiveHandler),
    (r"/posthog/files/(?P<path>.+)", FilesHandler),
    (r"/posthog/drafts", DraftsHandler),
    (r"/posthog/drafts/(?P<draft_id>[0-9a-f]{32})", DraftHandler),
    (r"/posthog/conflicts/(?P<draft_id>[0-9a-f]{32})", ConflictHandler),
    (r"/posthog/history/(?P<path>.+)", HistoryHandler),
    (r"/posthog/connections", ConnectionsHandler),
    (r"/posthog/connections/(?P<name>[A-Za-z0-9_-]{1,40})", ConnectionHandler),
    (r"/posthog/connections/(?P<name>[A-Za-z0-9_-]{1,40})/projects", ProjectsHandler),
    (r"/posthog/live/(?P<page_id>[A-Za-z0-9-]{8,64})", LivePageHandler),
    (r"/posthog/kernels/(?P<path>.+\.ipynb)/options", KernelOptionsHandler),
    (r"/posthog/kernels/(?P<path>.+\.ipynb)/(?P<action>start|stop|restart|config)", KernelActionHandler),
    (r"/posthog/kernels/(?P<path>.+\.ipynb)", KernelHandler),
    (r"/posthog/runs/(?P<path>.+\.ipynb)/attach", AttachHandler),
    (r"/posthog/runs/(?P<path>.+\.ipynb)/frames/(?P<name>[A-Za-z_][A-Za-z0-9_]{0,199})", FramePageHandler),
    (r"/posthog/runs/(?P<path>.+\.ipynb)", RunsHandler),
    (r"/posthog/variables/(?P<path>.+\.ipynb)", VariablesHandler),
    (r"/posthog/rescue/(?P<path>.+\.ipynb)", RescueHandler),
    (r"/posthog/schemas/(?P<connection>[A-Za-z0-9_-]{1,40})/(?P<project_id>[0-9]{1,18})", SchemaHandler),
    (r"/posthog/status", StatusHandler),
    (r"/posthog/(?:(?:@|%40)(?P<name>[^/]+)/)?api/(?P<path>.+)", ProxyHandler),
)
