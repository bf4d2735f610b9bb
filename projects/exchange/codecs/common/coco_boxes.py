"""Boxes as COCO has them: x, y, width and height of an upright rectangle.

They are counted from the corner of the first pixel, as COCO's masks and polygons are, and not from
its centre: [0, 0, width, height] is the whole image.
"""

from typing import Any

from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.exchange.codecs.common.json_numbers import one_number
from landmark_annotator.projects.exchange.codecs.common.losses import upright_box
from landmark_annotator.projects.vocabulary import Box

_HALF = 0.5


def bbox_of(instance: ExportedInstance) -> list[float]:
    """See `upright_box`."""
    x, y, width, height = upright_box(instance)
    return [x + _HALF, y + _HALF, width, height]


def box_of(bbox: Any) -> Box | None:
    """None of nothing, and of one without extent. Raises what `ODD` names for what is no box."""
    if bbox is None:
        return None
    x, y, width, height = map(one_number, bbox)
    if not (width > 0 and height > 0):
        return None
    return Box.from_corner(x - _HALF, y - _HALF, width, height)
