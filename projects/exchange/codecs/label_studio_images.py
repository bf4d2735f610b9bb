"""Which file an image of Label Studio is: one that it serves from a folder, or one that was
uploaded, whose name has a prefix then, and nothing but letters, numbers, `_`, `-` and `.`."""

import re
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from landmark_annotator.projects.exchange.codecs.common.files import exists, named_path, names_in


def image_of(name: str, folder: Path) -> Path:
    """name: as a task has it. Where there is none, the path that it would have."""
    try:
        address = urlsplit(name)
        local = parse_qs(address.query).get("d")
    except ValueError:  # such as http://[x
        return named_path(name, folder)
    given = local[0] if local else name
    path = named_path(given, folder)
    if exists(path):
        return path
    last = unquote(Path(local[0] if local else address.path).name)
    without_prefix = last.partition("-")[2]
    for candidate in (last, without_prefix):
        if candidate and exists(folder / candidate):
            return folder / candidate
    uploaded = names_in(folder, _after_upload).get(without_prefix, [])
    return folder / uploaded[0] if len(uploaded) == 1 else path


def _after_upload(name: str) -> str:
    """What a file is called then, without the prefix."""
    return re.sub(r"[^-\w.]", "", name.strip().replace(" ", "_"))
