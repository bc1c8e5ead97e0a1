"""Two readers of PostHog's Markdown for tests, written from posthog-document.md alone.

They know nothing of ``jupyter_posthog.document``: where they and our converter disagree, one of them is wrong.
``browser_blocks.read_blocks`` and ``browser_inline.read_inline`` answer like the browser (M3), ``backend.read_tags``
like the server.
"""
