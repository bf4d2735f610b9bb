"""Formats of one JSON file an image, of the image's name, with any number of objects in it."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    ImportedInstance,
    Unreadable,
)
from landmark_annotator.projects.exchange.codecs.common.file_per_image import (
    image_tree,
    images_by_name,
    only,
    refuse_shared,
)
from landmark_annotator.projects.exchange.codecs.common.files import (
    also_there,
    composed,
    files_below,
    make_folder,
    replace_file,
)
from landmark_annotator.projects.exchange.codecs.common.staging import inside
from landmark_annotator.projects.exchange.codecs.common.text import ODD, read_text
from landmark_annotator.projects.vocabulary import Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError, why

Objects = Callable[[Any, Path, Path, Contents], Iterable[ImportedInstance]]
"""What a file holds, its path, its image's, and where to say what is wrong with one of its objects.
Raises FormatError."""


def json_files(source: Path, endings: str | tuple[str, ...]) -> list[Path]:
    """The file itself, or all in a folder and its subfolders."""
    if not source.is_dir():
        return [source]
    return [file for file in files_below(source)[0] if file.name.lower().endswith(endings)]


def content_of(file: Path) -> Any:
    """Raises FormatError."""
    try:
        return json.loads(read_text(file))
    except (ValueError, RecursionError) as error:
        raise FormatError(
            f"{file} is not JSON, or cut short: {why(error)}.", remedy="Copy the file again."
        ) from error


def read(
    source: Path,
    scheme: Scheme,
    endings: str | tuple[str, ...],
    objects: Objects,
    images: Path | None,
    content: Callable[[Path], Any] = content_of,
) -> Contents:
    """A file, or all in a folder and its subfolders, each with the image of its name. Images are
    beside their labels, or in a folder of the same tree. An image without an object is an instance
    of which nothing is known yet. content: reads a file, also one of another kind as its JSON."""
    contents = Contents()
    root = source if source.is_dir() else source.parent
    named = images_by_name(images or root, deep=source.is_dir())
    known = (endings,) if isinstance(endings, str) else endings
    for file in json_files(source, endings):
        ending = next((each for each in known if file.name.lower().endswith(each)), file.suffix)
        stem = file.name[: len(file.name) - len(ending)]
        name = composed(file.relative_to(root).with_name(stem or file.name))
        try:
            image = only(named.get(name, []), file, [name.name])
            before = len(contents.instances), len(contents.unreadable)
            contents.instances.extend(objects(content(file), file, image, contents))
            if (len(contents.instances), len(contents.unreadable)) == before:
                empty = Shape.unknown(len(scheme))
                contents.instances.append(ImportedInstance(image, empty, None, f"{file.name}#0"))
        except ODD as error:
            contents.unreadable.append(Unreadable(file, str(error)))
    return contents


def write(
    target: Path,
    instances: Sequence[ExportedInstance],
    ending: str,
    content: Callable[[Sequence[ExportedInstance]], Any],
) -> int:
    """In the folder `target`, in the images' own tree of folders; returns for how many images.

    content: of the objects of one image. Raises FormatError or DiskFull.
    """
    places = image_tree(instances, target, also_there())
    several: dict[Path, list[ExportedInstance]] = {}
    for instance in instances:
        several.setdefault(instance.image, []).append(instance)
    refuse_shared(places[image].with_suffix("") for image in several)
    for image, objects in several.items():
        place = places[image]
        file = inside(target, place.with_name(f"{place.stem}{ending}"))
        make_folder(file.parent)
        text = json.dumps(content(objects), ensure_ascii=False, allow_nan=False, indent=1)
        replace_file(file, f"{text}\n")
    return len(several)
