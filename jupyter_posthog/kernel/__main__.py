"""``python -m jupyter_posthog.kernel``: start the kernel."""

from jupyter_posthog.kernel.launch import main

if __name__ == "__main__":
    main()
