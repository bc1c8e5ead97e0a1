"""What a page sends to be stored: the notebook in a contents model, whatever way it was packed."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from nbformat import NotebookNode

from jupyter_posthog.contents.models import Model
from jupyter_posthog.contents.validity import check_format
from jupyter_posthog.errors import OnlyNotebooksError, RequestNotValidError, WrongNotebookError
from jupyter_posthog.storage.paths import SUFFIX
from jupyter_posthog.storage.save_requests import notebook_in


def check_is_notebook(model: Model, path: str) -> None:
    """Check that somebody wants to store a notebook: Lab uploads one as a file of this name.

    Raises:
        OnlyNotebooksError: It is a folder or another file.
    """
    if model.get("type") == "directory":
        raise OnlyNotebooksError(kind="folder")
    if model.get("type") == "file" and not path.endswith(SUFFIX):
        raise OnlyNotebooksError(kind="file")


def notebook_of(model: Model) -> NotebookNode:
    """Return the notebook of a model.

    Raises:
        WrongNotebookError: It holds none that Jupyter knows. Nothing was stored.
    """
    content: Any = model.get("content")
    if isinstance(content, str):
        content = _unpacked(content, is_base64=model.get("format") == "base64")
    if not _is_of_nbformat_4(content):
        raise WrongNotebookError(problem="it is not a notebook of nbformat 4")
    try:
        check_format(content)
        return notebook_in(content)
    except RecursionError as error:
        raise WrongNotebookError(problem="it is nested too deeply") from error


def base_version_of(model: Model) -> int | None:
    """Return the version that the page shows; None where it names none.

    Raises:
        RequestNotValidError: It is no version. Taken for none, it would overwrite what others saved.
    """
    version = model.get("base_version")
    if version is None or (isinstance(version, int) and not isinstance(version, bool)):
        return version
    raise RequestNotValidError(attr="base_version", code="invalid", problem="base_version is a number or null")


def _unpacked(content: str, *, is_base64: bool) -> Any:
    try:
        return json.loads(base64.b64decode(content, validate=False).decode("utf-8") if is_base64 else content)
    except (binascii.Error, ValueError, RecursionError) as error:
        raise WrongNotebookError(problem="it does not hold the JSON of a notebook") from error


def _is_of_nbformat_4(content: Any) -> bool:
    if not isinstance(content, dict) or not isinstance(content.get("metadata", {}), dict):
        return False
    cells, numbers = content.get("cells"), (content.get("nbformat", 4), content.get("nbformat_minor", 5))
    if numbers[0] != 4 or not all(isinstance(number, int) for number in numbers):
        return False
    return isinstance(cells, list) and all(isinstance(cell, dict) for cell in cells)
