"""What one piece of code gave in a kernel, gathered from the kernel's messages (posthog-api.md 11.6)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

Json = Any
OnText = Callable[[str, str], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class Execution:
    """What one piece of code gave."""

    status: str = "ok"
    stdout: str = ""
    stderr: str = ""
    result: dict[str, Json] | None = None
    media: list[dict[str, str]] = field(default_factory=list)
    execution_count: int | None = None
    error_name: str | None = None
    error_value: str = ""
    traceback: list[str] = field(default_factory=list)
    started_at: str = ""
    completed_at: str = ""

    async def take(self, kind: str, content: Json, on_text: OnText | None = None) -> None:
        """Take one message of the kernel."""
        if kind == "stream":
            setattr(self, content["name"], getattr(self, content["name"]) + content["text"])
            if on_text is not None:
                await on_text(content["name"], content["text"])
        elif kind == "execute_input":
            self.execution_count = content["execution_count"]
        elif kind in {"execute_result", "display_data"}:
            self._take_data(kind, dict(content["data"]))
        elif kind == "error":
            self.status = "error"
            self.error_name, self.error_value = content["ename"], content["evalue"]
            self.traceback = content["traceback"]

    def time_out(self) -> None:
        """Say that the time was over; what was printed until then stays."""
        self.status, self.execution_count, self.result = "timeout", None, None
        self.error_name, self.error_value = "TimeoutError", "Execution timed out."
        self.traceback = ["Execution timed out."]

    def _take_data(self, kind: str, data: dict[str, Json]) -> None:
        for mime_type in [name for name in data if name.startswith("image/")]:
            self.media.append({"mime_type": mime_type, "data": data.pop(mime_type).strip()})
        if kind == "execute_result":
            self.result = data
        elif "text/html" in data or ("text/plain" in data and not self.media):
            self.stdout += f"{data.get('text/plain', '')}\n"
