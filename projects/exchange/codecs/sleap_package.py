"""SLEAP's package (`.pkg.slp`): labels as of `sleap`, with the images of labelled frames inside.

It opens as it is wherever it is moved to. A JPEG or a PNG that stands upright is inside byte for
byte, all else as PNG. Images are found again where they were when the file was written, or else are
put beside it, into NAME-images, or into the folder named with --images.
"""

import io
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Self

import numpy as np
from PIL import Image

from landmark_annotator.projects.exchange.codecs import sleap
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import replace_file
from landmark_annotator.projects.exchange.codecs.common.hdf5 import holds
from landmark_annotator.projects.exchange.codecs.common.image_contents import (
    Place,
    by_image,
    content_of,
)
from landmark_annotator.projects.exchange.codecs.common.losses import losses_of_points
from landmark_annotator.projects.exchange.codecs.common.staging import rehearsed
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ImageError
from landmark_annotator.projects.vocabulary.wording import counted

_ORIENTATION = 274
_LONGEST_ATTRIBUTE = 60_000
_BLOCK = 1 << 20


def sniff(source: Path) -> bool:
    return holds(source, b"videos_json", b"instances", b"frame_numbers")


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    return sleap.read(source, scheme, images=images, annotator=annotator)


def landmarks(source: Path) -> Scheme:
    return sleap.landmarks(source)


def write(target: Path, instances: Iterable[ExportedInstance], scheme: Scheme) -> Written:
    """Raises MissingPackage without sleap-io, which brings h5py, FormatError or DiskFull."""
    instances = list(instances)
    with tempfile.TemporaryFile() as store:
        inside = _Inside.of(instances, store)
        kept = [each for each in instances if each.place in inside.ranges]
        labels = sleap.labels_of(target, kept, scheme)
        with sleap.saved(labels) as file:
            if rehearsed() is None:
                _embed(file, labels, kept, inside)
            replace_file(target, _blocks(file))
    notes = losses_of_points(kept)
    if len(kept) < len(instances):
        notes.append(
            f"Left out with their images, which are gone, unreadable, or changed since: "
            f"{counted(len(instances) - len(kept), 'object')}."
        )
    return Written(len(kept), len(labels), notes)


@dataclass(frozen=True)
class _Inside:
    """Images on the disk, one after the other. ranges: of each where it begins, how long it is and
    its kind, png or jpg; none of those that there are not."""

    store: BinaryIO
    ranges: dict[Place, tuple[int, int, str]]

    @classmethod
    def of(cls, instances: Sequence[ExportedInstance], store: BinaryIO) -> Self:
        ranges: dict[Place, tuple[int, int, str]] = {}
        for place, objects in by_image(instances).items():
            content = content_of(objects[0])
            try:
                if content:
                    content, kind = _as_inside(content, place)
                elif content is not None:  # a rehearsal
                    kind = "png"
            except ImageError:
                content = None
            if content is not None:
                ranges[place] = store.tell(), len(content), kind
                store.write(content)
        return cls(store, ranges)

    def content(self, place: Place) -> bytes:
        begin, length, _ = self.ranges[place]
        self.store.seek(begin)
        return self.store.read(length)


def _as_inside(content: bytes, place: Place) -> tuple[bytes, str]:
    """As it is, where every reader sees the same in it. Raises ImageError."""
    with Image.open(io.BytesIO(content)) as image:
        upright = image.getexif().get(_ORIENTATION, 1) == 1
        plain = upright and image.mode == "RGB" and getattr(image, "n_frames", 1) == 1
        if plain and image.format in ("PNG", "JPEG"):
            return content, "png" if image.format == "PNG" else "jpg"
    return _png(read_pixels(place[0])), "png"


def _png(pixels: Pixels) -> bytes:
    encoded = io.BytesIO()
    Image.fromarray(pixels).save(encoded, "PNG", compress_level=4)
    return encoded.getvalue()


def _embed(file: Path, labels: Any, instances: Sequence[ExportedInstance], inside: _Inside) -> None:
    import h5py

    with h5py.File(file, "r+") as out:
        _put_inside(out, labels, instances, inside, h5py.string_dtype())


def _put_inside(
    out: Any, labels: Any, instances: Sequence[ExportedInstance], inside: _Inside, text: Any
) -> None:
    """As sleap-io does, a table a video, but for the images, which are not encoded anew."""
    # Frames are in the order in which their images came.
    images = by_image(instances)
    frames = list(zip(images, labels, strict=True))
    said = [json.loads(text) for text in out["videos_json"][:]]
    for number, video in enumerate(labels.videos):
        own = sorted((f.frame_idx, place) for place, f in frames if f.video is video)
        kinds = {inside.ranges[place][2] for _, place in own}
        longest = max(inside.ranges[place][1] for _, place in own)
        name = f"video{number}"
        table = out.create_dataset(f"{name}/video", (len(own), longest), "int8")
        for row, (_, place) in enumerate(own):
            content = inside.content(place)
            table[row, : len(content)] = np.frombuffer(content, np.int8)
        shown = images[own[0][1]][0]
        height, width = shown.height, shown.width
        # Whoever decodes them sees by their first bytes whether they are JPEG or PNG.
        about = {
            "format": "jpg" if kinds == {"jpg"} else "png",
            "channel_order": "RGB",
            "frames": len(own),
            "height": height,
            "width": width,
            "channels": 3,
        }
        for key, value in about.items():
            table.attrs[key] = value
        out.create_dataset(f"{name}/frame_numbers", data=[index for index, _ in own])
        _keep_source(out.create_group(f"{name}/source_video"), json.dumps(said[number]))
        said[number] = {
            "filename": ".",
            "backend": {
                "type": "HDF5Video",
                "shape": [len(own), height, width, 3],
                "filename": ".",
                "dataset": f"{name}/video",
                "input_format": "channels_last",
                "convert_range": False,
                "has_embedded_images": True,
                "grayscale": False,
            },
        }
    del out["videos_json"]
    rows = [json.dumps(one) for one in said]
    out.create_dataset("videos_json", data=rows, dtype=text, maxshape=(None,))


def _keep_source(group: Any, text: str) -> None:
    """What the images are of: an attribute, or a table where it is too long for one."""
    if len(text) <= _LONGEST_ATTRIBUTE:
        group.attrs["json"] = text
    else:
        group.create_dataset("json", data=np.bytes_(text))


def _blocks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as content:
        while block := content.read(_BLOCK):
            yield block
