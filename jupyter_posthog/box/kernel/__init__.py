"""Real Python kernels, what runs in them, and their endpoints."""
