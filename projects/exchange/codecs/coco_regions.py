"""Masks of regions in a COCO file: a category each, and an annotation for every mask, whose
`part_of` is the id of the annotation with its object's keypoints; other programs leave that alone.

Of files by others, whose annotations are part of nothing, a mask goes to the object of its image
whose box it lies in most, and without any to one object for all masks of the image.
"""

from collections.abc import Callable, Iterator, Mapping, MutableSequence, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.projects.exchange.codecs import coco_categories, coco_images
from landmark_annotator.projects.exchange.codecs.common.entries import (
    ExportedInstance,
    ImportedInstance,
    Unreadable,
)
from landmark_annotator.projects.exchange.codecs.common.run_lengths import (
    coco_box,
    from_coco,
    to_coco,
)
from landmark_annotator.projects.exchange.codecs.common.text import ODD
from landmark_annotator.projects.vocabulary import Box, Mask, MaskProvenance, RegionMask, Scheme
from landmark_annotator.projects.vocabulary import Shape as _Shape

_FIRST_CATEGORY = 2
"""1 is the one with the keypoints."""


def categories(scheme: Scheme) -> list[dict[str, Any]]:
    return [
        {"id": number, "name": region.name, "supercategory": scheme.name}
        for number, region in enumerate(scheme.regions, _FIRST_CATEGORY)
    ]


def annotations(
    instance: ExportedInstance, scheme: Scheme, image_id: int, part_of: int
) -> Iterator[dict[str, Any]]:
    """Without ids, which follow on part_of."""
    numbers = {region.name: n for n, region in enumerate(scheme.regions, _FIRST_CATEGORY)}
    for name, found in instance.masks.items():
        if name in numbers:
            yield {
                "image_id": image_id,
                "category_id": numbers[name],
                "segmentation": to_coco(found.mask, instance.height, instance.width),
                "bbox": coco_box(found.mask),
                "area": found.mask.area,
                "iscrowd": 0,
                "part_of": part_of,
            }


def named(categories: Sequence[Any], scheme: Scheme) -> dict[Any, str]:
    """The region that a category is, by its id; keypoints make it none."""
    regions = {region.name for region in scheme.regions}
    return {
        category["id"]: category["name"]
        for category in categories
        if isinstance(category, dict)
        and isinstance(category.get("id"), int | str)
        and not category.get("keypoints")
        and isinstance(category.get("name"), str)
        and category["name"] in regions
    }


def attach(
    instances: MutableSequence[ImportedInstance],
    content: Mapping[str, list[Any]],
    regions: Mapping[Any, str],
    made: Mapping[Any, int],
    place: Callable[[Any], coco_images.Place],
    scheme: Scheme,
    source: Path,
    unreadable: list[Unreadable],
) -> None:
    """Gives the file's masks to the instances that were read. made: which of these an annotation
    is, by its id. place: as in `coco`."""
    sizes = {
        image["id"]: (image.get("height"), image.get("width"))
        for image in content["images"]
        if isinstance(image, dict) and isinstance(image.get("id"), int | str)
    }
    inside: dict[tuple[Path, int | None], list[int]] = {}
    for number, one in enumerate(instances):
        inside.setdefault((one.image, one.frame), []).append(number)
    kinds = coco_categories.others(content["categories"])
    for number, annotation in enumerate(content["annotations"]):
        if not isinstance(annotation, dict):
            continue
        try:
            region = regions.get(kinds.of(annotation))
        except (KeyError, TypeError):
            continue
        if region is None:
            continue
        name = annotation.get("id", f"number {number}")
        try:
            image_id = annotation["image_id"]
            path, frame, said = place(image_id)
            there = path, frame
            size = [side if type(side) is int else 0 for side in sizes[image_id]]
            mask = from_coco(annotation.get("segmentation"), size[0], size[1])
        except KeyError as error:
            why = coco_images.lacking(annotation, error)
            unreadable.append(Unreadable(source, f"Annotation {name}: {why}"))
            continue
        except ODD as error:
            unreadable.append(Unreadable(source, f"Annotation {name}: {error}"))
            continue
        owner = _owner(annotation.get("part_of"), made, inside.get(there, ()), instances, mask)
        if owner is None:
            key = f"{source.name}#regions of image {image_id}"
            empty = _Shape.unknown(len(scheme))
            owner = len(instances)
            one = ImportedInstance(path, empty, None, key, frame=frame, size=said)
            instances.append(one)
            inside.setdefault(there, []).append(owner)
        instances[owner] = _with(instances[owner], region, mask)


def _owner(
    part_of: Any,
    made: Mapping[Any, int],
    there: Sequence[int],
    instances: Sequence[ImportedInstance],
    mask: Mask,
) -> int | None:
    if isinstance(part_of, int | str) and part_of in made:
        return made[part_of]
    return max(there, key=lambda number: _shared(instances[number], mask), default=None)


def _shared(instance: ImportedInstance, mask: Mask) -> int:
    """Pixels of the mask in the upright rectangle around the instance's box."""
    if instance.box is None:
        return 0
    x, y = instance.box.corner
    sides = instance.box.width, instance.box.height
    left, top, width, height = (int(np.floor(value)) for value in (x + 0.5, y + 0.5, *sides))
    return mask.within((left, top, width + 1, height + 1)).area


def _with(instance: ImportedInstance, region: str, mask: Mask) -> ImportedInstance:
    """Two masks of one region are one; without a box of its own, the instance has theirs."""
    before = instance.masks.get(region)
    whole = mask if before is None else before.mask | mask
    masks = {**instance.masks, region: RegionMask(whole, MaskProvenance.IMPORTED)}
    box = instance.box
    if not instance.shape.known.any() and "#regions of image" in instance.source:
        all_of_it = Mask()
        for one in masks.values():
            all_of_it |= one.mask
        left, top, width, height = all_of_it.bounds
        box = Box.from_corner(left - 0.5, top - 0.5, width, height) if all_of_it else None
    return replace(instance, masks=masks, box=box)
