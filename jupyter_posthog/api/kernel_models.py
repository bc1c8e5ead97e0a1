"""PostHog's answers about kernels and what runs in them, as typed values (posthog-api.md 11)."""

from __future__ import annotations

import msgspec


class KernelStarted(msgspec.Struct, frozen=True):
    """Answer of kernel start and restart (posthog-api.md 11.1)."""

    status: str = ""
    id: str | None = None


class KernelFrame(msgspec.Struct, frozen=True):
    """One frame that a running kernel holds; ``columns`` are pairs of name and type (posthog-api.md 11.3)."""

    name: str
    kind: str = "frame"
    columns: list[list[str]] = []
    row_count: int | None = None
    row_count_is_estimate: bool = False


class KernelStatus(msgspec.Struct, frozen=True):
    """Answer of kernel status; older servers leave out frames and price (posthog-api.md 11.3)."""

    status: str = "stopped"
    backend: str | None = None
    last_error: str | None = None
    last_used_at: str | None = None
    runtime_id: str | None = None
    kernel_id: str | None = None
    sandbox_id: str | None = None
    frames: list[KernelFrame] = []
    cpu_cores: float | None = None
    memory_gb: float | None = None
    idle_timeout_seconds: int | None = None
    hourly_price: float | None = None
    preset_key: str | None = None


class KernelConfigured(msgspec.Struct, frozen=True):
    """Answer to a changed size or lifetime; older servers leave out all but the three sizes (posthog-api.md 11.4)."""

    cpu_cores: float | None = None
    memory_gb: float | None = None
    idle_timeout_seconds: int | None = None
    restarted: bool = False
    restart_required: bool = False
    hourly_price: float | None = None


class ComputePreset(msgspec.Struct, frozen=True):
    """One size that PostHog offers, with its price."""

    key: str
    name: str = ""
    cpu_cores: float = 0.0
    memory_gb: float = 0.0
    hourly_price: float | None = None


class ComputeOptions(msgspec.Struct, frozen=True):
    """The sizes and lifetimes that PostHog allows, and their rates (posthog-api.md 11.5)."""

    currency: str = "USD"
    cpu_rate_per_core_hour: float = 0.0
    memory_rate_per_gb_hour: float = 0.0
    presets: list[ComputePreset] = []
    allowed_cpu_cores: list[float] = []
    allowed_memory_gb: list[float] = []
    allowed_idle_timeout_seconds: list[int] = []


class CompletionMatch(msgspec.Struct, frozen=True):
    """One thing that can stand at the cursor."""

    text: str
    type: str = ""


class CompletionAnswer(msgspec.Struct, frozen=True):
    """Answer of kernel complete; places count characters (posthog-api.md 11.7)."""

    matches: list[CompletionMatch] = []
    cursor_start: int = 0
    cursor_end: int = 0


class InspectionAnswer(msgspec.Struct, frozen=True):
    """Answer of kernel inspect (posthog-api.md 11.7)."""

    found: bool = False
    text: str = ""


class KernelRuntime(msgspec.Struct, frozen=True):
    """The kernel that ran some code (posthog-api.md 11.6)."""

    id: str | None = None


class ExecutionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of kernel execute, and of the last event of its stream (posthog-api.md 11.6)."""

    status: str
    stdout: str = ""
    stderr: str = ""
    result: dict[str, object] | None = None
    media: list[dict[str, str]] = []
    execution_count: int | None = None
    error_name: str | None = None
    traceback: list[str] = []
    kernel_runtime: KernelRuntime | None = None
