"""The 300-W faces of LANDMARK_DATA: 1672 for training, the 554 of the common set for testing."""

import os
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from landmark_annotator.projects.exchange.codecs import pts
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Scheme
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ActionableError

TRAINING = ("faces68/helen-train", "faces68/lfpw-train")
TESTING = ("faces68/helen-test", "faces68/lfpw-test")

COPIES = {
    "lfpw-train/image_0828": "lfpw-test/image_0096",
    "lfpw-train/image_0862": "lfpw-test/image_0007",
    "lfpw-train/image_0215": "lfpw-test/image_0066",
}
"""Training photographs that are test photographs too, re-encoded and labelled a second time (the
data's README)."""


def data_folder() -> Path:
    """LANDMARK_DATA, by default ../shared/data from the project's root.

    Raises ActionableError where it is missing.
    """
    beside = Path(__file__).resolve().parents[4] / "shared" / "data"
    folder = Path(os.environ.get("LANDMARK_DATA", beside))
    if not folder.is_dir():
        raise ActionableError(
            f"The folder of the evaluation data, {folder}, does not exist.",
            remedy="Set LANDMARK_DATA to the folder that holds faces68 and the other sets.",
        )
    return folder


def faces(folders: tuple[str, ...], *, copies: bool = False) -> list[LabelledInstance]:
    """In the order of their names, each in the square around its landmarks. copies: with those of
    test photographs."""
    found = [face for name in folders for face in _faces(data_folder() / name)]
    return [face for face in found if copies or face.key not in COPIES]


@cache
def _faces(folder: Path) -> tuple[LabelledInstance, ...]:
    """Read once a process: while something is measured nobody changes what it is measured on, and a
    thousand files take seconds."""
    contents = pts.read(folder, Scheme.named("face68"))
    if contents.unreadable:
        first = contents.unreadable[0]
        raise ActionableError(f"{first.path} cannot be read: {first.reason}")
    found = []
    for instance in sorted(contents.instances, key=lambda i: i.image.name):
        read: Callable[[], Pixels] = partial(read_pixels, instance.image)
        box = Box.square_around(instance.shape.points)
        key = f"{folder.name}/{instance.image.stem}"
        found.append(LabelledInstance(key, box, instance.shape, read))
    return tuple(found)
