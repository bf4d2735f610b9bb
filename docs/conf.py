"""How Sphinx makes a site of these pages: python -m sphinx -W docs FOLDER. It needs no network."""

import sys
from importlib import metadata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "Landmark annotator"
author = "The authors of the landmark annotator"
release = metadata.version("landmark-annotator")
extensions = ["myst_parser", "extension"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["extension"]
html_theme = "furo"
html_title = project
html_copy_source = False
html_math_renderer = "mathml"
html_static_path: list[str] = []
