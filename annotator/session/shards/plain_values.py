"""Numbers, texts, arrays and the dataclasses of this program as JSON has them, to the last bit."""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from landmark_annotator.annotator.session.shards import checked_values as checked

_MOST_AXES = 8


def plain(value: Any) -> Any:
    """Raises TypeError for what is none of them."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {"float": str(float(value))}
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, np.ndarray) and value.dtype == np.float64:
        return {"array": checked.packed(value), "shape": list(value.shape)}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, tuple):
        return {"tuple": [plain(each) for each in value]}
    if isinstance(value, dict):
        return {"dict": [[plain(key), plain(each)] for key, each in value.items()]}
    if is_dataclass(value):
        parts = {each.name: plain(getattr(value, each.name)) for each in fields(value)}
        return {"of": type(value).__name__, "fields": parts}
    raise TypeError(f"a {type(value).__name__} is not written down")


def of_plain(value: Any, kinds: Mapping[str, type]) -> Any:
    """kinds: the dataclasses that may be there, by name. Raises Unfit for anything else."""
    if value is None or isinstance(value, bool | int | str | float):
        return value
    if isinstance(value, list):
        return [of_plain(each, kinds) for each in value]
    if not isinstance(value, dict) or not value:
        raise checked.Unfit("a value is none that is written down")
    content = next(iter(value.values()))
    match list(value):
        case ["float"] if content in ("inf", "-inf", "nan"):
            return float(content)
        case ["tuple"] if isinstance(content, list):
            return tuple(of_plain(each, kinds) for each in content)
        case ["dict"] if isinstance(content, list):
            return dict(_pair(each, kinds) for each in content)
        case ["array", "shape"]:
            return _array(value)
        case ["of", "fields"] if content in kinds and isinstance(value["fields"], dict):
            parts = {name: of_plain(each, kinds) for name, each in value["fields"].items()}
            try:
                return kinds[content](**parts)
            except TypeError as error:
                raise checked.Unfit(f"a {content} has other parts") from error
    raise checked.Unfit("a value is none that is written down")


def _pair(pair: Any, kinds: Mapping[str, type]) -> tuple[Any, Any]:
    if not isinstance(pair, list) or len(pair) != 2:
        raise checked.Unfit("a pair is none")
    key = of_plain(pair[0], kinds)
    if not isinstance(key, str | int | tuple):
        raise checked.Unfit("a pair has no name")
    return key, of_plain(pair[1], kinds)


def _array(value: Mapping[str, Any]) -> np.ndarray[Any, Any]:
    shape = value["shape"]
    whole = isinstance(shape, list) and len(shape) <= _MOST_AXES
    if not whole or not all(type(each) is int and 0 <= each < 2**31 for each in shape):
        raise checked.Unfit("an array has no shape")
    return checked.array(value, "array", tuple(shape), gaps=True, infinite=True)
