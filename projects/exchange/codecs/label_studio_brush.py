"""Masks of regions in Label Studio's tasks: `brushlabels`, whose rectangle is their `parentID`."""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as Xml

from landmark_annotator.projects.exchange.codecs.common.brush_runs import from_brush, to_brush
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.exchange.codecs.common.text import ODD, one_line, xml_text
from landmark_annotator.projects.exchange.codecs.label_studio_rectangles import Region, size_of
from landmark_annotator.projects.vocabulary import Mask, MaskProvenance, RegionMask, Scheme
from landmark_annotator.projects.vocabulary.region import region_colours


def brush_labels(view: Xml.Element, scheme: Scheme) -> None:
    """In the labelling configuration, where the scheme has regions."""
    colours = region_colours(scheme.regions)
    if colours:
        brush = Xml.SubElement(view, "BrushLabels", name="region", toName="image")
    for name, colour in colours.items():
        Xml.SubElement(brush, "Label", value=one_line(xml_text(name)), background=colour)


def strokes(
    key: str, instance: ExportedInstance, scheme: Scheme, common: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """key: of the instance's rectangle."""
    return [
        {
            "id": f"{key}r{place}",
            **common,
            "type": "brushlabels",
            "from_name": "region",
            "parentID": key,
            "value": {
                "format": "rle",
                "rle": to_brush(instance.masks[region.name].mask, instance.height, instance.width),
                "brushlabels": [region.name],
            },
        }
        for place, region in enumerate(scheme.regions)
        if region.name in instance.masks
    ]


def masks_by_parent(
    brushed: Sequence[Region], related: Mapping[Any, Any], scheme: Scheme
) -> tuple[dict[Any, dict[str, RegionMask]], list[str]]:
    """By the rectangle's id, None of none; and why strokes were left out."""
    known = {region.name for region in scheme.regions}
    found: dict[Any, dict[str, Mask]] = {}
    wrong = []
    for number, region in enumerate(brushed):
        try:
            value = region["value"]
            [name] = value["brushlabels"]
            if name not in known:
                continue
            width, height = size_of(region)
            mask = from_brush(value["rle"], height, width)
            own = found.setdefault(region.get("parentID") or related.get(region.get("id")), {})
            own[name] = own.get(name, Mask()) | mask
        except ODD as error:
            wrong.append(f"brush stroke {number}: {error}")
    return {
        parent: {name: RegionMask(mask, MaskProvenance.IMPORTED) for name, mask in masks.items()}
        for parent, masks in found.items()
    }, wrong
