"""How a person wants kernels to behave: from the environment, else from ``[kernel]`` of ``connections.toml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from jupyter_posthog.errors import SettingsFileError
from jupyter_posthog.settings.stored import CONNECTIONS_FILE
from jupyter_posthog.settings.toml_files import read_toml


class ExecutorChoice(Enum):
    """The way cells run."""

    #: The best one that PostHog allows: stream, else runs, else execute, else query.
    AUTO = "auto"
    STREAM = "stream"
    RUNS = "runs"
    EXECUTE = "execute"
    #: HogQL only.
    QUERY = "query"


class OnShutdown(Enum):
    """What becomes of PostHog's kernel when a Jupyter kernel is shut down."""

    #: It goes on, with its variables, until PostHog ends it.
    DETACH = "detach"
    #: It is stopped, where the credential can.
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelOptions:
    """A person's choices."""

    executor: ExecutorChoice = ExecutorChoice.AUTO
    on_shutdown: OnShutdown = OnShutdown.DETACH


_VARIABLES = {"executor": "POSTHOG_EXECUTOR", "on_shutdown": "POSTHOG_ON_SHUTDOWN"}
_KINDS: dict[str, type[Enum]] = {"executor": ExecutorChoice, "on_shutdown": OnShutdown}


def load_kernel_options(environment: Mapping[str, str], config_dirs: Sequence[Path]) -> KernelOptions:
    """Read the choices, strongest source first; each is taken by itself.

    Raises:
        SettingsFileError: A file cannot be read, or a choice is none of those there are.
    """
    found: dict[str, object] = {}
    for config_dir in config_dirs:
        table = read_toml(config_dir / CONNECTIONS_FILE).get("kernel", {})
        if not isinstance(table, dict):
            raise SettingsFileError(file_name=CONNECTIONS_FILE.name, problem="kernel is not a table")
        for name, word in table.items():
            found.setdefault(name, _choice(name, word, CONNECTIONS_FILE.name))
    for name, variable in _VARIABLES.items():
        word = environment.get(variable, "").strip()
        if word:
            found[name] = _choice(name, word, variable)
    return KernelOptions(**found)  # type: ignore[arg-type]  # each is of its own kind


def _choice(name: str, word: object, source: str) -> Enum:
    kind = _KINDS.get(name)
    if kind is None:
        raise SettingsFileError(file_name=source, problem=f"kernel does not know {name}")
    try:
        return kind(word)
    except ValueError as error:
        words = ", ".join(member.value for member in kind)
        raise SettingsFileError(file_name=source, problem=f"{name} is one of {words}") from error
