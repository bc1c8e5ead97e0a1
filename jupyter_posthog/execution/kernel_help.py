"""Completion and inspection through code, for servers that only execute (posthog-api.md 18)."""

from __future__ import annotations

import json

from jupyter_posthog.api.kernel_models import ExecutionAnswer
from jupyter_posthog.execution.executor import Completion

# One expression, so that nothing stays behind in the kernel. It prints, since a value would become a name `_`.
_SHELL = "__import__('IPython').get_ipython()"
_CALL = """print((lambda shell: __import__("json").dumps(
    shell.kernel.{call} if hasattr(shell, "kernel") else {{}}, default=str))({shell}))"""


def complete_code(code: str, cursor: int) -> str:
    """Return code that prints what the kernel's own completer gives, as JSON."""
    return _CALL.format(call=f"do_complete({code!r}, {cursor:d})", shell=_SHELL)


def inspect_code(code: str, cursor: int, detail: int) -> str:
    """Return code that prints what the kernel's own inspector gives, as JSON."""
    return _CALL.format(call=f"do_inspect({code!r}, {cursor:d}, {detail:d})", shell=_SHELL)


def read_completion(answer: ExecutionAnswer | None, cursor: int) -> Completion:
    """Return what was printed; nothing where it is no completion."""
    found = _printed(answer)
    matches, start, end = found.get("matches"), found.get("cursor_start"), found.get("cursor_end")
    if not isinstance(matches, list) or not isinstance(start, int) or not isinstance(end, int):
        return Completion(matches=(), start=cursor, end=cursor)
    return Completion(matches=tuple(str(match) for match in matches), start=start, end=end)


def read_inspection(answer: ExecutionAnswer | None) -> str:
    """Return the text that was printed; empty where nothing was found."""
    data = _printed(answer).get("data")
    text = data.get("text/plain") if isinstance(data, dict) else None
    return text if isinstance(text, str) else ""


def _printed(answer: ExecutionAnswer | None) -> dict[str, object]:
    if answer is None or answer.status != "ok":
        return {}
    try:
        found = json.loads(answer.stdout)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
