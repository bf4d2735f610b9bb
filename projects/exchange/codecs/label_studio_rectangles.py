"""Rectangles of Label Studio, in percent of the image's extent, and the boxes that they are."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from landmark_annotator.projects.exchange.codecs.common import pixel_corners
from landmark_annotator.projects.exchange.codecs.common.entries import (
    ExportedInstance,
    Size,
    size_said,
)
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.errors import FormatError

Region = Mapping[str, Any]
_SAME_PERCENT = 1e-6


def size_of(region: Region) -> tuple[int, int]:
    """original_width and original_height, of an image that was not turned."""
    width, height = region["original_width"], region["original_height"]
    whole = all(isinstance(side, int) and not isinstance(side, bool) for side in (width, height))
    if not whole or min(width, height) < 1:
        raise FormatError(f"its original size is {width} x {height}.")
    if region.get("image_rotation"):
        raise FormatError("the image was turned in Label Studio.", remedy="Turn it back there.")
    return width, height


def size_of_any(regions: Iterable[Region]) -> Size | None:
    """Of the image, by the first of these that says it."""
    said = (size_said(r.get("original_width"), r.get("original_height")) for r in regions)
    return next((size for size in said if size is not None), None)


def box_of(region: Region | None) -> Box | None:
    if region is None:
        return None
    value, (width, height) = region["value"], size_of(region)
    sides = [
        pixel_corners.number(value[name]) * size / 100
        for name, size in (("width", width), ("height", height))
    ]
    first = (
        pixel_corners.from_percent(value["x"], width),
        pixel_corners.from_percent(value["y"], height),
    )
    angle = np.radians(pixel_corners.number(value.get("rotation") or 0))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    with np.errstate(all="ignore"):
        centre = np.array(first) + turn @ np.array(sides) / 2
    if not np.isfinite(centre).all():
        raise FormatError("its rectangle is too large.")
    return Box(float(centre[0]), float(centre[1]), sides[0], sides[1], float(angle))


def own_box(region: Region | None) -> Box | None:
    """That of which an export has written the part within the image, where this is still it."""
    numbers = said_of(region).get("box")
    if region is None or not isinstance(numbers, list) or len(numbers) != 5:
        return None
    box = Box(*(pixel_corners.number(number) for number in numbers))
    written, value = _within(box, *size_of(region)), region["value"]
    same = all(
        abs(float(written[side]) - pixel_corners.number(value.get(side) or 0)) < _SAME_PERCENT
        for side in ("x", "y", "width", "height", "rotation")
    )
    return box if same else None


def said_of(region: Region | None) -> Mapping[str, Any]:
    """What this tool has written of an instance beside its rectangle, where it has."""
    meta = (region or {}).get("meta")
    return meta if isinstance(meta, dict) else {}


def rectangle_of(instance: ExportedInstance) -> tuple[dict[str, Any], Box | None]:
    """In percent; and the box, where it leaves the image and the rectangle is another."""
    box = instance.box
    if box is None:
        known = instance.shape.known.any()
        box = (
            Box.square_around(instance.shape.points)
            if known
            else Box.whole_image(instance.width, instance.height)
        )
    corners = box.to_image(box.half * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]))
    sides = np.array([instance.width, instance.height])
    if (corners < -0.5).any() or (corners > sides - 0.5).any():
        return _within(box, instance.width, instance.height), box
    x, y = corners[0].tolist()
    return {
        "x": pixel_corners.to_percent(x, instance.width),
        "y": pixel_corners.to_percent(y, instance.height),
        "width": box.width / instance.width * 100,
        "height": box.height / instance.height * 100,
        "rotation": float(np.degrees(box.angle)),
    }, None


def _within(box: Box, width: int, height: int) -> dict[str, Any]:
    """The upright part of the box within the image, in percent; all of it where there is none."""
    corners = box.to_image(box.half * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])) + 0.5
    sides = np.array([width, height])
    low, high = corners.min(axis=0).clip(0, sides), corners.max(axis=0).clip(0, sides)
    if (high - low <= 0).any():
        low, high = np.zeros(2), sides
    names = ("x", "y", "width", "height")
    percent = np.concatenate((low, high - low)) / np.tile(sides, 2) * 100
    return {**dict(zip(names, percent.tolist(), strict=True)), "rotation": 0.0}
