"""PostHog's Markdown: its blocks and tags, and the cells of a Markdown notebook."""
