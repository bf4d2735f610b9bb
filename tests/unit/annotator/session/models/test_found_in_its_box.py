"""One labelled photograph, and what the box drawn in the next one says of where to look."""

from functools import partial
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.session.models.prior_model import registration
from landmark_annotator.projects.exchange.codecs import pts
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Scheme

SCHEME = Scheme.named("face68")


def _face(folder: Path, name: str) -> LabelledInstance:
    (one,) = pts.read(folder / f"{name}.pts", SCHEME).instances
    box = Box.square_around(one.shape.points)
    return LabelledInstance(name, box, one.shape, partial(read_pixels, one.image))


def test_hair_beside_a_face_is_not_the_face_though_it_looks_more_like_the_labelled_one(
    landmark_data: Path,
) -> None:
    folder = landmark_data / "faces68" / "helen-train"
    unseen = _face(folder, "1223190031_1")
    model = registration([_face(folder, "2191845292_1")], SCHEME)
    found = model.propose(unseen.read_pixels(), unseen.box).given([]).points
    off = np.linalg.norm(found.mean(axis=0) - unseen.shape.points.mean(axis=0))
    assert off < 0.25 * unseen.box.side
