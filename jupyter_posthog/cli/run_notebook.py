"""``jupyter posthog run``: every cell of a notebook, with PostHog's compute and without Lab."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_posthog.cli.help_texts import add_command_parser
from jupyter_posthog.cli.run_progress import RunProgress, progress_on_standard_output
from jupyter_posthog.cli.run_target import RunTarget, agree, open_target
from jupyter_posthog.cli.workplace import Runner, Workplace, add_place_options
from jupyter_posthog.connection.machine import machine_kernel_options
from jupyter_posthog.connection.ways import find_way
from jupyter_posthog.execution.assembly import FoundWay, build_session
from jupyter_posthog.execution.events import Progress
from jupyter_posthog.execution.notebook_cells import CellOutcome, NotebookCell, code_cells, worst
from jupyter_posthog.execution.notebook_running import Step, WholeRun, out_of_date, run_cells
from jupyter_posthog.execution.session import NotebookSession
from jupyter_posthog.execution.variables import Value, value_of_text, with_values
from jupyter_posthog.storage.save_requests import SaveRequest

if TYPE_CHECKING:
    from argparse import _SubParsersAction

_EXAMPLES = """examples:
  jupyter posthog run aB3dE5gH
  jupyter posthog run https://eu.posthog.com/project/1/notebooks/aB3dE5gH --output done.ipynb
  jupyter posthog run weekly.ipynb -p region=eu -p since=2026-01-01 --save
  jupyter posthog run aB3dE5gH --stale --json
  jupyter posthog run aB3dE5gH --yes        for timers: nobody is there to agree to somebody else's code
"""


def add_command(commands: _SubParsersAction[argparse.ArgumentParser], connected: Runner) -> None:
    """Add the command."""
    parser = add_command_parser(commands, "run", "run every cell of a notebook on PostHog", _EXAMPLES)
    parser.add_argument("notebook", metavar="NOTEBOOK", help="its short_id, its address in PostHog, or a pulled .ipynb")
    parser.add_argument("-p", dest="values", metavar="NAME=VALUE", action="append", default=[], type=_named_value,
                        help="the value of a variable, for this run only")  # fmt: skip
    parser.add_argument("--stale", action="store_true", help="run only what is out of date")
    parser.add_argument("--save", action="store_true", help="store the results in PostHog's notebook")
    parser.add_argument("--output", metavar="FILE", type=Path, help="write the notebook with its outputs to an .ipynb")
    parser.add_argument("--yes", action="store_true", help="run code that somebody else wrote without asking")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_place_options(parser)
    parser.set_defaults(run=connected(run))


async def run(workplace: Workplace, options: argparse.Namespace) -> int:
    """Run the notebook; 1 where a cell failed or the run was stopped."""
    if options.output is not None and options.output.suffix != ".ipynb":
        print("--output must end in .ipynb.", file=sys.stderr)
        return 2
    target = await open_target(workplace, options.notebook)
    await agree(target, is_agreed=options.yes)
    cells = code_cells(target.notebook)
    if options.stale:
        cells = await out_of_date(target.place, cells)
    session = _session(target)
    session.values.update(dict(options.values))
    with_values((), session.values)  # a name or a value that can be none is told before anything runs
    progress = progress_on_standard_output(is_silent=options.json)
    try:
        with _stopping() as stop:
            outcomes = await _run(target, session, cells, stop, progress, options)
    finally:
        await session.aclose()
    await _keep(workplace, target, outcomes, options)
    return _report(target, cells, outcomes, progress, options)


async def _run(
    target: RunTarget,
    session: NotebookSession,
    cells: Sequence[NotebookCell],
    stop: asyncio.Event,
    progress: RunProgress,
    options: argparse.Namespace,
) -> list[CellOutcome]:
    outcomes: list[CellOutcome] = []
    async for step in _steps(target, session, cells, stop, options):
        match step:
            case NotebookCell():
                progress.begin(step)
            case Progress(text=text):
                progress.tell(text)
            case CellOutcome():
                step.store()
                progress.end(step)
                outcomes.append(step)
    return outcomes


async def _steps(
    target: RunTarget,
    session: NotebookSession,
    cells: Sequence[NotebookCell],
    stop: asyncio.Event,
    options: argparse.Namespace,
) -> AsyncIterator[Step]:
    # PostHog runs what it stores, with the variables that it stores.
    is_stored = not target.is_file and not options.values and not options.stale
    if is_stored and cells and all(cell.is_plain for cell in cells):
        whole = WholeRun(target.place, cells, target.log)
        if await whole.start(stop):
            async for step in whole.steps(stop):
                yield step
            return
    async for step in run_cells(session, cells, stop):
        yield step


def _session(target: RunTarget) -> NotebookSession:
    place = target.place

    async def find() -> FoundWay:
        way = await find_way(place.api, place.project_id, place.short_id, choice=machine_kernel_options().executor)
        return (way.family.value if way.family is not None else None), way.cause

    return build_session(place, origin=target.origin, data_dir=target.data_dir, is_stored=True, find_way=find)


async def _keep(
    workplace: Workplace, target: RunTarget, outcomes: Sequence[CellOutcome], options: argparse.Namespace
) -> None:
    if options.output is not None:
        import nbformat

        nbformat.write(target.notebook, options.output)
    if options.save and outcomes:
        await workplace.storage.saver.save(
            SaveRequest(address=target.address, notebook=target.notebook, base_version=target.version)
        )


def _report(
    target: RunTarget,
    cells: Sequence[NotebookCell],
    outcomes: Sequence[CellOutcome],
    progress: RunProgress,
    options: argparse.Namespace,
) -> int:
    ended = worst(outcomes) if len(outcomes) == len(cells) or worst(outcomes) != "done" else "interrupted"
    if options.json:
        rows = [outcome.to_json() for outcome in outcomes]
        print(json.dumps({"notebook": target.address.short_id, "status": ended, "count": len(cells), "cells": rows}))
    elif not cells:
        progress.say(
            "Nothing to run: every cell is up to date." if options.stale else "This notebook has no code to run."
        )
    else:
        done = sum(outcome.status == "done" for outcome in outcomes)
        progress.say(f"{ended}: {done} of {len(cells)} cells done")
    if ended == "interrupted":
        print("Stopped: what ran in PostHog was asked to stop. Cells that are done are kept.", file=sys.stderr)
    return 0 if ended == "done" else 1


@contextlib.contextmanager
def _stopping() -> Iterator[asyncio.Event]:
    """Give an event that Ctrl-C sets, so that the run ends in PostHog too and says so."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, stop.set)
    try:
        yield stop
    finally:
        loop.remove_signal_handler(signal.SIGINT)


def _named_value(text: str) -> tuple[str, Value]:
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise argparse.ArgumentTypeError(f"“{text}” is not NAME=VALUE")
    return name, value_of_text(value)
