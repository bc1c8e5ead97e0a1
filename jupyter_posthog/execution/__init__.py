"""Running cells on PostHog: which way, with which results."""
