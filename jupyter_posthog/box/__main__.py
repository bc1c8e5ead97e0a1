"""``python -m jupyter_posthog.box``: run PostHog in a box until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sqlite3
import sys
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from jupyter_posthog.box.credentials import CSRF_TOKEN, KEYS, PROJECT_ID, SESSION_COOKIE
from jupyter_posthog.box.data_folder import FolderInUse, data_folder
from jupyter_posthog.box.profiles import PROFILES
from jupyter_posthog.box.server import LOOPBACK, Box

LARGEST_PORT = 65_535
_EXAMPLES = """examples:
  jupyter posthog box
  jupyter posthog box --port 0 --data box-notebooks --ready-file box.json
  jupyter posthog box --profile legacy --port 8020
"""


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(
        prog="jupyter posthog box",
        description="A local PostHog for notebooks.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--profile", choices=sorted(PROFILES), default="cloud", help="which PostHog to play")
    parser.add_argument("--port", type=_port, default=8010, help="port on this machine (0: a free one)")
    parser.add_argument("--data", type=Path, help="folder that keeps the notebooks (default: a temporary one)")
    parser.add_argument("--ready-file", type=Path, help="write address and keys here, as JSON, once ready")
    parser.add_argument("--faults", action="store_true", help="allow faults on demand below /_box")
    parser.add_argument("--no-rate-limits", action="store_true", help="let keys ask as often as they like")
    options = parser.parse_args()
    try:
        with data_folder(options.data) as folder:
            asyncio.run(_run(options, folder))
    except FolderInUse:
        _give_up(f"Another box uses {options.data} now. Stop it, or take another folder with --data.")
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        _give_up(f"The box cannot use {error.filename or options.data}: {error.strerror}.")
    except sqlite3.DatabaseError as error:
        _give_up(f"The notebooks in {options.data} cannot be read: {error}.")


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= LARGEST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is no port")
    return port


async def _run(options: argparse.Namespace, data: Path) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    profile = PROFILES[options.profile]
    box = Box(replace(profile, has_rate_limits=profile.has_rate_limits and not options.no_rate_limits), data)
    try:
        port = box.start(options.port, has_faults=options.faults)
    except OSError as error:
        _give_up(f"The box cannot use port {options.port}: {error.strerror}. Try --port 0.")
    ready = {
        "url": f"http://{LOOPBACK}:{port}",
        "project_id": PROJECT_ID,
        "keys": {name: key.value for name, key in KEYS.items()},
        "session": {"cookie": SESSION_COOKIE, "csrf": CSRF_TOKEN},
    }
    _tell(ready, options.profile)
    if options.ready_file is not None:
        _write(options.ready_file, json.dumps(ready))
    await stopped.wait()
    await box.stop()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().remove_signal_handler(number)


def _give_up(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise SystemExit(1)


def _tell(ready: dict[str, object], profile: str) -> None:
    print(f"PostHog in a box ({profile}) answers at {ready['url']}")
    keys = ready["keys"]
    assert isinstance(keys, dict)
    for name, value in keys.items():
        print(f"  key {name:<12} {value}")
    session = ready["session"]
    assert isinstance(session, dict)
    print(f"  session      sessionid={session['cookie']} posthog_csrftoken={session['csrf']}", flush=True)


def _write(file: Path, text: str) -> None:
    temporary = file.with_name(f".{file.name}.new")
    temporary.touch(mode=0o600)
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(file)


if __name__ == "__main__":
    main()
