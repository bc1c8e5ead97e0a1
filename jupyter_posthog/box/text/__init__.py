"""Stored documents as PostHog's server reads and converts them."""
