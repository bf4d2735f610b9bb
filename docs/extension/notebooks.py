"""Notebooks as pages: their text and their code. What they print is not kept: tests run them."""

import json
from pathlib import Path


def cells(path: Path) -> list[tuple[str, str]]:
    """(kind, text) of each: "markdown" or "code"."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return [(cell["cell_type"], "".join(cell["source"])) for cell in content["cells"]]


def as_page(path: Path) -> str:
    """Markdown."""
    parts = [
        text if kind == "markdown" else f"```python\n{text}\n```" for kind, text in cells(path)
    ]
    parts.append(f"This page is the notebook `docs/notebooks/{path.name}`.")
    return "\n\n".join(parts) + "\n"
