"""The review queue, and what a reviewer sees and says of an instance."""

import numpy as np
import pytest

from landmark_annotator.annotator.session.review.review_queue import review_queue, waits
from landmark_annotator.annotator.session.review.review_session import ReviewSession
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import InstanceState, Project, Verdict, fill_shapes
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape, Visibility
from landmark_annotator.projects.vocabulary.errors import Conflict, ProjectError

SCHEME = Scheme("bar", ("start", "middle", "end"))
POINTS = np.array([[10.0, 20.0], [30.0, 20.0], [50.0, 20.0]])


class Bench:
    """A project in which expected errors are given by hand."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def add(
        self, error: float | None, *, accepted: bool = True, second_on: int | None = None
    ) -> int:
        project = self.project
        name = f"{len(project.images())}.png"
        image = project.add_image(project.folder / name, ImageFacts(100, 80, name))
        record = project.add_instance(
            image.id, Box(30, 20, 60, 60), second_opinion_on=second_on, who="ada"
        )
        if error is not None:
            project.store_proposal(
                record.id,
                POINTS,
                np.full((3, 2, 2), np.nan),
                predicted_error=error,
                model="prior",
                own=True,
            )
        if accepted:
            shape = Shape(POINTS, provenance=[Provenance.INFERRED] * 3)
            project.accept(record.id, shape, who="ada")
        return record.id

    @property
    def queue(self) -> list[int]:
        return [candidate.record.id for candidate in review_queue(self.project).first]

    def look(self) -> list[int]:
        return [c.record.id for c in review_queue(self.project).first if c.look]


@pytest.fixture
def bench(tmp_path):
    with Project.create(tmp_path / "bars", SCHEME) as project:
        yield Bench(project)


@pytest.fixture
def reviewer(bench):
    return ReviewSession(bench.project, who="rex", clock=iter(range(100)).__next__)


def test_the_worst_expected_error_comes_first(bench) -> None:
    small, large, unknown = bench.add(1.0), bench.add(5.0), bench.add(None)
    assert bench.queue == [large, small, unknown]


def test_the_first_of_a_queue_are_its_beginning(bench) -> None:
    for error in (3.0, None, 1.0, 2.0):
        bench.add(error)
    bench.project.flag(bench.add(0.5), who="ada")
    queue = review_queue(bench.project, 3)
    assert [one.record.id for one in queue.first] == bench.queue[:3]
    assert queue.waiting == 5


def test_a_proposal_for_a_second_opinion_waits_for_a_person_and_not_for_a_reviewer(bench) -> None:
    first = bench.add(1.0)
    second = bench.add(5.0, accepted=False, second_on=first)
    assert bench.queue == [first]
    assert not waits(bench.project, second)
    bench.project.accept(second, Shape(POINTS), who="bob")
    assert sorted(bench.queue) == [first, second]


def test_flagged_ones_come_before_the_worst(bench) -> None:
    small, large = bench.add(1.0), bench.add(5.0)
    bench.project.flag(small, "the end?", who="ada")
    assert bench.queue == [small, large]


def test_a_resolved_flag_is_none(bench) -> None:
    small, large = bench.add(1.0), bench.add(5.0)
    bench.project.flag(small, who="ada")
    bench.project.resolve_flag(small, who="ada")
    assert bench.queue == [large, small]


def test_proposals_wait_as_accepted_shapes_do(bench) -> None:
    accepted, proposed = bench.add(1.0), bench.add(5.0, accepted=False)
    assert bench.queue == [proposed, accepted]


def test_a_proposal_that_passes_is_hidden_beyond_the_border(bench, reviewer) -> None:
    """As where it is accepted on the label page: no photograph shows it."""
    proposed = bench.add(1.0, accepted=False)
    covariances = np.full((3, 2, 2), np.nan)
    outside = POINTS + np.array([60.0, 0.0])
    bench.project.store_proposal(
        proposed, outside, covariances, predicted_error=1.0, model="prior", own=True
    )
    reviewer.open(proposed)
    reviewer.accept()
    hidden = bench.project.shape(proposed).visibility == Visibility.OCCLUDED
    assert hidden.tolist() == [False, False, True]


def test_what_somebody_is_at_work_on_does_not_wait(bench) -> None:
    begun = bench.add(5.0, accepted=False)
    bench.project.place(begun, 0, (1, 2), who="ada")
    assert bench.queue == []


def test_what_has_no_proposal_does_not_wait(bench) -> None:
    bench.add(None, accepted=False)
    assert bench.queue == []


def test_a_far_larger_error_than_usual_is_to_be_looked_at(bench) -> None:
    usual = [bench.add(error) for error in (1.0, 1.1, 1.2)]
    odd = bench.add(3.0)
    assert bench.look() == [odd]
    bench.project.flag(usual[0], who="ada")
    assert bench.look() == [usual[0], odd]


def test_an_accepted_one_leaves_the_queue(bench, reviewer) -> None:
    first, second = bench.add(2.0), bench.add(1.0)
    reviewer.open(first)
    reviewer.accept()
    assert bench.queue == [second]


def test_undo_brings_it_back_with_its_flag(bench, reviewer) -> None:
    first = bench.add(2.0)
    bench.project.flag(first, "the end?", who="ada")
    reviewer.open(first)
    reviewer.accept()
    bench.project.undo("rex")
    [candidate] = review_queue(bench.project).first
    assert candidate.flag is not None


def test_what_was_sent_back_waits_again_once_it_is_corrected(bench, reviewer) -> None:
    first = bench.add(2.0)
    reviewer.open(first)
    reviewer.send_back("the end is off")
    assert bench.queue == []
    bench.project.accept(first, Shape(POINTS), who="ada")
    [candidate] = review_queue(bench.project).first
    assert candidate.sent_back.comment == "the end is off"


def test_what_has_passed_and_is_flagged_since_was_not_sent_back(bench, reviewer) -> None:
    first = bench.add(2.0)
    reviewer.open(first)
    reviewer.accept()
    bench.project.flag(first, "look again", who="ada")
    [candidate] = review_queue(bench.project).first
    assert candidate.sent_back is None


def test_a_proposal_that_passes_becomes_the_label(bench, reviewer) -> None:
    proposed = bench.add(2.0, accepted=False)
    assert reviewer.open(proposed).by is None
    reviewer.accept()
    assert bench.project.instance(proposed).state is InstanceState.ACCEPTED
    assert np.array_equal(bench.project.shape(proposed).points, POINTS)
    assert bench.project.reviews()[proposed].verdict is Verdict.ACCEPTED


def test_what_is_begun_cannot_pass(bench, reviewer) -> None:
    begun = bench.add(2.0, accepted=False)
    bench.project.place(begun, 0, (1, 2), who="ada")
    bench.project.flag(begun, who="ada")
    assert bench.queue == [begun]
    reviewer.open(begun)
    with pytest.raises(ProjectError, match="still at work"):
        reviewer.accept()


def test_a_reviewer_sees_who_placed_what_and_how(bench, reviewer) -> None:
    begun = bench.add(2.0, accepted=False)
    project = bench.project
    project.place(begun, 0, (13.0, 24.0), who="bob", proposed=POINTS[0], duration=1.5)
    shape = project.shape(begun)
    points = np.where(shape.known[:, None], shape.points, POINTS)
    project.accept(begun, Shape(points, provenance=shape.provenance), who="ada", duration=2.0)
    seen = reviewer.open(begun)
    clicked, inferred, _ = seen.placements
    assert (clicked.provenance, clicked.who, clicked.seconds) == (Provenance.CLICKED, "bob", 1.5)
    assert clicked.moved == pytest.approx(5.0)
    assert (inferred.provenance, inferred.who) == (Provenance.INFERRED, "ada")
    assert inferred.moved is None
    assert (seen.by, seen.clicks, seen.seconds) == ("ada", 1, 3.5)


def test_what_was_refused_is_no_time_that_the_label_took(bench, reviewer) -> None:
    """The verdict of a reviewer who was slower than another, as well as somebody else's click."""
    project, first = bench.project, bench.add(2.0)
    seen = project.revision(first)
    project.place(first, 0, (1, 2), who="ada", duration=1.5)
    with pytest.raises(Conflict):
        project.place(first, 0, (3, 4), who="bob", duration=20.0, seen=seen)
    with pytest.raises(Conflict):
        project.review(first, Verdict.ACCEPTED, who="lea", duration=30.0, seen=seen)
    seen = reviewer.open(first)
    assert (seen.clicks, seen.seconds) == (1, 1.5)


def test_the_time_of_a_verdict_is_recorded(bench, reviewer) -> None:
    first = bench.add(2.0)
    reviewer.open(first)
    assert reviewer.accept().duration == 1


def test_filled_shapes_come_by_what_is_expected_given_the_clicks(bench):
    sure, unsure = bench.add(9.0, accepted=False), bench.add(1.0, accepted=False)
    for instance, deviation in ((sure, 0.1), (unsure, 5.0)):
        bench.project.place(instance, 0, (10.0, 20.0), who="ada")
        doubts = np.tile(deviation**2 * np.eye(2), (3, 1, 1))
        fill_shapes(bench.project, {instance: Shape(POINTS, covariances=doubts)}, who="ada")
    first, second = review_queue(bench.project).first
    assert (first.record.id, second.record.id) == (unsure, sure)
    assert first.expected == pytest.approx(50 * second.expected)


def test_filled_shapes_wait_pass_and_are_sent_back(bench):
    project, reviewer = bench.project, ReviewSession(bench.project, who="rex")
    good, bad, begun = (bench.add(2.0, accepted=False) for _ in range(3))
    for instance in (good, bad, begun):
        project.place(instance, 0, (10.0, 20.0), who="ada")
    assert bench.queue == []

    fill_shapes(project, {i: Shape(POINTS) for i in (good, bad)}, who="ada")

    waiting = review_queue(project).first
    assert {(c.record.id, c.filled) for c in waiting} == {(good, True), (bad, True)}
    reviewer.open(good)
    reviewer.accept()
    assert project.instance(good).state is InstanceState.ACCEPTED
    assert project.shape(good).provenance[:2] == (Provenance.CLICKED, Provenance.FILLED)
    reviewer.open(bad)
    reviewer.send_back("the end is off")
    assert bench.queue == []
    for instance in (bad, begun):
        reviewer.open(instance)
        with pytest.raises(ProjectError, match="still at work"):
            reviewer.accept()
