"""Which PostHog to speak to, and as whom: settings from the environment and from stored files.

Server, kernel and command line read them through this one package (design.md §3, Settings).
"""

from __future__ import annotations

from jupyter_posthog.settings.connections import ENVIRONMENT_NAME, ConnectionSettings, Settings
from jupyter_posthog.settings.credentials import (
    BrowserSession,
    Credential,
    OAuthToken,
    PersonalApiKey,
    read_credential,
)
from jupyter_posthog.settings.hosts import CLOUD_HOSTS, DEFAULT_HOST, app_origin, is_loopback
from jupyter_posthog.settings.kernel_options import ExecutorChoice, KernelOptions, OnShutdown, load_kernel_options
from jupyter_posthog.settings.loading import load_settings
from jupyter_posthog.settings.policy import Feature, Policy
from jupyter_posthog.settings.projects import read_project_id
from jupyter_posthog.settings.references import NotebookReference, read_reference
from jupyter_posthog.settings.stored import CONNECTIONS_FILE, KEYRING_SERVICE, KEYS_FILE, StoredKeys

__all__ = [
    "CLOUD_HOSTS",
    "CONNECTIONS_FILE",
    "DEFAULT_HOST",
    "ENVIRONMENT_NAME",
    "KEYRING_SERVICE",
    "KEYS_FILE",
    "BrowserSession",
    "ConnectionSettings",
    "Credential",
    "ExecutorChoice",
    "Feature",
    "KernelOptions",
    "NotebookReference",
    "OAuthToken",
    "OnShutdown",
    "PersonalApiKey",
    "Policy",
    "Settings",
    "StoredKeys",
    "app_origin",
    "is_loopback",
    "load_kernel_options",
    "load_settings",
    "read_credential",
    "read_project_id",
    "read_reference",
]
