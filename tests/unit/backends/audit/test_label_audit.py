"""Wrong labels among good ones: they come first, and what is wrong with them is said."""

from dataclasses import replace

import numpy as np
import pytest

from landmark_annotator.backends.audit.explanation import Kind
from landmark_annotator.backends.audit.label_audit import _frames, audited
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import Cancelled, ImageError, TooFewLabels

COUNT = 40
MEAN = np.array([[-30, -30], [-10, -32], [10, -32], [30, -30], [-20, 20], [0, 30], [20, 20.0]])
SCHEME = Scheme(
    "mask",
    ("brow 1", "brow 2", "brow 3", "brow 4", "mouth 1", "mouth 2", "mouth 3"),
    edges=((0, 1), (1, 2), (2, 3), (4, 5), (5, 6)),
    partners=((0, 3), (1, 2), (4, 6)),
    normaliser=(0, 3),
)


class Silent:
    stop = False

    def start(self, stage, total):
        pass

    def advance(self, steps=1):
        pass

    def cancelled(self):
        return self.stop


def unreadable():
    raise ImageError("The file is gone.")


def drawn(seed=0):
    """Shapes that stretch and lean, with a hand's error, in boxes of their own."""
    random = np.random.default_rng(seed)
    found = []
    for i in range(COUNT):
        points = MEAN * (1 + 0.1 * random.normal(size=2)) + 0.3 * random.normal(size=MEAN.shape)
        box = Box(100, 90, 80, 80)
        shape = Shape(points + np.array([100, 90]))
        found.append(LabelledInstance(f"{i}", box, shape, unreadable))
    return found


def judged(instances, predicted=None):
    nothing = [None] * len(instances)
    keys = [each.key for each in instances]
    return audited(instances, predicted or nothing, keys, SCHEME, Silent())


def with_points(instances, index, points):
    changed = list(instances)
    changed[index] = replace(changed[index], shape=Shape(points))
    return changed


def first(found):
    return int(np.argmax([each.score for each in found]))


def test_a_moved_landmark_comes_first_and_is_named():
    instances = drawn()
    points = instances[7].shape.points.copy()
    points[5] += [6, 0]
    found = judged(with_points(instances, 7, points))
    assert first(found) == 7
    assert found[7].kind is Kind.MOVED
    assert found[7].landmarks == (5,)
    assert found[7].percent == pytest.approx(10, abs=3)


def test_two_neighbours_that_changed_places_are_named():
    instances = drawn()
    points = instances[3].shape.points[[0, 2, 1, 3, 4, 5, 6]]
    found = judged(with_points(instances, 3, points))
    assert first(found) == 3
    assert found[3].kind is Kind.SWAPPED
    assert found[3].landmarks == (1, 2)


def test_left_and_right_exchanged_is_what_explains_it():
    instances = drawn()
    points = instances[11].shape.points[list(SCHEME.mirror)]
    found = judged(with_points(instances, 11, points))
    assert first(found) == 11
    assert found[11].kind is Kind.MIRRORED


def test_a_good_shape_of_another_object_is_seen_by_what_is_predicted_there():
    instances = drawn()
    random = np.random.default_rng(1)
    predicted = [each.shape.points + 0.5 * random.normal(size=(7, 2)) for each in instances]
    stretch = np.ptp([np.ptp(each.shape.points[:, 0]) for each in instances])
    widths = [np.ptp(each.shape.points[:, 0]) for each in instances]
    narrow, wide = int(np.argmin(widths)), int(np.argmax(widths))
    assert stretch > 10
    found = judged(with_points(instances, narrow, instances[wide].shape.points), predicted)
    assert first(found) == narrow
    assert found[narrow].kind is Kind.ANOTHER


def test_shapes_that_lack_landmarks_are_judged_by_those_they_have():
    instances = drawn()
    points = instances[7].shape.points.copy()
    points[5] += [6, 0]
    points[0] = np.nan
    found = judged(with_points(instances, 7, points))
    assert found[7].landmarks == (5,)


def test_what_is_related_is_not_judged_by_each_other():
    """All wrong in the same way, shapes of one group would vouch for each other."""
    instances, groups = drawn(), [str(i) for i in range(COUNT)]
    for i in range(8):
        points = instances[i].shape.points.copy()
        points[5] += [12, 0]
        instances = with_points(instances, i, points)
        groups[i] = "one person"
    found = audited(instances, [None] * COUNT, groups, SCHEME, Silent())
    order = np.argsort([-each.score for each in found])
    assert set(order[:8].tolist()) == set(range(8))


def test_a_few_shapes_say_nothing_of_each_other():
    with pytest.raises(TooFewLabels):
        judged(drawn()[:11])


def test_the_search_can_be_stopped():
    progress = Silent()
    progress.stop = True
    instances = drawn()
    with pytest.raises(Cancelled):
        audited(instances, [None] * COUNT, [e.key for e in instances], SCHEME, progress)


@pytest.mark.parametrize("turn", [0.0, np.pi / 2, 2.5])
def test_objects_with_a_heading_have_frames_along_the_axis_of_their_mirror_image(
    turn: float,
) -> None:
    scheme = replace(SCHEME, heading=(5, 1))
    random = np.random.default_rng(7)
    shapes = []
    for each in drawn():
        lies = each.box.moved(turn=turn + random.uniform(-1, 1))
        shapes.append(lies.to_image(each.box.to_frame(each.shape.points)))
    frames, symmetry = _frames(np.stack(shapes), scheme)
    assert symmetry is not None
    mean = np.mean([f.to_frame(s) for f, s in zip(frames, shapes, strict=True)], axis=0)
    np.testing.assert_allclose(mean[symmetry.order] * symmetry.signs, mean, atol=0.02)
