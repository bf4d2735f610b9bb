"""Whose label of an object stands, where two people have labelled it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.models.training import labelled_instances
from landmark_annotator.annotator.session.review.agreement import agreement_of, agreements
from landmark_annotator.annotator.session.review.consensus import consensus
from landmark_annotator.annotator.session.review.standing_labels import let_both_count, let_stand
from landmark_annotator.projects.exchange.transfer.export_labels import export_labels
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

POINTS = np.array([[10.0, 20.0], [30.0, 20.0], [50.0, 20.0]])
OF_ANN, OF_BOB = 1, 2


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Ann and bob have labelled the bars of three images."""
    scheme = Scheme("bar", ("start", "middle", "end"), normaliser=(0, 2))
    with Project.create(tmp_path / "bars", scheme) as opened:
        for n in range(3):
            name = f"{n}.png"
            image = opened.add_image(tmp_path / name, ImageFacts(60, 40, name))
            for k, who in enumerate(("ann", "bob")):
                shape = Shape(POINTS + np.array([(0, 0), (2 * k, n), (0, 0)]))
                opened.add_instance(image.id, Box(30, 20, 50, 50), shape=shape, who=who)
        yield opened


def test_the_other_one_counts_no_more(project: Project, tmp_path: Path) -> None:
    let_stand(project, [(OF_BOB, OF_ANN)], whose="bob", who="lea")
    assert OF_ANN not in {record.id for record in project.instances()}
    assert len(labelled_instances(project)) == 5
    assert export_labels(project, tmp_path / "out.csv", format="csv").instances == 5
    [left_out] = project.left_out()
    assert left_out.why == "bob's label of this object stands"


def test_how_far_they_are_apart_is_measured_on_it_as_before(project: Project) -> None:
    [before] = agreements(project)
    let_stand(project, [(OF_BOB, OF_ANN)], whose="bob", who="lea")
    [after] = agreements(project)
    assert np.array_equal(after.offsets, before.offsets)
    assert [pair.stands for pair in after.pairs] == [OF_BOB, None, None]
    turned = agreement_of(project, "bob", "ann")
    assert [pair.stands for pair in turned.pairs] == [OF_BOB, None, None]


def test_what_is_left_out_for_another_reason_is_not_compared(project: Project) -> None:
    project.exclude(instances=[OF_ANN], why="another bar", who="lea")
    [found] = agreements(project)
    assert len(found.pairs) == 2


def test_the_consensus_leaves_the_label_that_stands_as_it_is(project: Project) -> None:
    let_stand(project, [(OF_BOB, OF_ANN)], whose="bob", who="lea")
    found = consensus(project)
    assert {OF_ANN, OF_BOB}.isdisjoint({*found.shapes, *found.merged})
    assert len(found.shapes) == 2


def test_changing_ones_mind_is_one_step_for_undo(project: Project) -> None:
    let_stand(project, [(OF_BOB, OF_ANN)], whose="bob", who="lea")
    assert len(let_stand(project, [(OF_ANN, OF_BOB)], whose="ann", who="lea")) == 2
    assert let_stand(project, [(OF_ANN, OF_BOB)], whose="ann", who="lea") == []
    assert project.instance(OF_BOB).excluded is not None
    project.undo("lea")
    assert project.instance(OF_BOB).excluded is None
    assert project.instance(OF_ANN).excluded is not None
    let_both_count(project, OF_ANN, OF_BOB, who="lea")
    assert len(project.instances()) == 6
