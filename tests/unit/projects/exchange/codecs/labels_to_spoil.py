"""Good labels of every format of rows, points and parts, to be spoilt."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from landmark_annotator.projects.exchange import by_name
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

SCHEME = Scheme("face", ("left eye", "right eye", "chin"), edges=((0, 1),), partners=((0, 1),))
LONGER = Scheme("longer", (*SCHEME.landmarks, "nose"))
OTHER_NAMES = Scheme("other", ("left eyes", "right eye", "chin"))

FILES = {
    "coco": "labels.json",
    "csv": "labels.csv",
    "tps": "labels.tps",
    "wflw": "labels.txt",
    "imglab": "labels.xml",
    "deeplabcut": "labels.csv",
    "deeplabcut-h5": "labels.h5",
}
"""Formats of one file for all images, and what it is called."""
BESIDE = {"pts": ".pts", "tem": ".tem", "yolo": ".txt"}
"""Formats of one file an image, and how it ends."""
ALL = (*FILES, *BESIDE)
NAMING_IMAGES = ("coco", "csv", "tps", "wflw", "imglab", "deeplabcut")
NAMING_LANDMARKS = ("coco", "csv", "imglab", "deeplabcut", "deeplabcut-h5", "yolo")
SEVERAL = (*FILES, "yolo")
POINTS = np.array([[10.5, 12.25], [30.0, 12.5], [20.75, 33.0]])


@dataclass
class Labels:
    """Photographs in a folder, and labels of a format beside them."""

    folder: Path
    format: str

    def instance(self, name: str, shift: float = 0.0, scheme: Scheme = SCHEME) -> ExportedInstance:
        points = np.vstack([POINTS, POINTS[:1] + 5])[: len(scheme)] + shift
        shape = Shape(points, [2, 1, 2, 2][: len(scheme)] if self.format != "wflw" else None)
        return ExportedInstance(self.folder / name, 50, 60, shape, Box(20, 22, 30, 32), "")

    def write(self, instances: Sequence[ExportedInstance], scheme: Scheme = SCHEME) -> None:
        instances = [
            ExportedInstance(i.image, i.width, i.height, i.shape, i.box, f"key {n}")
            for n, i in enumerate(instances)
        ]
        writer = by_name(self.format).writer
        assert writer is not None
        writer().write(self.target, instances, scheme)
        if self.format == "yolo":  # flat, as the other formats of this kind
            for file in (self.folder / "labels").glob("*.txt"):
                file.rename(self.folder / file.name)
            for file in (self.folder / "images").glob("*"):
                file.unlink()

    @property
    def target(self) -> Path:
        """What is written and imported."""
        return self.folder / FILES[self.format] if self.format in FILES else self.folder

    @property
    def files(self) -> list[Path]:
        """All label files, in order."""
        if self.format in FILES:
            return [self.target]
        return sorted(self.folder.glob(f"*{BESIDE[self.format]}"))

    def change(self, old: str, new: str) -> None:
        """In the last file, the last place where it is."""
        text = self.files[-1].read_text(encoding="utf-8")
        assert old in text
        self.files[-1].write_text(new.join(text.rsplit(old, 1)), encoding="utf-8")
