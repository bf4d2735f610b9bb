"""Who is labelled how in the protocols `fill` and `weak`."""

from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.protocols import fill
from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.datasets.sparse_draws import Draw
from landmark_annotator.projects.budgets.known_formats import INNER
from landmark_annotator.projects.vocabulary import LabelledInstance, Scheme
from landmark_annotator.projects.vocabulary.spacing import spaced_evenly


@pytest.fixture(scope="module")
def faces(landmark_data: Path) -> list[LabelledInstance]:
    return faces300w.faces(("faces68/lfpw-test",))


@pytest.fixture(scope="module")
def draw(faces: list[LabelledInstance]) -> Draw:
    return Draw.of(faces, 25, 0)


def test_every_face_is_dense_or_sparse(draw: Draw) -> None:
    assert len(draw.dense) == 56
    assert sorted([*draw.dense, *draw.sparse]) == list(range(224))


def test_a_larger_share_holds_the_smaller_one(faces: list[LabelledInstance], draw: Draw) -> None:
    assert set(Draw.of(faces, 10, 0).dense) < set(draw.dense)
    assert set(Draw.of(faces, 10, 1).dense) != set(Draw.of(faces, 10, 0).dense)


def test_formats_are_searched_on_the_dense_part_alone(
    faces: list[LabelledInstance], draw: Draw
) -> None:
    shuffled = np.random.default_rng(0).permutation(68)
    changed = [
        face
        if i in set(draw.dense.tolist())
        else LabelledInstance(
            face.key, face.box, type(face.shape)(face.shape.points[shuffled]), face.read_pixels
        )
        for i, face in enumerate(faces)
    ]
    other = Draw.of(changed, 25, 0)
    for mine, theirs in zip(draw.pairs(), other.pairs(), strict=True):
        assert [f.landmarks for f in mine] == [f.landmarks for f in theirs]


def test_searched_formats_reach_more_than_those_that_exist(draw: Draw) -> None:
    for ours, theirs in draw.pairs():
        assert len(ours) == len(theirs)
        assert ours.within == theirs.within
        assert ours.c > theirs.c


def test_sparse_faces_have_noisy_clicks_and_nothing_else(draw: Draw) -> None:
    format = draw.searched(9)
    instances = draw.instances(format)
    for i in draw.sparse[:20]:
        shape = instances[i].shape
        assert np.flatnonzero(shape.known).tolist() == list(format.landmarks)
        off = np.linalg.norm(shape.points - draw.truths[i], axis=1) / draw.lengths[i]
        assert 0 < np.nanmax(off) < 0.05
        assert instances[i].box != draw.faces[i].box
    assert all(instances[i].shape.complete for i in draw.dense)


def test_the_inner_landmarks_are_a_scheme_of_their_own(draw: Draw) -> None:
    format = draw.searched(5, INNER)
    scheme = format.scheme()
    assert len(scheme) == 41
    truth = draw.truths[0][list(INNER)]
    box = draw.faces[0].box
    assert scheme.normaliser_length(truth, box) == pytest.approx(draw.lengths[0])
    assert len(scheme.partners) > 10


def test_both_ways_of_filling_keep_the_clicks_and_beat_the_mean_by_far(draw: Draw) -> None:
    format = draw.searched(9)
    mean = np.mean([draw.faces[i].box.to_frame(draw.truths[i]) for i in draw.dense], axis=0)
    alone = np.stack([draw.boxes[i].to_image(mean) for i in draw.sparse])
    for way in fill.WAYS.values():
        filled = way(draw, format)
        clicks = np.stack([draw.sparse_points(i, format) for i in draw.sparse])
        chosen = list(format.landmarks)
        assert np.array_equal(filled[:, chosen], clicks[:, chosen])
        error = draw.error(filled, format, draw.sparse)
        assert error < 0.5 * draw.error(alone, format, draw.sparse)


def test_landmarks_that_slid_along_the_jaw_are_hardly_visible(draw: Draw) -> None:
    face, chosen = Scheme.named("face68"), draw.sparse[:5]
    jaw = tuple(curve for curve in face.curves if curve.name == "jaw")
    format = draw.searched(9)
    slid = np.stack([spaced_evenly(draw.truths[i], face, jaw) for i in chosen])
    assert draw.visible_error(slid, format, chosen) < 0.25 * draw.error(slid, format, chosen)
    inner = draw.known("mafl5")
    moved = draw.truths[chosen][:, list(inner.within)] + draw.lengths[chosen, None, None] / 100
    assert 0 < draw.visible_error(moved, inner, chosen) < draw.error(moved, inner, chosen)
