"""The part of the nbconvert template ``posthog`` that reads: components of PostHog become cards.

``jupyter nbconvert --to html --template posthog`` names this class in the template's ``conf.json``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from nbconvert.preprocessors import Preprocessor

from jupyter_posthog.document.embed_cards import COMPONENT_FORMAT, embed_card

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: Where the template finds a card. What a file brings under this name is never believed.
CARD = "posthog_card"
_SCHEMES = {"http", "https"}


class EmbedCards(Preprocessor):
    """Gives every raw cell that holds a component its card."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Put the cards into the cells' metadata; the sources stay as they are."""
        own = nb.metadata.get("posthog")
        own = own if isinstance(own, dict) else {}
        for cell in nb.cells:
            cell.metadata.pop(CARD, None)
            if cell.cell_type == "raw" and cell.metadata.get("format") == COMPONENT_FORMAT:
                cell.metadata[CARD] = _card(str(cell.source), own)
        return nb, resources


def _card(source: str, notebook: dict[str, Any]) -> dict[str, Any]:
    card = embed_card(source)
    if card is None:
        return {"kind": "Component", "title": "", "facts": [], "links": [], "source": source}
    links = [("Open in PostHog", _in_posthog(notebook, card.place)), ("Open the page", checked_address(card.source))]
    return {
        "kind": card.kind,
        "title": card.title,
        "facts": [list(fact) for fact in card.facts],
        "links": [list(link) for link in links if link[1]],
        "source": source,
    }


def _in_posthog(notebook: dict[str, Any], place: str) -> str:
    """Return the address of an object, or of the notebook it is shown in; empty where the file does not tell."""
    host, project_id, short_id = notebook.get("host"), notebook.get("project_id"), notebook.get("short_id")
    if not isinstance(host, str) or not isinstance(project_id, int):
        return ""
    if not place and isinstance(short_id, str) and short_id.isalnum():
        place = f"notebooks/{short_id}"
    return checked_address(f"{host.rstrip('/')}/project/{project_id}/{place}") if place else ""


def checked_address(address: str) -> str:
    """Return an address that a page may link to; empty for every other one, such as ``javascript:``."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    is_plain = parts.scheme in _SCHEMES and parts.netloc and not any(map(str.isspace, address.strip()))
    return address.strip() if is_plain else ""
