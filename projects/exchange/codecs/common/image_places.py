"""Images in a folder of an export, each under a name of its own."""

from collections.abc import Sequence
from pathlib import Path

from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.exchange.codecs.common.file_per_image import image_tree
from landmark_annotator.projects.exchange.codecs.common.files import copy_image
from landmark_annotator.projects.exchange.codecs.common.staging import inside


def place_images(
    folder: Path, instances: Sequence[ExportedInstance]
) -> tuple[dict[Path, Path], int]:
    """Each image's place in this folder of the export, to which it is copied unless it is there,
    and how many could not be copied. No two places differ in their suffix alone."""
    there = folder.resolve()
    places = image_tree(instances, folder)
    placed: dict[Path, Path] = {}
    stems: set[Path] = set()
    missing = 0
    for instance in {instance.image: instance for instance in instances}.values():
        image = instance.image
        own = there in image.resolve().parents
        place = image.resolve().relative_to(there) if own else places[image]
        number = 2
        while place.with_suffix("") in stems:  # a.jpg and a.png would share one label file
            own = False
            place = place.with_name(f"{image.stem}-{number}{image.suffix}")
            number += 1
        stems.add(place.with_suffix(""))
        placed[image] = place
        if not own:
            missing += copy_image(image, inside(folder, place), instance.sha256) is None
    return placed, missing
