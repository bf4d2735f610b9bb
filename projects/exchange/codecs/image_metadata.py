"""Hugging Face's folders of images: metadata.jsonl, a line an image, and a data card.

    README.md
    metadata.jsonl               {"file_name": "images/0001.jpg", "width": 640, "objects": [...]}
    images/0001.jpg

    datasets.load_dataset("imagefolder", data_dir="FOLDER")

`objects` has one for each, as of `object_records`: keypoints are x, y and visibility as in COCO,
counted from 0 at the first pixel's centre. Read are folders of others too, whose lines may have
`annotations`, or keypoints of a single object; and those of each split, one below the other.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from landmark_annotator.projects.exchange.codecs.common.data_card import data_card
from landmark_annotator.projects.exchange.codecs.common.declared import declared
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    ImportedInstance,
    Stream,
    Unreadable,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import (
    make_folder,
    named_path,
    replace_file,
    written_path,
)
from landmark_annotator.projects.exchange.codecs.common.image_contents import by_image
from landmark_annotator.projects.exchange.codecs.common.labelling import refuse_chosen_annotator
from landmark_annotator.projects.exchange.codecs.common.object_records import (
    ObjectReader,
    losses_of,
    record_of,
)
from landmark_annotator.projects.exchange.codecs.common.text import ODD, LargeText, beginning
from landmark_annotator.projects.vocabulary import SILENT, Progress, Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError, why

_FILE = "metadata.jsonl"


def sniff(source: Path) -> bool:
    files = _files(source)
    return bool(files) and '"file_name"' in beginning(files[0])


def _files(source: Path) -> list[Path]:
    """The file itself, that of the folder, or those of its folders, one for each split."""
    if source.is_file():
        return [source] if source.name == _FILE else []
    own = source / _FILE
    return [own] if own.is_file() else sorted(source.glob(f"*/{_FILE}"))


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    return stream(source, scheme, images=images, annotator=annotator).whole()


def stream(
    source: Path,
    scheme: Scheme,
    *,
    images: Path | None = None,
    annotator: str | None = None,
    progress: Progress = SILENT,
) -> Stream:
    """images: the folder that names of images start from; by default the file's own."""
    refuse_chosen_annotator(annotator)
    texts = [LargeText.of(file) for file in _files(source)]
    if not texts:
        raise FormatError(f"There is no {_FILE} in {source}.")
    unreadable, notes = list[Unreadable](), list[str]()

    def instances() -> Iterator[ImportedInstance]:
        for text in texts:
            reader = ObjectReader(text.path, scheme, notes, unreadable)
            for number, line in enumerate(text.lines(), 1):
                try:
                    if line.strip():
                        yield from _objects(line, reader, images or text.path.parent)
                except (RecursionError, *ODD) as error:
                    unreadable.append(Unreadable(text.path, f"Line {number}: {why(error)}"))

    return Stream(instances(), unreadable, notes)


def _objects(line: str, reader: ObjectReader, folder: Path) -> Iterator[ImportedInstance]:
    about = json.loads(line)
    name = about.get("file_name") if isinstance(about, dict) else None
    if not isinstance(name, str) or not name:
        raise FormatError("it names no image.")
    yield from reader.instances(about, named_path(name, folder), name)


def landmarks(source: Path) -> Scheme:
    """Of the first line that names them."""
    for file in _files(source):
        for line in LargeText.of(file).lines():
            try:
                about = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(about, dict) and isinstance(about.get("landmarks"), list):
                return declared(source, about.get("scheme"), about["landmarks"])
    raise FormatError(f"{source} names no landmarks.", remedy="Write a scheme file.")


def write(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
    """Into the folder `target`. Raises FormatError or DiskFull."""
    make_folder(target)
    images = by_image(instances)

    def lines() -> Iterator[str]:
        for (image, _), objects in images.items():
            about: dict[str, Any] = {
                "file_name": written_path(image, target),
                "width": objects[0].width,
                "height": objects[0].height,
                "scheme": scheme.name,
                "landmarks": list(scheme.landmarks),
                "objects": [record_of(each, scheme) for each in objects],
            }
            yield json.dumps(about, allow_nan=False) + "\n"

    replace_file(target / _FILE, lines())
    replace_file(target / "README.md", data_card(scheme, len(images), len(instances)))
    return Written(len(instances), len(images), losses_of(instances, 0))
