"""Puts the box together: its parts, its routes, its start and its end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from jupyter_posthog.box import pages
from jupyter_posthog.box.collaboration import Collaboration
from jupyter_posthog.box.engine.clickhouse import ClickHouse
from jupyter_posthog.box.handling import MAXIMUM_BODY, MissingHandler
from jupyter_posthog.box.kernel.kernel_pool import Kernels
from jupyter_posthog.box.origins import LocalApplication
from jupyter_posthog.box.profiles import Profile
from jupyter_posthog.box.routes import served
from jupyter_posthog.box.running.notebook_runs import NotebookRuns
from jupyter_posthog.box.running.queries import Queries
from jupyter_posthog.box.running.run_store import RunStore
from jupyter_posthog.box.running.runs import Runs
from jupyter_posthog.box.seeds import seed
from jupyter_posthog.box.store import Store
from jupyter_posthog.box.throttles import Throttles
from jupyter_posthog.box.trouble import fault_handlers
from jupyter_posthog.box.trouble.clock import Clock
from jupyter_posthog.box.trouble.effects import Effects
from jupyter_posthog.box.trouble.faults import Faults

LOOPBACK = "127.0.0.1"
LARGEST_READ = 4 * MAXIMUM_BODY
Rule = tuple[str, Any, dict[str, Any]]


class Box:
    """One running PostHog."""

    def __init__(self, profile: Profile, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.profile = profile
        self.store = Store(data / "notebooks.sqlite3")
        self.clickhouse = ClickHouse(data / "clickhouse")
        self.clock, self.effects = Clock(), Effects()
        self.kernels = Kernels(data / "kernels", lifetime_s=self._lifetime_s, clock=self.clock, effects=self.effects)
        self.store.before_commit = self.effects.check_disk
        self.runs = Runs(self, RunStore(data / "runs.sqlite3"))
        self.notebook_runs = NotebookRuns(self.runs)
        self.queries = Queries(lambda: self.clickhouse)
        self.collaboration = Collaboration()
        self.throttles = Throttles()
        self.faults = Faults(self.effects, self.kernels.end_lifetimes)
        self._server: HTTPServer | None = None

    def _lifetime_s(self, short_id: str) -> float | None:
        return self.store.kernel_configs.find(short_id).get("idle_timeout_seconds")

    def start(self, port: int, *, has_faults: bool) -> int:
        """Answer HTTP on this machine only; return the port."""
        if self.store.is_empty:
            seed(self.store)
        application = LocalApplication(
            rules(self, has_faults=has_faults), has_environments=self.profile.has_environments
        )
        # Somewhat larger bodies are read, so that they are refused in words.
        self._server = HTTPServer(application, max_body_size=LARGEST_READ, max_buffer_size=LARGEST_READ)
        sockets = bind_sockets(port, LOOPBACK)
        self._server.add_sockets(sockets)
        self.clickhouse.load()
        bound: int = sockets[0].getsockname()[1]
        return bound

    async def stop(self) -> None:
        """End everything, kernels first: no process outlives the box."""
        self.faults.clear()
        if self._server is not None:
            self._server.stop()
        self.collaboration.close()
        # Queries are ended while somebody still waits for them: one that is given up cannot be found any more.
        await self.clickhouse.aclose()
        await self.notebook_runs.aclose()
        await self.queries.aclose()
        await self.runs.aclose()
        await self.kernels.stop_all()
        self.store.close()


def rules(box: Box, *, has_faults: bool) -> list[Rule]:
    """Return the rules of the web server; the first that fits wins."""
    shared = {"box": box}
    found: list[Rule] = [
        (pattern, handler, {**shared, "access": access}) for pattern, handler, access in served(box.profile)
    ]
    found.append((r"/project/(?P<project_id>\d+)/notebooks/(?P<short_id>[A-Za-z0-9]+)/?", pages.NotebookPage, shared))
    found.append((r"/static/box/(.*)", pages.PageFiles, {"path": str(pages.FOLDER)}))
    if has_faults:
        found += fault_handlers.rules(box)
    found.append((r"/.*", MissingHandler, shared))
    return found
