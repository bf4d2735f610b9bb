"""The program that spoils labels."""

from collections import Counter
from dataclasses import replace

import numpy as np
from numpy import nan

from landmark_annotator.annotator.protocols.datasets.spoiled import KINDS, spoiled
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Scheme, Shape

SCHEME = Scheme("bar", ("start", "middle", "end"), normaliser=(0, 2))


def labelled(count=80):
    random = np.random.default_rng(0)
    return [
        LabelledInstance(
            str(i),
            Box(30, 20, 60, 60),
            Shape(np.array([[10, 20], [30, 20], [60, 20.0]]) + random.normal(size=(3, 2))),
            lambda: np.zeros((4, 4, 3), np.uint8),
        )
        for i in range(count)
    ]


def test_a_twentieth_is_spoiled_each_kind_as_often():
    before = labelled()
    after, wrong = spoiled(before, SCHEME, 0)
    assert Counter(one.kind for one in wrong) == dict.fromkeys(KINDS, 1)
    changed = [i for i in range(80) if after[i].shape != before[i].shape]
    assert sorted(changed) == sorted(one.index for one in wrong)


def test_the_same_seed_spoils_the_same():
    first, second = (spoiled(labelled(), SCHEME, 3)[0] for _ in range(2))
    assert all(a.shape == b.shape for a, b in zip(first, second, strict=True))


def test_a_moved_landmark_is_a_tenth_of_the_normaliser_off():
    before = labelled()
    after, wrong = spoiled(before, SCHEME, 0)
    one = next(w for w in wrong if w.kind == "moved")
    truth, points = before[one.index].shape.points, after[one.index].shape.points
    off = np.linalg.norm(points - truth, axis=1)
    assert np.flatnonzero(off).tolist() == list(one.landmarks)
    assert np.isclose(off.max(), 0.1 * np.linalg.norm(truth[0] - truth[2]))


def test_of_what_is_not_labelled_nothing_is_spoiled():
    before = [
        replace(each, shape=Shape(np.where([[True], [i % 2 == 0], [True]], each.shape.points, nan)))
        for i, each in enumerate(labelled())
    ]
    for seed in range(8):
        after, wrong = spoiled(before, SCHEME, seed)
        for one in wrong:
            known = before[one.index].shape.known
            assert known[list(one.landmarks)].all()
            if one.kind != "another":
                assert (after[one.index].shape.known == known).all()
