"""PostHog notebooks as first-class citizens of Jupyter.

This module imports nothing heavy: Jupyter Server, every kernel start and `%load_ext` pay for it.
"""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing alone would cost more than all of this module
if TYPE_CHECKING:
    from typing import Any

    from IPython.core.interactiveshell import InteractiveShell

    from jupyter_posthog.app import PostHog

__all__ = ["__version__"]


def __getattr__(name: str) -> str:
    if name == "__version__":
        from jupyter_posthog._version import __version__

        return __version__
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load_ipython_extension(ipython: InteractiveShell) -> None:
    """Load the magics into an IPython shell: ``%load_ext jupyter_posthog``."""
    from jupyter_posthog.kernel.local_launch import load

    load(ipython)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Tell JupyterLab's development install where the built extension lies."""
    return [{"src": "../labextension", "dest": "jupyter-posthog"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Give Jupyter Server the extension's application class."""
    from jupyter_posthog.app import PostHog

    app: type[PostHog] = PostHog
    return [{"module": "jupyter_posthog", "app": app}]
