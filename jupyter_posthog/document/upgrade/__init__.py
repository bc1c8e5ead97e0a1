"""Rich notebooks as Markdown ones, on request, with a list of what that loses."""
