"""WebDataset: tar archives of samples, which programs that train read as a stream.

    faces/faces-000000.tar      photos/0001.jpg, photos/0001.json, photos/0002.jpg, ...
    faces/faces-000001.tar      from 500 MB on, or what --shard-size says

The files of one sample follow each other and have one name up to their first dot. An image is there
as it is, byte for byte; a frame of a video as PNG. Its JSON file has `image`, the image's name,
`width` and `height`, `landmarks`, their names in order, and `objects`, one for each, as of
`object_records`: keypoints are x, y and visibility as in COCO, counted from 0 at the first pixel's
centre. The same project gives the same bytes.

Read are archives of others too, whose JSON has one object or a list of them under `objects` or
`annotations`; an image without JSON is one without labels. Images are put beside the archive, into
NAME-images, or into the folder named with --images. Links, sizes and names that lead elsewhere are
refused; compressed archives have to be unpacked first.
"""

import json
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from landmark_annotator.projects.exchange.codecs.common.declared import declared
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    ImportedInstance,
    Stream,
    Unreadable,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import make_folder, replace_file
from landmark_annotator.projects.exchange.codecs.common.image_contents import (
    ImageContents,
    by_image,
    image_names,
)
from landmark_annotator.projects.exchange.codecs.common.labelling import refuse_chosen_annotator
from landmark_annotator.projects.exchange.codecs.common.object_records import (
    ObjectReader,
    record_of,
)
from landmark_annotator.projects.exchange.codecs.common.shards import in_shards
from landmark_annotator.projects.exchange.codecs.common.tar_members import (
    BLOCK,
    Member,
    members,
)
from landmark_annotator.projects.exchange.codecs.common.text import ODD, readable, size_of
from landmark_annotator.projects.exchange.codecs.common.unpacked_images import (
    MOST_BYTES,
    UnpackedImages,
)
from landmark_annotator.projects.images import IMAGE_SUFFIXES
from landmark_annotator.projects.vocabulary import SILENT, Progress, Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError, why

_SUFFIX = ".tar"
_MOST_JSON = 64_000_000
"""Bytes of what is said of one image."""
_LOOKED_AT = 50
"""Members of an archive by which its kind is told."""
_END = bytes(2 * BLOCK)


@dataclass
class _Sample:
    """What of one key is of use. image: its member. about: what is said of it, None of nothing."""

    key: str
    image: Member | None = None
    about: Any = None
    wrong: list[str] = field(default_factory=list)


def sniff(source: Path) -> bool:
    """An archive, or the first of a folder, with images or with what is said of them."""
    try:
        file = _archives(source)[0]
        with file.open("rb") as archive:
            found = islice(members(archive, file.stat().st_size), _LOOKED_AT)
            endings = {_parts(member.name)[1] for member in found}
    except (OSError, IndexError, FormatError):
        return False
    return "json" in endings or any(f".{ending}" in IMAGE_SUFFIXES for ending in endings)


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
    """An archive, or all in a folder. images: the folder that images are put into. Of one sample
    at a time no more than its image is in memory."""
    refuse_chosen_annotator(annotator)
    files = _archives(source)
    if not files:
        raise FormatError(f"There are no .tar archives in {source}.")
    for file in files:
        with readable(file):
            size_of(file)
    unreadable, notes = list[Unreadable](), list[str]()
    unpacked = UnpackedImages(source, images)

    def instances() -> Iterator[ImportedInstance]:
        for file in files:
            reader = ObjectReader(file, scheme, notes, unreadable)
            try:
                with readable(file), file.open("rb") as archive:
                    for sample in _samples(archive, file, unreadable):
                        try:
                            yield from _objects(sample, archive, reader, unpacked)
                        except ODD as error:
                            unreadable.append(Unreadable(file, f"{sample.key}: {error}"))
            except FormatError as error:
                unreadable.append(Unreadable(file, str(error)))

    return Stream(instances(), unreadable, notes)


def landmarks(source: Path) -> Scheme:
    """Of the first image that names them."""
    for file in _archives(source):
        with readable(file), file.open("rb") as archive:
            for sample in _samples(archive, file, []):
                about = sample.about if isinstance(sample.about, dict) else {}
                names, edges = about.get("landmarks"), about.get("edges")
                if isinstance(names, list):
                    found = [e for e in edges if isinstance(e, list)] if edges else []
                    return declared(source, about.get("scheme"), names, found)
    raise FormatError(f"{source} names no landmarks.", remedy="Write a scheme file.")


def _archives(source: Path) -> list[Path]:
    if source.is_dir():
        return sorted(file for file in source.iterdir() if file.suffix.lower() == _SUFFIX)
    return [source] if source.suffix.lower() == _SUFFIX and source.is_file() else []


def _parts(name: str) -> tuple[str, str]:
    """Key and ending, as WebDataset tells them apart: at the first dot of the last name."""
    folder, slash, last = name.rpartition("/")
    stem, _, ending = last.partition(".")
    return folder + slash + stem, ending.lower()


def _samples(archive: BinaryIO, file: Path, unreadable: list[Unreadable]) -> Iterator[_Sample]:
    """Raises FormatError where the archive is cut short, after what is whole."""
    sample: _Sample | None = None
    found = members(archive, file.stat().st_size)
    while True:
        try:
            member = next(found, None)
        except FormatError:
            if sample is not None:
                yield sample
            raise
        if member is None:
            break
        if member.reason:
            unreadable.append(Unreadable(file, f"{member.name}: {member.reason}."))
            continue
        key, ending = _parts(member.name)
        if sample is None or sample.key != key:
            if sample is not None:
                yield sample
            sample = _Sample(key)
        if ending == "json":
            try:
                sample.about = _said(archive, member)
            except ODD as error:
                sample.wrong.append(str(error))
        elif f".{ending.rpartition('.')[2]}" in IMAGE_SUFFIXES and (
            # Beside a photograph, a.png, there may be its mask, a.seg.png.
            sample.image is None or "." not in ending
        ):
            sample.image = member
    if sample is not None:
        yield sample


def _bytes(archive: BinaryIO, member: Member, most: int) -> bytes:
    if member.size > most:
        raise FormatError(f"{member.name} has more than {most // 1_000_000} MB.")
    archive.seek(member.offset)
    return archive.read(member.size)


def _said(archive: BinaryIO, member: Member) -> Any:
    try:
        return json.loads(_bytes(archive, member, _MOST_JSON))
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{member.name} is not JSON: {why(error)}.") from error


def _objects(
    sample: _Sample, archive: BinaryIO, reader: ObjectReader, unpacked: UnpackedImages
) -> Iterator[ImportedInstance]:
    """Raises FormatError where nothing of the sample can be used."""
    if sample.wrong:
        raise FormatError(sample.wrong[0])
    if sample.image is None:
        if sample.about is None:
            return
        raise FormatError("there is no image with it.")
    name = sample.about.get("image") if isinstance(sample.about, dict) else None
    content = _bytes(archive, sample.image, MOST_BYTES)
    image = unpacked.put(name if isinstance(name, str) else sample.image.name, content)
    yield from reader.instances(sample.about, image, sample.key)


def write(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
    """Into the folder `target`. Raises FormatError or DiskFull."""
    make_folder(target)
    images = by_image(instances)
    names = image_names(images, target)
    keys = _keys(names.values())
    about = {
        "scheme": scheme.name,
        "landmarks": list(scheme.landmarks),
        "edges": [list(edge) for edge in scheme.edges],
    }
    contents = ImageContents(images)

    def samples() -> Iterator[tuple[bytes, int]]:
        for place, objects, content in contents:
            first, name = objects[0], names[place]
            said = {
                "image": name,
                "width": first.width,
                "height": first.height,
                **about,
                "objects": [record_of(each, scheme) for each in objects],
            }
            ending = PurePosixPath(name).suffix.lower()
            text = json.dumps(said, allow_nan=False).encode()
            whole = _file(f"{keys[name]}{ending}", content) + _file(f"{keys[name]}.json", text)
            yield whole, len(whole)

    for number, shard in enumerate(in_shards(samples())):
        replace_file(target / f"{target.name}-{number:06d}.tar", _archive(shard))
    return contents.report()


def _archive(samples: Iterator[bytes]) -> Iterator[bytes]:
    yield from samples
    yield _END


def _file(name: str, content: bytes) -> bytes:
    """A member with nothing in it of when and by whom it was made."""
    info = tarfile.TarInfo(name)
    info.size = len(content)
    padding = bytes(-len(content) % BLOCK)
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape") + content + padding


def _keys(names: Iterable[str]) -> dict[str, str]:
    """Of each image one of its own, without a dot in its last name: there the ending begins."""
    keys: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        path = PurePosixPath(name)
        plain = str(path.with_name(path.stem.replace(".", "_") or "_"))
        key, number = plain, 2
        while key in taken:
            key, number = f"{plain}-{number}", number + 1
        taken.add(key)
        keys[name] = key
    return keys
