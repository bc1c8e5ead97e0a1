"""The wrapper kernel ``posthog``: Jupyter's messages on one side, ``execution/`` on the other."""
