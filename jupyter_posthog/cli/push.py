"""``jupyter posthog push``: the edits of a pulled file, or of a whole folder, to PostHog."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_posthog.cli.conflict_text import conflict_lines
from jupyter_posthog.cli.help_texts import add_command_parser
from jupyter_posthog.cli.push_file import PushedFile, PushStatus, WayOut, push_file, read_file
from jupyter_posthog.cli.push_folder import push_folder
from jupyter_posthog.cli.workplace import Runner, Workplace, add_place_options

if TYPE_CHECKING:
    from argparse import _SubParsersAction

_EXAMPLES = """examples:
  jupyter posthog push weekly.ipynb
  jupyter posthog push notebooks            what was edited in a folder of `pull --all`
  jupyter posthog push notebooks --create   and new notebooks of files that PostHog does not have

Changes of others to other blocks are merged by themselves. Where both sides changed one block,
nothing is saved and the blocks are shown; then choose:
  jupyter posthog push weekly.ipynb --merge     in those blocks yours, everywhere else both
  jupyter posthog push weekly.ipynb --copy      yours as a new notebook in PostHog
  jupyter posthog push weekly.ipynb --theirs    the file takes what PostHog holds; yours goes to weekly.mine.ipynb
"""


def add_command(commands: _SubParsersAction[argparse.ArgumentParser], connected: Runner) -> None:
    """Add the command."""
    parser = add_command_parser(commands, "push", "save the edits of pulled .ipynb files to PostHog", _EXAMPLES)
    parser.add_argument("file", metavar="FILE|DIR", type=Path, help="a pulled file, or a folder of such")
    exits = parser.add_mutually_exclusive_group()
    for way_out, words in (
        (WayOut.MERGE, "in blocks that both sides changed, keep yours"),
        (WayOut.COPY, "save yours as a new notebook where blocks conflict"),
        (WayOut.THEIRS, "take what PostHog holds where blocks conflict"),
    ):
        exits.add_argument(f"--{way_out}", dest="way_out", action="store_const", const=way_out, help=words)
    parser.add_argument("--create", action="store_true", help="of a folder: make notebooks of files that are new")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_place_options(parser)
    work = connected(run)

    def start(options: argparse.Namespace) -> int:
        if options.create and not options.file.is_dir():
            parser.error("--create goes with a folder")
        return work(options)

    parser.set_defaults(run=start, way_out=WayOut.ASK)


async def run(workplace: Workplace, options: argparse.Namespace) -> int:
    """Push one file or a folder; 1 where something was not saved."""
    if options.file.is_dir():
        return await push_folder(workplace, options)
    pushed = await push_file(workplace, read_file(options.file), options.way_out)
    if options.json:
        print(json.dumps(_as_json(pushed)))
    else:
        _print(options.file, pushed)
    return 1 if pushed.status is PushStatus.CONFLICT else 0


def _print(file: Path, pushed: PushedFile) -> None:
    match pushed.status:
        case PushStatus.UNCHANGED:
            print("Nothing to save.")
        case PushStatus.COPIED:
            print(f"Saved as a notebook of its own: {pushed.copy}.")
        case PushStatus.TOOK_THEIRS:
            print(f"{file} holds PostHog's notebook; yours is in {pushed.mine}.")
        case PushStatus.CONFLICT:
            print("\n".join(conflict_lines(pushed.conflict or {})), file=sys.stderr)
        case PushStatus.SAVED:
            _print_saved(pushed)


def _print_saved(pushed: PushedFile) -> None:
    print(f"Saved as version {pushed.version} of {pushed.short_id}.")
    merged = pushed.merged
    if merged is None:
        return
    if merged.blocks:
        blocks = "1 block" if merged.blocks == 1 else f"{merged.blocks} blocks"
        print(f"Merged with {blocks} that {merged.by or 'somebody else'} changed meanwhile.")
    if merged.is_of_other_renderer:
        print("Another version of jupyter-posthog made the file, so it was merged cell by cell.")


def _as_json(pushed: PushedFile) -> dict[str, object]:
    match pushed.status:
        case PushStatus.UNCHANGED:
            return {"is_changed": False, "version": pushed.version}
        case PushStatus.COPIED:
            return {"is_changed": True, "copy": pushed.copy}
        case PushStatus.TOOK_THEIRS:
            return {"is_changed": False, "mine": str(pushed.mine)}
        case PushStatus.CONFLICT:
            return {"is_changed": False, "conflict": pushed.conflict}
    merged = pushed.merged
    told = None if merged is None else {"by": merged.by, "blocks": merged.blocks}
    return {"is_changed": True, "version": pushed.version, "merged": told}
