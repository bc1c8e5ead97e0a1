"""Sends one document to PostHog: so that open pages see it at once where that is possible, else by PATCH."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from jupyter_posthog.document import MARKDOWN
from jupyter_posthog.errors import EndpointMissingError, InvalidRequestError, NotebookNotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_posthog.api.bodies import JsonValue
    from jupyter_posthog.api.client import PosthogApi
    from jupyter_posthog.api.models import RemoteNotebook
    from jupyter_posthog.storage.paths import NotebookAddress

_log = logging.getLogger("jupyter_posthog")  # the redactor sits on this one


class Sender:
    """Knows for each connection which way of saving its server has."""

    def __init__(self, api: Callable[[str], PosthogApi], *, client_id: str) -> None:
        """Prepare.

        Args:
            api: Gives the API of a connection by name.
            client_id: Names this process in PostHog's live updates (posthog-api.md 15.2).
        """
        self._api = api
        self._client_id = client_id
        self._without_markdown_save: set[str] = set()

    async def send(
        self, address: NotebookAddress, document: JsonValue, *, shape: str, text_content: str | None, base_version: int
    ) -> RemoteNotebook:
        """Store a document that was made from one version; return what PostHog kept.

        Raises:
            SaveConflictError: PostHog holds another version. Nothing was stored.
            NotebookNotFoundError: The notebook does not exist or is in the trash.
        """
        if shape == MARKDOWN and address.connection not in self._without_markdown_save:
            try:
                return await self._api(address.connection).notebooks.save_markdown(
                    address.project_id,
                    address.short_id,
                    document,
                    text_content=text_content or "",
                    base_version=base_version,
                    client_id=self._client_id,
                )
            except InvalidRequestError:
                _log.debug("markdown_save refused this document; going on with PATCH short_id=%s", address.short_id)
            except EndpointMissingError:
                record = await self._patch(address, document, text_content, base_version)
                # The same 404 says that the notebook is gone; only now it is known which of the two it was.
                self._without_markdown_save.add(address.connection)
                return record
        return await self._patch(address, document, text_content, base_version)

    async def _patch(
        self, address: NotebookAddress, document: JsonValue, text_content: str | None, base_version: int
    ) -> RemoteNotebook:
        record = await self._api(address.connection).notebooks.save_document(
            address.project_id, address.short_id, document, text_content=text_content, base_version=base_version
        )
        if record.deleted:
            # PATCH reaches the trash too (posthog-api.md 6.8); a person must hear that the notebook is there.
            raise NotebookNotFoundError(status=404, short_id=address.short_id)
        return record
