"""Errors in millimetres, and what is trained on."""

import numpy as np
import pytest

from landmark_annotator.annotator.protocols import precision
from landmark_annotator.annotator.protocols.datasets.campaign_sets import set_named
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Shape
from landmark_annotator.projects.vocabulary.arrays import Pixels


def no_pixels() -> Pixels:
    raise AssertionError("nothing is to be read")


def test_errors_are_told_in_millimetres_where_a_pixel_is_known() -> None:
    points = np.random.default_rng(0).uniform(0, 200, (19, 2))
    one = LabelledInstance("a", Box(100, 100, 200, 200), Shape(points), no_pixels)
    off = points.copy()
    off[:10] += [0.0, 4.0]
    off[10:] += [8.0, 0.0]
    figures = precision._errors("p", set_named("ceph19"), [off], [one])
    assert figures["p/mm"] == pytest.approx(0.4 * (10 * 4 + 9 * 8) / 19, abs=1e-3)
    assert figures["p/within2mm"] == pytest.approx(100 * 10 / 19, abs=1e-3)
    assert figures["p/within4mm"] == 100
    others = [name for name in figures if name.startswith("p/within")]
    assert len(others) == 4
    faces = LabelledInstance("b", one.box, Shape(np.tile(points, (10, 1))[:189]), no_pixels)
    figures = precision._errors("p", set_named("london189"), [faces.shape.points], [faces])
    assert "p/mm" not in figures


def test_two_copies_of_one_photograph_are_both_trained_on(landmark_data: object) -> None:
    skulls, _ = precision._CUTS
    training, testing = skulls.of(set_named("ceph19"), 0)
    assert (len(training), len(testing)) == (150, 50)
    copies = [each for each in training if any(name in each.key for name in skulls.related)]
    assert len(copies) == 2
