"""Images that are inside of a SLEAP file, as files beside it."""

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from landmark_annotator.projects.apart.asking import Reader
from landmark_annotator.projects.exchange.codecs.common.unpacked_images import UnpackedImages
from landmark_annotator.projects.vocabulary.errors import FormatError

_READER = Reader("sleap_images", "a SLEAP file")


class ImagesInside:
    """images: the folder that a person has named for them."""

    def __init__(self, source: Path, images: Path | None) -> None:
        self._source = source
        self._unpacked = UnpackedImages(source, images)

    def image(self, frame: Mapping[str, Any], name: str) -> Path:
        """Of a frame that says in which table it is. name: of the image, or of its video. Raises
        FormatError where it is not in the file."""
        number = int(frame["number"])
        own = PurePosixPath(name.replace("\\", "/"))
        plain = own.name if frame["name"] is not None else f"{own.stem}/img{number:07d}"
        with TemporaryDirectory(prefix="landmark-slp-", ignore_cleanup_errors=True) as folder:
            asked = [str(self._source.absolute()), folder, [[frame["inside"], number]]]
            if _READER.read(self._source, json.dumps(asked)) != [True]:
                raise FormatError("its image is not in the file.")
            return self._unpacked.put(plain, (Path(folder) / "0").read_bytes())
