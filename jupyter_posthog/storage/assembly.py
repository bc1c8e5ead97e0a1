"""Puts the parts of ``storage/`` together for one process."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.api.models import RemoteNotebook
from jupyter_posthog.document import JsonValue
from jupyter_posthog.live_events import LiveEvent, Tell
from jupyter_posthog.records.drafts import DraftStore
from jupyter_posthog.records.ledgers import LedgerStore
from jupyter_posthog.records.outputs import OutputStore
from jupyter_posthog.records.runs import RunStore
from jupyter_posthog.storage.backups import Backups
from jupyter_posthog.storage.bases import Bases
from jupyter_posthog.storage.conflicts import Conflicts
from jupyter_posthog.storage.creating import NewNotebooks
from jupyter_posthog.storage.drafting import Drafts
from jupyter_posthog.storage.history import History
from jupyter_posthog.storage.listing import NotebookLists
from jupyter_posthog.storage.new_shapes import NewShapes
from jupyter_posthog.storage.notebooks import RemoteNotebooks
from jupyter_posthog.storage.page_outputs import PageOutputs
from jupyter_posthog.storage.paths import NotebookAddress
from jupyter_posthog.storage.rescuing import Rescuing
from jupyter_posthog.storage.reverts import RevertWatch
from jupyter_posthog.storage.saving import Saver
from jupyter_posthog.storage.seen_records import SeenRecords
from jupyter_posthog.storage.sending import Sender
from jupyter_posthog.storage.versions import Versions
from jupyter_posthog.storage.workbench import Workbench


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """Every way to read and write remote notebooks.

    Attributes:
        client_id: Names this process's saves in PostHog's live channel.
    """

    client_id: str
    remote_notebooks: RemoteNotebooks
    lists: NotebookLists
    backups: Backups
    new_notebooks: NewNotebooks
    saver: Saver
    drafts: Drafts
    bases: Bases
    conflicts: Conflicts
    versions: Versions
    history: History
    reverts: RevertWatch
    page_outputs: PageOutputs
    rescuing: Rescuing


def silent(event: LiveEvent) -> None:
    """Tell nobody: a command has no pages."""


def build_storage(
    *,
    api: Callable[[str], PosthogApi],
    origin: Callable[[str], str],
    connection_at: Callable[[str], str | None],
    data_dir: Path,
    process_name: str,
    tell: Tell = silent,
) -> Storage:
    """Build the storage of one process.

    Args:
        api: Gives the API of a connection by name.
        origin: Gives the host of a connection by name.
        connection_at: Gives the connection to an origin by name; None where there is none.
        data_dir: Jupyter's data directory; drafts and ledgers are kept below it.
        tell: Tells pages what happens; the default is for processes without any.
        process_name: Names this kind of process in PostHog's live updates.
    """
    workbench = Workbench(
        api=api,
        origin=origin,
        now=lambda: datetime.now(UTC),
        ledgers=LedgerStore(data_dir / "posthog" / "ledgers"),
        drafts=DraftStore(data_dir / "posthog" / "drafts"),
        runs=RunStore(data_dir / "posthog" / "runs"),
        outputs=OutputStore(data_dir / "posthog" / "outputs"),
    )
    drafts = Drafts(workbench)
    new_shapes = NewShapes(workbench)
    client_id = f"{process_name}-{secrets.token_hex(8)}"
    sender = Sender(api, client_id=client_id)
    bases = Bases(workbench, new_shapes)
    versions = Versions(workbench, sender)
    reverts = RevertWatch(workbench, sender, tell=tell, clock=time.monotonic)
    seen = SeenRecords(api, clock=time.monotonic)
    new_notebooks = NewNotebooks(workbench, new_shapes)
    lists = NotebookLists(api)

    def saved(address: NotebookAddress, before: JsonValue, record: RemoteNotebook) -> None:
        reverts.saved(address, before, record)
        seen.keep(address, record)

    return Storage(
        client_id=client_id,
        remote_notebooks=RemoteNotebooks(workbench, seen),
        lists=lists,
        backups=Backups(workbench, lists),
        new_notebooks=new_notebooks,
        saver=Saver(workbench, drafts, bases, sender, saved=saved),
        reverts=reverts,
        drafts=drafts,
        bases=bases,
        conflicts=Conflicts(workbench, drafts, bases, new_notebooks, connection_at=connection_at),
        versions=versions,
        history=History(workbench, versions),
        page_outputs=PageOutputs(workbench),
        rescuing=Rescuing(workbench, sender),
    )
