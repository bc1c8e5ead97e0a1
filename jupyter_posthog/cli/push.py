"""``jupyter posthog push``: the edits of a pulled file, to PostHog."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_posthog.cli.conflict_text import conflict_lines
from jupyter_posthog.cli.documents import read_notebook, read_text
from jupyter_posthog.cli.workplace import Runner, Workplace, add_connection_option
from jupyter_posthog.errors import SaveConflictError
from jupyter_posthog.storage.page_parts import with_page_parts
from jupyter_posthog.storage.save_requests import SaveRequest

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from nbformat import NotebookNode

    from jupyter_posthog.storage.paths import NotebookAddress
    from jupyter_posthog.storage.saving import SavedNotebook

_EXAMPLES = """Changes of others to other blocks are merged by themselves. Where both sides changed one block,
nothing is saved and the blocks are shown; then choose:
  jupyter posthog push weekly.ipynb --merge     in those blocks yours, everywhere else both
  jupyter posthog push weekly.ipynb --copy      yours as a new notebook in PostHog
  jupyter posthog push weekly.ipynb --theirs    the file takes what PostHog holds; yours goes to weekly.mine.ipynb
"""


def add_command(commands: _SubParsersAction[argparse.ArgumentParser], connected: Runner) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "push",
        help="save the edits of a pulled .ipynb file to PostHog",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", type=Path)
    exits = parser.add_mutually_exclusive_group()
    exits.add_argument("--merge", action="store_true", help="in blocks that both sides changed, keep yours")
    exits.add_argument("--copy", action="store_true", help="save yours as a new notebook where blocks conflict")
    exits.add_argument("--theirs", action="store_true", help="take what PostHog holds where blocks conflict")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_connection_option(parser)
    parser.set_defaults(run=connected(run))


async def run(workplace: Workplace, options: argparse.Namespace) -> int:
    """Save, then make the file stand on the version that PostHog has now."""
    notebook = read_notebook(read_text(str(options.file)), name=options.file.name)
    address, version = await workplace.address_of(notebook)
    try:
        saved = await workplace.storage.saver.save(
            SaveRequest(address=address, notebook=notebook, base_version=version)
        )
    except SaveConflictError as error:
        return await _conflict(workplace, options, notebook, address, error)
    await _saved(workplace, options, notebook, address, saved)
    return 0


async def _saved(
    workplace: Workplace,
    options: argparse.Namespace,
    notebook: NotebookNode,
    address: NotebookAddress,
    saved: SavedNotebook,
) -> None:
    if saved.facts is None:
        print(json.dumps({"is_changed": False, "version": saved.base_version}) if options.json else "Nothing to save.")
        return
    await _rewrite(workplace, options.file, notebook, address)
    merged = saved.merged
    if options.json:
        told = {"by": merged.by, "blocks": merged.blocks} if merged is not None else None
        print(json.dumps({"is_changed": True, "version": saved.base_version, "merged": told}))
        return
    print(f"Saved as version {saved.base_version} of {address.short_id}.")
    if merged is not None and merged.blocks:
        print(f"Merged with {_blocks(merged.blocks)} that {merged.by or 'somebody else'} changed meanwhile.")
    if merged is not None and merged.is_of_other_renderer:
        print("Another version of jupyter-posthog made the file, so it was merged cell by cell.")


async def _conflict(
    workplace: Workplace,
    options: argparse.Namespace,
    notebook: NotebookNode,
    address: NotebookAddress,
    error: SaveConflictError,
) -> int:
    conflicts = workplace.storage.conflicts
    conflict = (await conflicts.describe(error.draft_id)).to_json()
    blocks = conflict["blocks"]
    assert isinstance(blocks, list)
    if options.copy:
        facts = await conflicts.keep_as_copy(error.draft_id)
        told = {"is_changed": True, "copy": facts.address.short_id}
        print(json.dumps(told) if options.json else f"Saved as a notebook of its own: {facts.address.short_id}.")
        return 0
    if options.theirs:
        mine = options.file.with_suffix(f".mine{options.file.suffix}")
        options.file.replace(mine)
        conflicts.take_theirs(error.draft_id)
        await _rewrite(workplace, options.file, None, address)
        told = {"is_changed": False, "mine": str(mine)}
        print(json.dumps(told) if options.json else f"{options.file} holds PostHog's notebook; yours is in {mine}.")
        return 0
    if options.merge and all(block["can_edit"] or block["mine"] is not None for block in blocks):
        answers = {str(block["id"]): "mine" for block in blocks}
        saved = await conflicts.resolve(error.draft_id, answers, saver=workplace.storage.saver)
        await _saved(workplace, options, notebook, address, saved)
        return 0
    if options.json:
        print(json.dumps({"is_changed": False, "conflict": conflict}))
        return 1
    print("\n".join(conflict_lines(conflict)), file=sys.stderr)
    return 1


async def _rewrite(workplace: Workplace, file: Path, notebook: NotebookNode | None, address: NotebookAddress) -> None:
    import nbformat

    opened = await workplace.storage.remote_notebooks.open(address)
    nbformat.write(opened.notebook if notebook is None else with_page_parts(opened.notebook, notebook), file)


def _blocks(count: int) -> str:
    return "1 block" if count == 1 else f"{count} blocks"
