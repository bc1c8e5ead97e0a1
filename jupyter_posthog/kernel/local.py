"""``python -m jupyter_posthog.kernel.local``: ipykernel on this machine, with the magics loaded."""

from __future__ import annotations

from ipykernel.kernelapp import IPKernelApp


def main() -> None:
    """Start the kernel named in this process's arguments."""
    IPKernelApp.launch_instance(extra_extensions=["jupyter_posthog"])


if __name__ == "__main__":
    main()
