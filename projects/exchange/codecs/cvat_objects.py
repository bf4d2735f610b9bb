"""Which shapes in an image of a CVAT file are one object: by their group, and by their labels."""

from xml.etree import ElementTree as Xml

from landmark_annotator.projects.exchange.codecs.cvat_labels import box_label
from landmark_annotator.projects.vocabulary import Scheme

_OTHERS = ("polyline", "ellipse", "cuboid")
"""Kinds of shapes that hold no landmarks."""
_REGIONS = ("polygon", "mask")
_ALONE = "0"
"""The group of what belongs to nothing."""

Object = tuple[Xml.Element, Xml.Element | None]
"""What has its landmarks, and its box."""


def is_own(box: Xml.Element, scheme: Scheme) -> bool:
    """Whether the box, or track of boxes, is by its label one of the scheme's objects."""
    return box.get("label") in (scheme.name, box_label(scheme))


def objects_of(image: Xml.Element, scheme: Scheme) -> tuple[list[Object], list[str]]:
    """Skeletons and lists of points with their boxes, then boxes of objects that have neither; and
    of what else is there what it is called. Of several boxes in a group one with the label of the
    scheme's objects goes before others."""
    boxes = list(image.iter("box"))
    grouped = {box.get("group_id"): box for box in sorted(boxes, key=lambda b: is_own(b, scheme))}
    found: list[Object] = []
    taken = set[int]()
    for element in _with_single_points_together(image):
        group = element.get("group_id", _ALONE)
        box = None if group == _ALONE else grouped.pop(group, None)
        taken.add(id(box))
        found.append((element, box))
    regions = {region.name for region in scheme.regions}
    others = [
        shape.tag
        for shape in image
        if shape.tag in _OTHERS or (shape.tag in _REGIONS and shape.get("label") not in regions)
    ]
    for box in (box for box in boxes if id(box) not in taken):
        if is_own(box, scheme):
            found.append((box, box))
        else:
            others.append(box.get("label", "box"))
    return found, others


def _with_single_points_together(image: Xml.Element) -> list[Xml.Element]:
    """Before CVAT had skeletons, each landmark was a shape of its own, and a group an instance."""
    found: list[Xml.Element] = []
    groups: dict[str, Xml.Element] = {}
    for element in image:
        if element.tag == "points" and ";" not in element.get("points", ""):
            group = element.get("group_id", _ALONE)
            if group not in groups:
                groups[group] = Xml.Element("skeleton", group_id=group)
                found.append(groups[group])
            groups[group].append(element)
        elif element.tag in ("skeleton", "points"):
            found.append(element)
    return found
