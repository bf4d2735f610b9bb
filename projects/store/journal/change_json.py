"""A `Change` as the text that the journal keeps.

Rows are written as objects, by the names of their columns, so that a column that comes later breaks
no journal: what an entry does not name takes the column's default. Up to schema 0003 rows were
lists of values in a fixed order; these are read as well, for the journal is never rewritten.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from landmark_annotator.projects.store.rows.changes import (
    Change,
    LandmarkRow,
    MaskChange,
    MaskMark,
)
from landmark_annotator.projects.store.rows.records import Exclusion, Flag, Review, Verdict
from landmark_annotator.projects.vocabulary import Box, Mask
from landmark_annotator.projects.vocabulary.errors import ProjectError

_DEFAULTS = {field.name: field.default for field in fields(LandmarkRow)}

# The order of the values in the lists of earlier journals. It must never change.
_LANDMARK_LIST = ("x", "y", "visibility", "provenance", "xx", "xy", "yy", "who")
_BOX_LIST = ("centre_x", "centre_y", "width", "height", "angle")
_FLAG_LIST = ("comment", "who", "at", "resolved_by")
_REVIEW_LIST = ("verdict", "comment", "who", "at")

_EXCLUSION = ("why", "who", "at")

Exclusions = tuple[Exclusion | None, Exclusion | None]
"""Before and after."""


def to_json(change: Change) -> str:
    """Compact: an accepted shape of 68 landmarks takes some ten kilobytes."""
    content: dict[str, object] = {
        "accepted": change.accepted,
        "landmarks": {i: [_row(row) for row in pair] for i, pair in change.landmarks.items()},
    }
    if change.box is not None:
        content["box"] = [box and _values(box, _BOX_LIST) for box in change.box]
    if change.review != (None, None):
        content["review"] = [review and _values(review, _REVIEW_LIST) for review in change.review]
    if change.flag is not None:
        content["flag"] = [flag and _values(flag, _FLAG_LIST) for flag in change.flag]
    if change.excluded is not None:
        content["excluded"] = _exclusions(change.excluded)
    if change.masks:
        content["masks"] = {i: _mask(mask) for i, mask in change.masks.items()}
    return _text(content)


def image_to_json(excluded: Exclusions) -> str:
    """What an action did to an image, before and after."""
    return _text({"excluded": _exclusions(excluded)})


def image_from_json(text: str) -> Exclusions:
    before, after = json.loads(text)["excluded"]
    return _exclusion(before), _exclusion(after)


def _text(content: Mapping[str, object]) -> str:
    try:
        return json.dumps(
            content, separators=(",", ":"), allow_nan=False, default=datetime.isoformat
        )
    except (TypeError, ValueError) as error:
        raise ProjectError(
            f"The journal cannot hold what was given: {error}.",
            kept="Nothing was changed.",
            remedy="Give finite numbers, texts and times.",
        ) from error


def _exclusions(pair: Exclusions) -> list[object]:
    return [one and _values(one, _EXCLUSION) for one in pair]


def from_json(text: str) -> Change:
    """Of any schema so far."""
    content = json.loads(text)
    landmarks = content["landmarks"]
    if isinstance(landmarks, list):
        landmarks = {i: pair for i, *pair in landmarks}
    box, flag = content.get("box"), content.get("flag")
    excluded = content.get("excluded")
    before, after = content["accepted"]
    return Change(
        accepted=(before, after),
        landmarks={int(i): (_landmark(old), _landmark(new)) for i, (old, new) in landmarks.items()},
        box=box and (_box(box[0]), _box(box[1])),
        review=(_review(content, 0), _review(content, 1)),
        flag=flag and (_flag(flag[0]), _flag(flag[1])),
        excluded=excluded and (_exclusion(excluded[0]), _exclusion(excluded[1])),
        masks={int(i): _mask_change(mask) for i, mask in content.get("masks", {}).items()},
    )


def _mask(change: MaskChange) -> dict[str, object]:
    marks = (mark and vars(mark) for mark in (change.before, change.after))
    pixels = base64.b64encode(change.pixels.to_bytes()).decode("ascii")
    return {**dict(zip(("before", "after"), marks, strict=True)), "pixels": pixels}


def _mask_change(values: Mapping[str, Any]) -> MaskChange:
    before, after = (
        None if mark is None else MaskMark(**mark) for mark in (values["before"], values["after"])
    )
    pixels = base64.b64decode(values["pixels"], validate=True)
    return MaskChange(before, after, Mask.from_bytes(pixels))


def _row(row: LandmarkRow | None) -> dict[str, object] | None:
    """What differs from the columns' defaults."""
    if row is None:
        return None
    values = {name: getattr(row, name) for name in _DEFAULTS}
    return {name: value for name, value in values.items() if value != _DEFAULTS[name]}


def _values(record: Box | Flag | Review | Exclusion, names: Sequence[str]) -> dict[str, object]:
    return {name: getattr(record, name) for name in names}


def _named(values: Mapping[str, Any] | Sequence[Any], order: Sequence[str]) -> dict[str, Any]:
    """The values by name, also those of an earlier journal."""
    if isinstance(values, Mapping):
        return dict(values)
    return dict(zip(order, values, strict=True))


def _landmark(values: Any) -> LandmarkRow | None:
    return None if values is None else LandmarkRow(**_named(values, _LANDMARK_LIST))


def _box(values: Any) -> Box | None:
    return None if values is None else Box(**_named(values, _BOX_LIST))


def _flag(values: Any) -> Flag | None:
    if values is None:
        return None
    named = _named(values, _FLAG_LIST)
    return Flag(**{**named, "at": datetime.fromisoformat(named["at"])})


def _exclusion(values: Any) -> Exclusion | None:
    if values is None:
        return None
    return Exclusion(**{**values, "at": datetime.fromisoformat(values["at"])})


def _review(content: Mapping[str, Any], which: int) -> Review | None:
    values = content.get("review", (None, None))[which]
    if values is None:
        return None
    named = _named(values, _REVIEW_LIST)
    verdict, at = Verdict(named["verdict"]), datetime.fromisoformat(named["at"])
    return Review(**{**named, "verdict": verdict, "at": at})
