"""What a regular expression finds in texts. Run as a program, see `serving`."""

import json
import os
import re

from landmark_annotator.projects.apart.serving import serve, serve_once


def read(question: str) -> list[str | None]:
    """question: as JSON, the pattern and the texts."""
    pattern, texts = json.loads(question)
    search = re.compile(pattern).search
    found = [search(text) for text in texts]
    return [m and (m[1] if m.re.groups and m[1] is not None else m[0]) for m in found]


if __name__ == "__main__":
    (serve if hasattr(os, "fork") else serve_once)(read)
