"""Small stores of local files: what a page shows, what is not in PostHog yet."""
