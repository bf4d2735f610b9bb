"""Label Studio's JSON-MIN, as the tasks that its JSON has.

An entry is one annotation: the task's data, and under the name of each control of the labelling
configuration the values of its regions, in percent as in JSON. Which region belongs to which is not
in it, nor whether a point is occluded or the image was turned: a point is of the only rectangle, or
of the one of several in which it lies.
(label-studio-sdk, `converter.Converter.convert_to_json_min`)
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from landmark_annotator.projects.exchange.codecs.common import pixel_corners
from landmark_annotator.projects.exchange.codecs.common.text import ODD
from landmark_annotator.projects.exchange.codecs.label_studio_rectangles import box_of, size_of
from landmark_annotator.projects.vocabulary import Box

_KINDS = ("keypointlabels", "rectanglelabels", "brushlabels")
_SIZE = ("original_width", "original_height")
_SIGN = "annotation_id"
_OF_LABEL_STUDIO = ("id", "annotator", _SIGN, "created_at", "updated_at", "lead_time", "agreement")
_OCCLUDED = "occluded"
NOT_SAID = (
    "JSON-MIN does not say which points are occluded: all count as visible. Export JSON from Label "
    "Studio to keep that."
)


def looks_so(text: str) -> bool:
    """The beginning of a file."""
    has_regions = any(f'"{kind}"' in text for kind in _KINDS)
    return text.startswith("[") and f'"{_SIGN}"' in text and has_regions


def is_min(entries: Sequence[Any]) -> bool:
    first = next((entry for entry in entries if isinstance(entry, dict)), {})
    return _SIGN in first and "annotations" not in first


def tasks_of(entries: Sequence[Any]) -> tuple[list[Any], list[str], bool]:
    """One task for all annotations of an image; why points were left out; and whether it is known
    of some that they are occluded, but not of which. An entry that is none stays as it is."""
    tasks: dict[Any, Any] = {}
    wrong, hides = [], False
    for place, entry in enumerate(entries):
        if not isinstance(entry, dict):
            tasks[place] = entry
            continue
        data = {
            key: value
            for key, value in entry.items()
            if isinstance(value, str) and key not in _OF_LABEL_STUDIO
        }
        regions = [
            region
            for name, values in entry.items()
            if isinstance(values, list)
            for number, value in enumerate(values)
            if isinstance(value, dict) and (region := _region(f"{name} {number}", value))
        ]
        for why in _give_parents(regions):
            wrong.append(f"Entry {place}: {why}")
        hides |= any(_says_occluded(value) for value in entry.values())
        person = entry.get("annotator")
        task = tasks.setdefault(
            f"{entry.get('id')} {sorted(data.items())}", {"data": data, "annotations": []}
        )
        task["annotations"].append(
            {
                "completed_by": {"email": person} if isinstance(person, str) else person,
                "created_at": entry.get("created_at"),
                "result": [region for region in regions if region],
            }
        )
    return list(tasks.values()), wrong, hides


def _region(name: str, value: Mapping[str, Any]) -> dict[str, Any] | None:
    """As JSON has it; None of a kind that is not read."""
    kind = next((kind for kind in _KINDS if kind in value), None)
    if kind is None:
        return None
    size = {key: value[key] for key in _SIZE if key in value}
    parent = {"parentID": value["parentID"]} if value.get("parentID") else {}
    own = {key: each for key, each in value.items() if key not in _SIZE}
    return {"id": value.get("id") or name, "type": kind, **size, **parent, "value": own}


def _give_parents(regions: Sequence[dict[str, Any]]) -> list[str]:
    """To regions that name none; those of which it is open are emptied, and why."""
    rectangles = [each for each in regions if each["type"] == "rectanglelabels"]
    wrong = []
    for region in regions:
        if region in rectangles or "parentID" in region or not rectangles:
            continue
        around = rectangles if len(rectangles) == 1 else _around(region, rectangles)
        if len(around) == 1:
            region["parentID"] = around[0]["id"]
        elif around:
            names = region["value"].get(region["type"])
            wrong.append(
                f"{names} lies in {len(around)} rectangles; export JSON from Label Studio, which "
                "says to which it belongs."
            )
            region.clear()
    return wrong


def _around(region: Mapping[str, Any], rectangles: Sequence[dict[str, Any]]) -> list[Any]:
    """Those in which a point lies; none of what is no point, or is none that can be read."""
    try:
        width, height = size_of(region)
        value = region["value"]
        x = pixel_corners.from_percent(value["x"], width)
        y = pixel_corners.from_percent(value["y"], height)
        boxes = [(each, box_of(each)) for each in rectangles]
    except ODD:  # which reading the region or the rectangle tells
        return []
    return [each for each, box in boxes if box is not None and _holds(box, x, y)]


def _holds(box: Box, x: float, y: float) -> bool:
    across = np.abs(box.to_frame(np.array([[x, y]]))[0]) * box.side
    return bool((across <= np.array([box.width, box.height]) / 2 + 1e-6).all())


def _says_occluded(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_says_occluded, value))
    chosen = value.get("choices") if isinstance(value, dict) else None
    return value == _OCCLUDED or (isinstance(chosen, list) and _OCCLUDED in chosen)
