"""The test faces made harder: black ellipses, loose and wrong boxes, upside down, as negatives,
with hardly any contrast, and those that look far to a side."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.backends.shapes.summaries.global_variables import variables
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels

_MIDDLE_GREY, _WHITE = 127.5, 255
_POSES = 0.1
"""Share of the faces, those turned farthest to a side, that count as large poses."""


@dataclass(frozen=True)
class Hardship:
    """jitter: deviation of the boxes in sides, None is what the options say. ellipse: range of
    the semi-axes of a black ellipse, in sides of the box. poses: only faces at large poses. beside:
    sides by which the box is off, in any direction; upside_down: whether the photograph is;
    negative: whether it is its negative. contrast: the share of it that is left around the middle
    grey."""

    jitter: float | None = None
    ellipse: tuple[float, float] | None = None
    poses: bool = False
    beside: float = 0.0
    upside_down: bool = False
    negative: bool = False
    contrast: float = 1.0


HARDSHIPS = {
    "none": Hardship(),
    "box10": Hardship(jitter=0.10),
    "box15": Hardship(jitter=0.15),
    "box25": Hardship(jitter=0.25),
    "ellipse_medium": Hardship(ellipse=(0.12, 0.22)),
    "ellipse_large": Hardship(ellipse=(0.22, 0.35)),
    "pose": Hardship(poses=True),
    "box_beside": Hardship(beside=0.9),
    "upside_down": Hardship(upside_down=True),
    "negative": Hardship(negative=True),
    "pale": Hardship(contrast=0.05),
}
"""The ellipses are those of the thesis, section 4.3, which gives no sizes: a medium one covers
about a tenth of the face, a large one a quarter."""


@dataclass(frozen=True, eq=False)
class HardFace:
    """index: among the test faces. box: as given to the model. face: the truth and its own box."""

    index: int
    pixels: Pixels
    box: Box
    face: LabelledInstance


def hard_faces(
    hardship: Hardship, faces: list[LabelledInstance], jitter: float, seed: int
) -> Iterator[HardFace]:
    """Reads one image at a time. Index and seed fix what befalls a face, whatever else is run."""
    chosen = _large_poses(faces) if hardship.poses else range(len(faces))
    deviation = jitter if hardship.jitter is None else hardship.jitter
    for index in chosen:
        face = faces[index]
        pixels = face.read_pixels()
        if hardship.ellipse is not None:
            random = np.random.default_rng((seed, index, 2))
            pixels = occluded(pixels, face.box, hardship.ellipse, random)
        if hardship.upside_down:
            pixels, face = _turned_over(pixels, face)
        pixels = _as_shown(pixels, hardship)
        box = jittered(face.box, deviation, seed, index)
        if hardship.beside:
            random = np.random.default_rng((seed, index, 3))
            towards = float(random.uniform(0, 2 * np.pi))
            off = hardship.beside * np.array([np.cos(towards), np.sin(towards)])
            box = box.moved((float(off[0]), float(off[1])))
        yield HardFace(index, pixels, box, face)


def _as_shown(pixels: Pixels, hardship: Hardship) -> Pixels:
    shown = _WHITE - pixels if hardship.negative else pixels
    grey: Floats = _MIDDLE_GREY + hardship.contrast * (shown.astype(np.float64) - _MIDDLE_GREY)
    return np.rint(grey).astype(np.uint8)


def _turned_over(pixels: Pixels, face: LabelledInstance) -> tuple[Pixels, LabelledInstance]:
    """The same, with an upright box."""
    over = np.ascontiguousarray(pixels[::-1, ::-1])
    last = np.array([pixels.shape[1] - 1.0, pixels.shape[0] - 1.0])
    points = last - face.shape.points
    there = LabelledInstance(face.key, Box.square_around(points), Shape(points), lambda: over)
    return over, there


def occluded(
    pixels: Pixels, box: Box, semi_axes: tuple[float, float], random: np.random.Generator
) -> Pixels:
    """A copy with a black ellipse somewhere in the box; semi_axes: their range in its sides."""
    x, y = random.uniform(-0.5, 0.5, 2)
    a, b = random.uniform(*semi_axes, 2)
    frame = box.moved((float(x), float(y)), turn=float(random.uniform(0, np.pi)))
    rows, columns = np.indices(pixels.shape[:2])
    places = frame.to_frame(np.stack([columns, rows], axis=-1).astype(np.float64))
    inside = (places[..., 0] / a) ** 2 + (places[..., 1] / b) ** 2 <= 1.0
    covered = pixels.copy()
    covered[inside] = 0
    return covered


def _large_poses(faces: list[LabelledInstance]) -> list[int]:
    yaw = partial(variables(Scheme.named("face68"))["yaw"])
    shapes: Floats = np.stack([face.box.to_frame(face.shape.points) for face in faces])
    turned = np.abs(yaw(shapes))
    count = max(1, round(_POSES * len(faces)))
    return sorted(np.argsort(-turned, kind="stable")[:count].tolist())
