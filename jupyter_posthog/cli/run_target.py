"""The notebook that ``jupyter posthog run`` runs, and the question whether its code may run."""

from __future__ import annotations

import dataclasses
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_core.paths import jupyter_data_dir

from jupyter_posthog.cli.documents import read_notebook, read_text
from jupyter_posthog.cli.workplace import Workplace
from jupyter_posthog.errors import NotAgreedError
from jupyter_posthog.execution.agreeing import foreign_notebook, note_agreement
from jupyter_posthog.execution.assembly import build_run_log
from jupyter_posthog.execution.places import NotebookPlace
from jupyter_posthog.execution.run_log import RunLog
from jupyter_posthog.settings import read_reference
from jupyter_posthog.storage.paths import NotebookAddress

if TYPE_CHECKING:
    from nbformat import NotebookNode


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RunTarget:
    """The notebook to run.

    Attributes:
        version: The version in PostHog that it was made from.
        is_file: Whether it is a file, whose cells may differ from PostHog's.
    """

    address: NotebookAddress
    place: NotebookPlace
    origin: str
    data_dir: Path
    notebook: NotebookNode
    version: int | None
    is_file: bool

    @property
    def log(self) -> RunLog:
        """Where its runs are written down."""
        return build_run_log(self.place, origin=self.origin, data_dir=self.data_dir)


async def open_target(workplace: Workplace, named: str) -> RunTarget:
    """Open what a person named: a pulled file, a short_id, or an address in PostHog.

    Raises:
        PosthogError: There is no such notebook, or it belongs to a PostHog that is not connected.
    """
    is_file = named.endswith(".ipynb") and "://" not in named
    if is_file:
        notebook = read_notebook(read_text(named), name=named)
        address, version = await workplace.address_of(notebook)
    else:
        address = await workplace.address(read_reference(named))
        opened = await workplace.storage.remote_notebooks.open(address)
        notebook, version = opened.notebook, opened.facts.version
    place = NotebookPlace(
        api=workplace.connections.api(address.connection),
        connection=address.connection,
        project_id=address.project_id,
        short_id=address.short_id,
    )
    return RunTarget(
        address=address,
        place=place,
        origin=workplace.connections.origin(address.connection),
        data_dir=Path(jupyter_data_dir()),
        notebook=notebook,
        version=version,
        is_file=is_file,
    )


async def agree(target: RunTarget, *, is_agreed: bool) -> None:
    """Say whose code it is before the first run of what somebody else wrote, and ask.

    Args:
        is_agreed: Whether the person has said yes on the command line.

    Raises:
        NotAgreedError: The person has not agreed, or cannot be asked.
    """
    foreign = await foreign_notebook(target.place, target.log.key, target.data_dir)
    if foreign is None:
        return
    if not is_agreed and not sys.stdin.isatty():
        raise NotAgreedError(author=foreign.author)
    print(foreign.words, file=sys.stderr)
    if not is_agreed and _answer("Run it? [y/N] ") not in {"y", "yes"}:
        raise NotAgreedError(author=foreign.author)
    note_agreement(foreign, target.log.key, target.data_dir)


def _answer(question: str) -> str:
    """Ask a person; Ctrl-C ends the command at once, which asyncio's own handler would only do after the answer."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return input(question).strip().lower()
    except EOFError:
        return ""
    finally:
        signal.signal(signal.SIGINT, before)
