"""A scheme as the text of a scheme file, which `Scheme.load` reads."""

import json
from collections.abc import Sequence

from landmark_annotator.projects.vocabulary.scheme import Scheme


def scheme_text(scheme: Scheme) -> str:
    """TOML. Pairs stand one on each line, so that two versions can be compared line by line."""
    content = scheme.to_dict()
    tables = {key: content.pop(key, {}) for key in ("colours", "definitions")}
    curves = content.pop("curves", [])
    regions = content.pop("regions", [])
    lines = []
    for key, value in content.items():
        if value == "" or value == []:
            continue
        rows = isinstance(value, list) and key not in ("normaliser", "heading")
        lines.append(f"{key} = {_rows(value) if rows else _inline(value)}")
    for key, table in tables.items():
        if table:
            lines += ["", f"[{key}]", *(f"{_inline(k)} = {_inline(v)}" for k, v in table.items())]
    for key, parts in (("curves", curves), ("regions", regions)):
        for part in parts:
            lines += ["", f"[[{key}]]", *(f"{k} = {_inline(v)}" for k, v in part.items() if v)]
    return "\n".join(lines) + "\n"


def _rows(values: Sequence[object]) -> str:
    return "\n".join(["[", *(f"    {_inline(value)}," for value in values), "]"])


def _inline(value: object) -> str:
    """JSON's strings and arrays are TOML's, but for one control character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
