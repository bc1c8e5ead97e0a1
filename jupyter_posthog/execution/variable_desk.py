"""The notebook's variables as a page shows and changes them (posthog-api.md 6.3)."""

from __future__ import annotations

from jupyter_posthog.execution.places import NotebookPlace
from jupyter_posthog.execution.variables import Variables, read_variables, whole_list

JsonObject = dict[str, object]


async def stored_variables(place: NotebookPlace) -> JsonObject:
    """Return ``{variables, is_served}``; older servers keep none with a notebook.

    Raises:
        NotebookNotFoundError: There is no such notebook.
    """
    record = await place.api.notebooks.fetch(place.project_id, place.short_id)
    return _shown(read_variables(record.variables), is_served=record.variables is not None)


async def store_variables(place: NotebookPlace, wanted: object) -> JsonObject:
    """Store a whole list in the place of what is there, and return what PostHog keeps.

    Raises:
        VariableNotUsableError: PostHog would not take one of them; nothing was sent.
    """
    variables = whole_list(wanted)
    record = await place.api.notebooks.set_variables(
        place.project_id, place.short_id, [{**variable.to_json()} for variable in variables]
    )
    # A server without variables answers all the same, and keeps none.
    return _shown(read_variables(record.variables), is_served=record.variables is not None)


def _shown(variables: Variables, *, is_served: bool) -> JsonObject:
    return {"variables": [variable.to_json() for variable in variables], "is_served": is_served}
