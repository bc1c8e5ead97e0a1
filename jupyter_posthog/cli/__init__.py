"""``jupyter posthog …``."""
