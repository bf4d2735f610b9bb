"""What the pages take from the code and from measurements when the site is made.

A page says `{{commands}}`, `{{formats}}`, `{{settings}}`, `{{protocols}}`, `{{runs}}`,
`{{library}}`, `{{api MODULE}}` or `{{chart NAME}}` on a line of its own, and
`{{RESULT|PATH|FORMAT}}` inside one: a figure of tests/benchmarks/results/RESULT.json. What is
unknown ends the build. Notebooks become pages with their text and code.
"""

import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from extension import charts, code, mathematics, measured, notebooks

INSERTS = {
    "commands": code.commands,
    "formats": code.formats,
    "settings": code.settings,
    "library": code.library,
    "protocols": code.protocols,
    "api": code.api,
    "runs": measured.runs,
    "chart": charts.chart,
}


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_source_suffix(".ipynb", "markdown")
    app.connect("source-read", _fill)
    mathematics.setup(app)
    return {"parallel_read_safe": True}


def _fill(app: Sphinx, page: str, content: list[str]) -> None:
    """content: one text, replaced."""
    path = Path(app.env.doc2path(page))
    content[0] = notebooks.as_page(path) if path.suffix == ".ipynb" else filled(content[0])


def filled(text: str) -> str:
    """The page with all that it takes from elsewhere."""
    text = re.sub(
        r"(?m)^\{\{(\w+)(?: ([\w.]+))?\}\}$",
        lambda found: INSERTS[found[1]](*filter(None, [found[2]])),
        text,
    )
    return re.sub(
        r"\{\{([\w-]+)\|([^|}]+)\|([^}]+)\}\}", lambda f: measured.figure(*f.groups()), text
    )
