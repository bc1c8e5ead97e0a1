"""The command line: which command, its arguments, its exit code.

Exit codes: 0 fine, 1 the thing asked about is wrong, 2 wrong use (design.md §3, Commands).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import anyio
from jupyter_core.paths import jupyter_data_dir, jupyter_runtime_dir

from jupyter_posthog.cli import box, check, convert, demo, doctor, listing, login, logout, pull, push, run_notebook
from jupyter_posthog.cli.help_texts import CommandParser
from jupyter_posthog.cli.patience import Patience
from jupyter_posthog.cli.workplace import Action, Workplace
from jupyter_posthog.connection.connections import Connections
from jupyter_posthog.connection.enrolment import Enrolment
from jupyter_posthog.connection.limits import CLI_PER_MINUTE, limited_transport, pause_file
from jupyter_posthog.connection.machine import machine_settings, own_config_dir
from jupyter_posthog.errors import PosthogError
from jupyter_posthog.messages import sentence_with_detail
from jupyter_posthog.records.pauses import PauseFile
from jupyter_posthog.redaction import redact_logs
from jupyter_posthog.storage.assembly import build_storage

_EPILOG = """examples:
  jupyter posthog login                 connect to a PostHog
  jupyter posthog doctor                what works with it, what does not, and why
  jupyter posthog list --search funnel
  jupyter posthog pull --all notebooks

`jupyter posthog COMMAND --help` shows more. Exit codes: 0 fine, 1 what was asked about is wrong, 2 wrong use.
"""


def main() -> None:
    """Run the command named in this process's arguments and end with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except PosthogError as error:
        print(sentence_with_detail(error), file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.strerror or 'The file cannot be used'}: {error.filename}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = CommandParser(
        prog="jupyter posthog",
        description="PostHog notebooks in Jupyter.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    demo.add_command(commands)
    box.add_command(commands)
    convert.add_command(commands)
    login.add_command(commands, build_enrolment)
    logout.add_command(commands, build_enrolment)
    doctor.add_command(commands, open_connections)
    for command in (listing, pull, push, check, run_notebook):
        command.add_command(commands, connected)
    return parser


def connected(action: Action) -> Callable[[argparse.Namespace], int]:
    """Return a command that runs an action with this machine's connections, and closes them after it."""

    async def run_action(options: argparse.Namespace) -> int:
        workplace = build_workplace(options.connection, options.project)
        try:
            return await action(workplace, options)
        finally:
            await workplace.connections.aclose()

    return lambda options: anyio.run(run_action, options)


def build_enrolment(options: argparse.Namespace) -> Enrolment:
    """Build what adds and removes this person's connections."""
    settings = machine_settings()
    redact_logs(settings.secrets)
    return Enrolment(
        machine_settings,
        own_config_dir(),
        open_transport=limited_transport(
            Path(jupyter_runtime_dir()), per_minute=CLI_PER_MINUTE, policy=settings.policy
        ),
        uses_keyring=not getattr(options, "key_file", False),
    )


def open_connections(*, is_patient: bool = False) -> tuple[Connections, PauseFile]:
    """Build the connections of this machine, and the waiting times that its processes share.

    Args:
        is_patient: Whether to wait where PostHog asks for a pause; the doctor tells of it instead.
    """
    settings = machine_settings()
    redact_logs(settings.secrets)
    runtime_dir = Path(jupyter_runtime_dir())
    transports = limited_transport(
        runtime_dir,
        per_minute=CLI_PER_MINUTE,
        policy=settings.policy,
        wait_out=Patience().wait_out if is_patient else None,
    )
    return Connections(settings, open_transport=transports), pause_file(runtime_dir)


def build_workplace(connection: str | None, project_id: int | None = None) -> Workplace:
    """Build the objects of one command from the settings of this machine."""
    connections, _ = open_connections(is_patient=True)
    storage = build_storage(
        api=connections.api,
        origin=connections.origin,
        connection_at=connections.name_at,
        data_dir=Path(jupyter_data_dir()),
        process_name="jupyter-cli",
    )
    return Workplace(connections=connections, named=connection, storage=storage, named_project_id=project_id)
