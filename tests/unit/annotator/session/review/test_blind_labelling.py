"""Of two people who label an object, neither sees anything of the other until both are done."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.models.training import (
    labelled_instances,
    placed_instances,
)
from landmark_annotator.annotator.session.review.agreement import agreements
from landmark_annotator.annotator.session.review.certification import Certification
from landmark_annotator.annotator.session.review.review_queue import review_queue
from landmark_annotator.annotator.session.review.second_opinions import ask_for_second_opinions
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Assignment, InstanceState, Project, Role
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ProjectError

SHAPE = Shape(np.array([[10.0, 20.0], [30.0, 20.0], [50.0, 20.0]]))
FIRST, SECOND = 1, 2


facts = partial(ImageFacts, 60, 40)


@pytest.fixture
def halfway(tmp_path: Path) -> Iterator[Project]:
    """Ann has accepted an object that bob is to label as well."""
    scheme = Scheme("bar", ("start", "middle", "end"), normaliser=(0, 2))
    with Project.create(tmp_path / "bars", scheme) as project:
        for name, role in (("ada", Role.LEAD), ("ann", Role.ANNOTATOR), ("bob", Role.ANNOTATOR)):
            project.set_person(name, role, who="ada")
        project.set_assignment(Assignment(twice=1.0), who="ada")
        image = project.add_image(tmp_path / "bar.png", facts("bar"))
        project.add_instance(image.id, Box(30, 20, 50, 50), who="ada")
        project.accept(FIRST, SHAPE, who="ann")
        project.give_back([image.id], who="ann")
        yield project


def known(project: Project, who: str, instance_id: int) -> bool:
    """Whether this person is shown any landmark of it."""
    return bool(LabellingSession(project, who=who).open(instance_id).shape.known.any())


def test_the_shape_is_shown_to_nobody_but_its_author(halfway: Project) -> None:
    assert known(halfway, "ann", FIRST)
    assert not known(halfway, "bob", FIRST)
    assert not known(halfway, "ada", FIRST)


def test_no_model_learns_from_it(halfway: Project) -> None:
    assert labelled_instances(halfway) == []
    assert placed_instances(halfway) == []


def test_no_reviewer_is_shown_it(halfway: Project) -> None:
    assert review_queue(halfway).waiting == 0


def test_there_is_no_agreement_yet(halfway: Project) -> None:
    assert agreements(halfway) == []


def test_no_certificate_draws_it(halfway: Project) -> None:
    certification = Certification(halfway, who="ada")
    assert certification.accepted == 0
    with pytest.raises(ProjectError, match="waits for the other one of two people"):
        certification.start(visible=7.0, share=0.25, confidence=0.5)
    halfway.accept(SECOND, SHAPE, who="bob")
    assert certification.accepted == 2
    assert certification.start(visible=7.0, share=0.25, confidence=0.5).total == 2


def test_a_certificate_waits_for_what_is_hidden_since_its_batch_was_drawn(
    halfway: Project,
) -> None:
    """Another one in its place would not be drawn at random."""
    halfway.set_assignment(Assignment(), who="ada")
    halfway.accept(SECOND, SHAPE, who="bob")
    image = halfway.add_image(halfway.folder / "other.png", facts("other"))
    third = halfway.add_instance(image.id, Box(30, 20, 50, 50), who="ada").id
    halfway.accept(third, SHAPE, who="ann")
    halfway.give_back([image.id], who="ann")
    certification = Certification(halfway, who="ada")
    certification.start(visible=7.0, share=0.1, confidence=0.9)
    (fourth,) = ask_for_second_opinions(halfway, 1, seed=0, who="ada")
    seen = []
    while (drawn := certification.drawn()) is not None:
        assert certification.put_off is None
        seen.append(drawn)
        certification.judge()
    assert third not in seen
    assert "hidden until both are done" in str(certification.put_off)
    with pytest.raises(ProjectError, match="hidden until both are done"):
        certification.judge()
    halfway.accept(fourth, SHAPE, who="bob")
    assert certification.put_off is None
    while (drawn := certification.drawn()) is not None:
        seen.append(drawn)
        certification.judge()
    assert sorted(seen) == [FIRST, SECOND, third]
    assert certification.put_off is None


def test_once_both_are_done_all_of_it_is_shown(halfway: Project) -> None:
    session = LabellingSession(halfway, who="bob")
    assert session.following() == SECOND
    session.open(SECOND)
    for landmark, (x, y) in enumerate(SHAPE.points.tolist()):
        session.click(landmark, (x + 1, y))
    session.accept()
    assert halfway.instance(SECOND).state is InstanceState.ACCEPTED
    assert known(halfway, "bob", FIRST)
    assert known(halfway, "ann", SECOND)
    assert len(labelled_instances(halfway)) == 2
    assert {candidate.record.id for candidate in review_queue(halfway).first} == {FIRST, SECOND}
    [found] = agreements(halfway)
    assert (found.first, found.second) == ("ann", "bob")
    assert found.offsets[0].tolist() == [[1.0, 0.0]] * 3
