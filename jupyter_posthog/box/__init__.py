"""PostHog in a box: a local PostHog for notebooks, with real engines. It shares no code with the client."""
