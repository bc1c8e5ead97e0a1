"""What starting costs: importing the package, loading the server extension."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.figure import Figure, median_in_fresh_process_ms

_LOAD = """
import jupyter_posthog
point = jupyter_posthog._jupyter_server_extension_points()[0]
app = point["app"]()
app._link_jupyter_server_extension(server)
app._prepare_settings()
app._prepare_handlers()
"""
_SERVER = """
from jupyter_server.serverapp import ServerApp
server = ServerApp()
server.initialize(argv=[], find_extensions=False, new_httpserver=False)
"""


def figures() -> Iterator[Figure]:
    """Yield the figures of this file."""
    yield Figure(
        name="package.import",
        value=median_in_fresh_process_ms("", "import jupyter_posthog"),
        unit="ms",
        note="import jupyter_posthog alone",
    )
    yield Figure(
        name="extension.load",
        value=median_in_fresh_process_ms(_SERVER, _LOAD),
        unit="ms",
        note="point, app, handlers, after jupyter_server is loaded",
    )
