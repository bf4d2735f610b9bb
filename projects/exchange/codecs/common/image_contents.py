"""The images of an export as bytes, for formats whose files hold them."""

import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from PIL import Image

from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance, Written
from landmark_annotator.projects.exchange.codecs.common.file_per_image import image_tree
from landmark_annotator.projects.exchange.codecs.common.object_records import losses_of
from landmark_annotator.projects.exchange.codecs.common.staging import rehearsed, staging
from landmark_annotator.projects.images import Frame, upright_size
from landmark_annotator.projects.remote import address_of
from landmark_annotator.projects.remote.fetching import fetched
from landmark_annotator.projects.vocabulary.errors import ImageError, SourceAway

Place = tuple[Path, int | None]


def by_image(instances: Iterable[ExportedInstance]) -> dict[Place, list[ExportedInstance]]:
    """The objects of each image or frame, in the order in which they came."""
    found: dict[Place, list[ExportedInstance]] = {}
    for instance in instances:
        found.setdefault(instance.place, []).append(instance)
    return found


def image_names(places: dict[Place, list[ExportedInstance]], target: Path) -> dict[Place, str]:
    """Of each image its path from the folder that all are below, with slashes; a frame is a PNG in
    a folder of its video's name, without the ending where no other has that name."""
    tree = image_tree([some[0] for some in places.values()], target)
    names: dict[Place, str] = {}
    folders: dict[PurePosixPath, Path] = {}
    for image, frame in places:
        name = PurePosixPath(tree[image].as_posix())
        if frame is not None:
            own = folders.setdefault(name.with_suffix(""), image) == image
            name = (name.with_suffix("") if own else name) / f"img{frame:07d}.png"
        names[image, frame] = str(name)
    return names


def content_of(instance: ExportedInstance) -> bytes | None:
    """Of the image's file, or of a frame as PNG. None where there is none: the file is gone, it is
    no image, or not the one whose hash is given. Nothing is fetched or decoded in a rehearsal.

    Raises SourceAway of what lies elsewhere.
    """
    image, frame = instance.place
    rehearsing, export = rehearsed() is not None, staging()
    try:
        if frame is not None:
            return b"" if rehearsing else _encoded(image, frame)
        if (address := address_of(image)) is not None:
            if rehearsing:
                return b""
            image = fetched(address, instance.sha256 or None)
        elif export is not None:  # a frame that this export writes as a file, too
            image = export.waiting(image) or image
        elif rehearsing and instance.frame is not None:
            return b""
        upright_size(image)
        content = image.read_bytes()
    except SourceAway:
        raise
    except (OSError, ImageError):
        return None
    if instance.sha256 and hashlib.sha256(content).hexdigest() != instance.sha256:
        return None
    return content


@dataclass
class ImageContents:
    """The images of an export one after another, with their objects and bytes. written: images that
    went by. missing: objects of those that are not there."""

    images: Mapping[Place, list[ExportedInstance]]
    written: int = 0
    missing: int = 0

    def __iter__(self) -> Iterator[tuple[Place, list[ExportedInstance], bytes]]:
        """Raises SourceAway."""
        for place, objects in self.images.items():
            content = content_of(objects[0])
            if content is None:
                self.missing += len(objects)
            else:
                self.written += 1
                yield place, objects, content

    def report(self) -> Written:
        """Once all went by."""
        instances = [each for objects in self.images.values() for each in objects]
        written = len(instances) - self.missing
        return Written(written, self.written, losses_of(instances, self.missing))


def _encoded(video: Path, frame: int) -> bytes:
    encoded = io.BytesIO()
    Image.fromarray(Frame(video, frame).pixels()).save(encoded, "PNG", compress_level=4)
    return encoded.getvalue()
