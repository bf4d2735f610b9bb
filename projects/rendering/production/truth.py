"""What is known exactly of a rendered head, and how it is written down."""

import io
from typing import Any

import numpy as np
from PIL import Image

from landmark_annotator.projects.rendering.mesh.parts import OWN_FACE, Label
from landmark_annotator.projects.rendering.person.posing import Pose
from landmark_annotator.projects.rendering.production.portrait import Built, Moment, Person
from landmark_annotator.projects.rendering.scene.path_tracing import Traced
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

_CLEAR, _CLEAR_EDGE, _JAW = 0.09, 0.25, 17
"""Head units: nearer than this to a landmark, a surface is the one that it lies on. At the outline,
where the jaw's landmarks are, depth changes fast from one pixel to the next."""
_PALETTE = (
    (0, 0, 0), (222, 170, 140), (90, 56, 32), (255, 200, 0), (255, 120, 0), (0, 160, 255),
    (0, 80, 200), (240, 130, 120), (220, 40, 70), (160, 20, 50), (90, 0, 30), (200, 120, 200),
    (170, 130, 110), (0, 220, 200), (60, 180, 60), (255, 0, 255), (120, 120, 140), (130, 90, 20),
)  # fmt: skip


def visibility(points: Floats, depths: Floats, traced: Traced) -> Ints:
    """(68,) 2 visible, 1 hidden, for picture points (68, 2) and their depths (68,).

    A landmark is visible where the foremost surface at its pixel, or at one beside it, is the
    face itself at the landmark's depth. Outside the picture it is hidden.
    """
    size = len(traced.labels)
    found = np.ones(len(points), np.int64)
    for index, ((x, y), depth) in enumerate(zip(points, depths, strict=True)):
        column, row = round(float(x)), round(float(y))
        clear = _CLEAR_EDGE if index < _JAW else _CLEAR
        if not (0 <= column < size and 0 <= row < size):
            continue
        rows, columns = slice(max(0, row - 1), row + 2), slice(max(0, column - 1), column + 2)
        labels, near = traced.labels[rows, columns], traced.depth[rows, columns]
        covered = ~np.isin(labels, OWN_FACE) & (near < depth - 0.01) & (labels > 0)
        own = np.isin(labels, OWN_FACE) & (abs(near - depth) < clear)
        if own.any() and covered.mean() < 0.5:
            found[index] = 2
    return found


def described(built: Built, person: Person, moment: Moment, traced: Traced) -> dict[str, Any]:
    """Everything exact, as JSON: points rounded to 0.001 px."""
    view = built.view
    pose = Pose.of(view.orbit * built.turn)
    flat = view.project(built.landmarks)
    seen = visibility(flat, view.depth(built.landmarks), traced)
    return {
        "points": np.round(flat, 3).tolist(),
        "visibility": seen.tolist(),
        "points_3d": np.round(view.seen(built.landmarks), 4).tolist(),
        "pose": {
            "yaw": round(pose.yaw, 3),
            "pitch": round(pose.pitch, 3),
            "roll": round(pose.roll, 3),
        },
        "camera": {
            "focal": round(view.focal, 3),
            "distance": round(view.distance, 4),
            "size": view.size,
        },
        "identity": person.seed,
        "years": round(person.identity.years),
        "expression": moment.mood,
        "gaze": [round(moment.gaze.right, 2), round(moment.gaze.up, 2)],
        "hair": person.style.name,
        "beard": person.beard,
        "glasses": person.glasses,
        "hat": person.hat,
        "occluder": moment.occluder,
    }


def mask_png(labels: Ints) -> bytes:
    """A palette PNG whose values are Label."""
    picture = Image.fromarray(labels.astype(np.uint8), "P")
    picture.putpalette([value for colour in _PALETTE for value in colour])
    target = io.BytesIO()
    picture.save(target, "PNG", optimize=True)
    return target.getvalue()


LABELS = {int(label): label.name.lower() for label in Label}
