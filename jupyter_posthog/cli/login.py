"""``jupyter posthog login``: one more connection, checked at once, its key stored for this person alone."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TextIO

import anyio

from jupyter_posthog.cli.help_texts import add_command_parser
from jupyter_posthog.connection.discovery import NEEDED_SCOPES, VisibleProject, holds_scope
from jupyter_posthog.connection.enrolment import Enrolment, Kept, Trial
from jupyter_posthog.settings import CLOUD_HOSTS, app_origin, read_credential, read_project_id

if TYPE_CHECKING:
    from argparse import _SubParsersAction

WRONG_USE = 2
# The page where a person makes keys. Its presets name other products, and the only one with notebook:write gives
# every right there is, so none is linked (frontend/src/lib/scopes.tsx of PostHog/posthog).
KEYS_PAGE = "/settings/user-api-keys"
_VARIABLES = {"key": "POSTHOG_PERSONAL_API_KEY", "cookie": "POSTHOG_SESSION_COOKIE", "csrf": "POSTHOG_CSRF_TOKEN"}

_EXAMPLES = """examples:
  jupyter posthog login                                            asks everything
  jupyter posthog login --region eu
  jupyter posthog login --host https://posthog.example.com --name work --default
  jupyter posthog login --region eu --project 1 --stdin < key.txt  for scripts: a key is never an argument
  jupyter posthog login --host https://posthog.example.com --session
"""


def add_command(
    commands: _SubParsersAction[argparse.ArgumentParser], enrolment: Callable[[argparse.Namespace], Enrolment]
) -> None:
    """Add the command."""
    parser = add_command_parser(commands, "login", "connect to a PostHog and store the key for yourself", _EXAMPLES)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--region", choices=sorted(CLOUD_HOSTS), help="the cloud region")
    where.add_argument("--host", help="the address of another PostHog")
    parser.add_argument("--name", "--connection", help="name of the connection (default: the region or the host)")
    parser.add_argument("--project", metavar="ID", help="number of the project to begin with")
    parser.add_argument("--default", action="store_true", help="use this connection where none is named")
    parser.add_argument("--session", action="store_true", help="ask for a browser session's cookies in place of a key")
    parser.add_argument("--stdin", action="store_true", help="read the key from standard input (a session: two lines)")
    parser.add_argument("--key-file", action="store_true", help="keep the key in a file of yours, not in the keyring")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=lambda options: anyio.run(run, enrolment(options), options))


async def run(enrolment: Enrolment, options: argparse.Namespace) -> int:
    """Ask, check, store, say."""
    is_asking = sys.stdin.isatty() and not options.stdin
    try:
        project_id = read_project_id(options.project or "")
        host = _host(options, is_asking=is_asking)
        values = _secrets(options, host, os.environ, is_asking=is_asking)
        credential = read_credential(values, host=host or "PostHog", source="login")
    except EOFError:
        print("No key came: give it on a terminal, with --stdin, or in POSTHOG_PERSONAL_API_KEY.", file=sys.stderr)
        return WRONG_USE
    trial = await enrolment.try_out(host, credential, project_id=project_id)
    if project_id is None:
        project_id = _project(trial, is_asking=is_asking)
    kept = enrolment.keep(trial, name=options.name, project_id=project_id, is_default=options.default)
    print(json.dumps(_facts(trial, kept), indent=1) if options.json else _report(trial, kept))
    return 0


def _host(options: argparse.Namespace, *, is_asking: bool) -> str | None:
    if options.region:
        return CLOUD_HOSTS[options.region]
    given = options.host
    if given is None and is_asking:
        given = _ask("Where is your PostHog? us, eu, an address, or Enter to find the region by the key: ")
    if not given:
        return None
    return CLOUD_HOSTS.get(given.strip().lower()) or app_origin(given)[0]


def _secrets(
    options: argparse.Namespace, host: str | None, environment: Mapping[str, str], *, is_asking: bool
) -> dict[str, str]:
    """Return the secrets from standard input, the environment or the terminal, without showing them.

    Raises:
        EOFError: None of them gives one.
    """
    parts = ("cookie", "csrf") if options.session else ("key",)
    if options.stdin:
        return {part: _line(sys.stdin) for part in parts}
    found = {part: environment.get(_VARIABLES[part], "") for part in parts}
    if all(found.values()):
        return found
    if not is_asking:
        raise EOFError
    _explain(host, is_session=options.session)
    words = {"key": "Personal API key", "cookie": "Value of the cookie sessionid", "csrf": "… of posthog_csrftoken"}
    return {part: getpass.getpass(f"{words[part]} (not shown): ") for part in parts}


def _explain(host: str | None, *, is_session: bool) -> None:
    if is_session:
        print("Both values stand in your browser's developer tools, under the cookies of PostHog.", file=sys.stderr)
        return
    for origin in [host] if host else CLOUD_HOSTS.values():
        print(f"Make a key: {origin}{KEYS_PAGE}", file=sys.stderr)
    print(f"Scopes it needs: {', '.join(NEEDED_SCOPES)}", file=sys.stderr)


def _project(trial: Trial, *, is_asking: bool) -> int | None:
    projects, suggested = trial.discovery.projects, trial.discovery.project_id
    if not is_asking or len(projects) < 2:
        return suggested
    for project in projects:
        print(f"  {_in_words(project)}", file=sys.stderr)
    given = _ask(f"Number of the project to begin with [{suggested or ''}]: ")
    return read_project_id(given) or suggested


def _ask(question: str) -> str:
    print(question, end="", file=sys.stderr, flush=True)
    return _line(sys.stdin)


def _line(stream: TextIO) -> str:
    line = stream.readline()
    if not line:
        raise EOFError
    return line.strip()


def _facts(trial: Trial, kept: Kept) -> dict[str, object]:
    discovery = trial.discovery
    return {
        "name": kept.name,
        "host": kept.host,
        "project_id": kept.project_id,
        "is_default": kept.is_default,
        "key_place": kept.key_place,
        "credential": trial.credential.kind,
        "user": discovery.user_name,
        "scopes": discovery.scopes,
        "missing_scopes": _missing(trial),
        "projects": [
            {"id": project.id, "name": project.name, "organization": project.organization}
            for project in discovery.projects
        ],
    }


def _report(trial: Trial, kept: Kept) -> str:
    discovery = trial.discovery
    label = f", key “{discovery.key.label}”" if discovery.key and discovery.key.label else ""
    lines = [f"Connected to {kept.host} as {discovery.user_name or 'somebody this key may not name'}{label}."]
    lines += [f"  {_in_words(project)}" for project in discovery.projects]
    if missing := _missing(trial):
        lines.append(f"The key lacks {', '.join(missing)}; `jupyter posthog doctor` says what does not work without.")
    begins = f", project {kept.project_id}" if kept.project_id is not None else ""
    lines.append(
        f"Stored as “{kept.name}”{begins}{', the default' if kept.is_default else ''}; key in {kept.key_place}."
    )
    return "\n".join(lines)


def _in_words(project: VisibleProject) -> str:
    place = f" ({project.organization})" if project.organization else ""
    return f"{project.id}  {project.name or 'a project'}{place}"


def _missing(trial: Trial) -> list[str]:
    scopes = trial.discovery.scopes
    return [] if scopes is None else [scope for scope in NEEDED_SCOPES if not holds_scope(scopes, scope)]
