"""Which PostHog, as whom, and what it can do."""
