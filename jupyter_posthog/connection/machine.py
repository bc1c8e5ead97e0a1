"""The settings of this machine: its environment and Jupyter's config path."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from jupyter_core import paths

from jupyter_posthog.settings import KernelOptions, Settings, load_kernel_options, load_settings


def machine_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the connections that this process may use; server, kernel and command line all ask here."""
    # An administrator owns the machine's folder and, where Jupyter is shared, that of its Python. The machine's own
    # policy is the stronger one.
    system_dirs = [*paths.SYSTEM_CONFIG_PATH, *paths.ENV_CONFIG_PATH]
    return load_settings(
        environment, [Path(folder) for folder in paths.jupyter_config_path()], [Path(folder) for folder in system_dirs]
    )


def machine_kernel_options(environment: Mapping[str, str] = os.environ) -> KernelOptions:
    """Read how kernels of this person behave.

    Raises:
        SettingsFileError: A choice is none of those there are.
    """
    return load_kernel_options(environment, [Path(folder) for folder in paths.jupyter_config_path()])


def own_config_dir() -> Path:
    """Return the folder in which this person's own connections are stored."""
    return Path(paths.jupyter_config_dir())
