"""Masks of regions in a CVAT file: run lengths along the rows of a window, in the group of the
skeleton that they belong to. Polygons whose label is a region's are read as masks too."""

from collections.abc import Mapping, MutableSequence, Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np

from landmark_annotator.projects.exchange.codecs.common.entries import (
    ExportedInstance,
    ImportedInstance,
    Unreadable,
)
from landmark_annotator.projects.exchange.codecs.common.run_lengths import from_coco
from landmark_annotator.projects.exchange.codecs.common.text import ODD
from landmark_annotator.projects.vocabulary import Mask, MaskProvenance, RegionMask, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

_MOST_PIXELS = 1 << 28
_ALONE = "0"
"""The group of what belongs to nothing."""


def add_masks(
    image: Xml.Element, instance: ExportedInstance, scheme: Scheme, common: Mapping[str, str]
) -> None:
    """CVAT has no masks of nothing: those of regions that are not to be seen are left out."""
    for region in scheme.regions:
        found = instance.masks.get(region.name)
        if found is None or not found.mask:
            continue
        left, top, width, height = found.mask.bounds
        flat = np.concatenate([[False], found.mask.inside((left, top, width, height)).ravel()])
        edges = np.flatnonzero(flat[1:] != flat[:-1])
        runs = np.diff(np.concatenate([[0], edges, [width * height]]))
        about = {"label": region.name, "occluded": "0", **common}
        about |= {"rle": ", ".join(map(str, runs.tolist())), "left": str(left), "top": str(top)}
        Xml.SubElement(image, "mask", {**about, "width": str(width), "height": str(height)})


def add_mask_labels(root: Xml.Element, scheme: Scheme) -> None:
    labels = root.find("meta/task/labels")
    assert labels is not None
    for region in scheme.regions:
        label = Xml.SubElement(labels, "label")
        Xml.SubElement(label, "name").text = region.name
        Xml.SubElement(label, "type").text = "mask"
        Xml.SubElement(label, "attributes")


def attach_masks(
    image: Xml.Element,
    path: Path,
    scheme: Scheme,
    instances: MutableSequence[ImportedInstance],
    groups: Sequence[tuple[str, int]],
    source: Path,
    unreadable: list[Unreadable],
) -> bool:
    """Gives the masks of an image to its instances, by the group; what has none goes to the first
    one, or is one of its own. groups: of each instance of the image, and its place among all.
    Whether there were any."""
    regions = {region.name for region in scheme.regions}
    found: dict[int, dict[str, Mask]] = {}
    by_group = {group: place for group, place in groups if group != _ALONE}
    name = image.get("name", "")
    for number, element in enumerate([*image.iter("mask"), *image.iter("polygon")]):
        label = element.get("label", "")
        if label not in regions:
            continue
        try:
            mask = _mask(element, image)
        except ODD as error:
            unreadable.append(Unreadable(source, f"{name}, mask {number}: {error}"))
            continue
        first = groups[0][1] if groups else len(instances)
        place = by_group.get(element.get("group_id", _ALONE), first)
        own = found.setdefault(place, {})
        own[label] = own.get(label, Mask()) | mask
    for place, masks in found.items():
        if place == len(instances):
            key = f"{source.name}:{name}#masks"
            empty = ImportedInstance(path, Shape.unknown(len(scheme)), None, key)
            instances.append(empty)
        marked = {n: RegionMask(mask, MaskProvenance.IMPORTED) for n, mask in masks.items()}
        instances[place] = replace(instances[place], masks=marked)
    return bool(found)


def _mask(element: Xml.Element, image: Xml.Element) -> Mask:
    if element.tag == "polygon":
        corners = [float(v) for v in element.get("points", "").replace(";", ",").split(",")]
        size = int(image.get("height", "0")), int(image.get("width", "0"))
        return from_coco([corners], *size)
    names = ("left", "top", "width", "height")
    left, top, width, height = (int(element.get(name, "")) for name in names)
    runs = np.array([int(run) for run in element.get("rle", "").split(",")], dtype=np.int64)
    pixels = width * height
    if min(width, height) < 1 or pixels > _MOST_PIXELS or (runs < 0).any() or runs.sum() != pixels:
        raise FormatError("its run lengths are not those of its window.")
    flat = np.repeat(np.arange(len(runs)) % 2 == 1, runs)
    return Mask.of(flat.reshape(height, width), left, top)
