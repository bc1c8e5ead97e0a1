"""How Sphinx builds these docs: ``make docs``."""

from importlib.metadata import version as version_of

project = "jupyter-posthog"
author = copyright = "the authors of jupyter-posthog"
version = release = version_of("jupyter-posthog")

extensions = ["myst_parser"]
exclude_patterns = ["_build"]
source_suffix = {".md": "markdown"}
root_doc = "index"
nitpicky = True

myst_enable_extensions = ["colon_fence"]
# Links to headings, as GitHub makes them.
myst_heading_anchors = 4

html_theme = "furo"
html_title = "jupyter-posthog"
