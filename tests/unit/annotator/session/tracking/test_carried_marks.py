"""What a landmark's visibility is in a frame that nobody has labelled, by those beside it."""

from collections.abc import Callable

import numpy as np
import pytest

from landmark_annotator.annotator.session.labelling.carried_marks import CarriedMarks
from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.labelling.view import View
from landmark_annotator.annotator.session.review.acceptance_rule import AcceptanceRule
from landmark_annotator.annotator.session.tracking.open_clip import ClipFrame, OpenClip, labels_of
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.store import InstanceRecord, Making, Project
from landmark_annotator.projects.store.rows.labelled_beside import LabelBeside
from landmark_annotator.projects.store.safety.checking import check
from landmark_annotator.projects.vocabulary import Box, Evidence, Provenance, Shape, Visibility
from tests.unit.annotator.session.tracking.conftest import FRAMES, blind_proposer, truth

A, B, C, D = range(4)
Open = Callable[[int], LabellingSession]


@pytest.fixture
def card(unlabelled: Project) -> dict[int, InstanceRecord]:
    """One of the things, by frame: in the first `a` is hidden and `c` is not in the image."""
    project = unlabelled
    for image in project.images():
        (record,) = project.instances_of(image.id)
        box = Box.square_around(truth(0, image.frame or 0), 1.2)
        project.set_box(record.id, box, who="ann")
    records = {i.frame or 0: project.instances_of(i.id)[0] for i in project.images()}
    session = LabellingSession(project, who="ann")
    session.open(records[0].id)
    for landmark in (A, B, D):
        session.click(landmark, tuple(truth(0, 0)[landmark]))
    session.set_visibility(A, Visibility.OCCLUDED)
    session.set_visibility(C, Visibility.NOT_LABELLED)
    session.accept()
    return records


@pytest.fixture
def opened(unlabelled: Project, card: dict[int, InstanceRecord]) -> Open:
    def open_frame(frame: int) -> LabellingSession:
        session, record = LabellingSession(unlabelled, who="ann"), card[frame]
        pixels = pixels_of(unlabelled.image(record.image_id))
        assert record.box is not None
        session.open(record.id, blind_proposer(unlabelled).propose(pixels, record.box))
        return session

    return open_frame


def said(view: View) -> tuple[frozenset[int], list[int]]:
    """What is not in the image, and what is hidden."""
    return view.absent, np.flatnonzero(view.shape.visibility == Visibility.OCCLUDED).tolist()


def test_the_next_frame_is_as_the_labelled_one_and_nobody_is_asked_for_what_it_lacks(
    opened: Open,
) -> None:
    view = opened(1).view
    assert said(view) == ({C}, [A])
    assert view.carried == {A, C}
    assert view.complete
    assert not view.shape.known[C]
    assert view.query in {B, D}


def test_what_is_accepted_is_what_was_seen(opened: Open, unlabelled: Project) -> None:
    session = opened(1)
    session.accept()
    stored = unlabelled.shape(session.view.instance.id)
    assert stored.absent.tolist() == [False, False, True, False]
    assert stored.provenance == (Provenance.INFERRED,) * 4
    assert stored.visibility[A] == Visibility.OCCLUDED
    assert said(opened(2).view) == ({C}, [A])


def test_a_person_who_sees_it_says_so_by_a_click_or_a_key(opened: Open) -> None:
    session = opened(1)
    session.click(C, tuple(truth(0, 1)[C]))
    session.set_visibility(A, Visibility.VISIBLE)
    assert said(session.view) == (frozenset(), [])
    assert session.view.carried == frozenset()
    session.accept()
    assert said(opened(2).view) == (frozenset(), [])


def test_a_person_may_say_the_same_of_this_frame(opened: Open) -> None:
    session = opened(1)
    session.set_visibility(A, Visibility.OCCLUDED)
    session.set_visibility(C, Visibility.NOT_LABELLED)
    assert said(session.view) == ({C}, [A])
    assert session.view.carried == frozenset()


def test_undo_of_what_a_person_said_carries_it_again(opened: Open) -> None:
    session = opened(1)
    session.set_visibility(C, Visibility.VISIBLE)
    assert said(session.view) == (frozenset(), [A])
    session.undo()
    assert said(session.view) == ({C}, [A])


def test_what_was_said_before_a_return_to_the_proposal_counts_no_more(opened: Open) -> None:
    session = opened(1)
    session.set_visibility(A, Visibility.VISIBLE)
    session.set_visibility(C, Visibility.VISIBLE)
    session.click(B, tuple(truth(0, 1)[B]))
    assert said(session.start_again()) == ({C}, [A])
    session.undo()
    assert said(session.view) == (frozenset(), [])


def test_it_is_carried_where_nothing_proposes_too(unlabelled: Project, card, opened: Open) -> None:
    session = LabellingSession(unlabelled, who="ann")
    view = session.open(card[1].id)
    assert view.absent == {C}
    assert not view.complete


def test_what_another_program_places_is_in_the_image(unlabelled: Project, card) -> None:
    points = truth(0, 1)
    points[B] = np.nan
    theirs = np.full((4, 2, 2), np.nan)
    said_by = {"predicted_error": None, "imported_from": "theirs.slp"}
    unlabelled.store_proposal(card[1].id, points, theirs, **said_by)
    view = LabellingSession(unlabelled, who="ann").open(card[1].id)
    assert said(view) == (frozenset(), [])


def label(frames: int, seconds: float | None, *visibility: int) -> LabelBeside:
    points = np.where(np.array(visibility)[:, None] > 0, 1.0, np.nan) * np.ones((1, 2))
    marks = [Provenance.CLICKED] * len(visibility)
    return LabelBeside(0, frames, seconds, Shape(points, visibility, marks))


@pytest.mark.parametrize(
    ("beside", "carried"),
    [
        ([label(10, 1.0, 0, 1, 2)], {0: 0, 1: 1}),
        ([label(11, 1.1, 0, 1, 2)], {}),
        ([label(1, None, 0, 1, 2)], {}),
        ([label(99, 9.9, 0, 1, 2), label(50, 5.0, 0, 2, 2)], {0: 0}),
        ([label(9, 0.9, 0, 1, 2), label(5, 0.5, 1, 2, 0)], {0: 1, 2: 0}),
        ([], {}),
    ],
)
def test_a_near_label_or_two_that_agree_are_believed(
    beside: list[LabelBeside], carried: dict[int, int]
) -> None:
    assert CarriedMarks.of(beside).marks == carried


def test_a_landmark_that_a_file_left_out_says_nothing() -> None:
    points = np.array([[np.nan, np.nan], [1.0, 1.0]])
    imported = Shape(points).with_provenance(Provenance.IMPORTED)
    assert CarriedMarks.of([LabelBeside(0, 1, 0.1, imported)]).marks == {}


def test_no_other_frame_is_asked_for_what_is_not_in_the_labelled_one(
    unlabelled: Project, card: dict[int, InstanceRecord], opened: Open
) -> None:
    """As long as it is near, which nobody can tell without a rate."""
    frames = [ClipFrame(n, card[n].id, opened(n).proposal) for n in range(FRAMES)]
    labels = labels_of(unlabelled, [card[0].id])

    def asked(rate: float | None) -> set[int]:
        clip, found = OpenClip.of(frames, labels, 4, rate=rate), set[int]()
        while (query := clip.query()) is not None:
            found.add(query.landmark)
            place = truth(0, query.frame)[query.landmark]
            click = Evidence.click(query.landmark, place, 0.2)
            clip = clip.with_clicks(query.frame, [*clip.clicks.get(query.frame, ()), click])
        return found

    assert asked(25.0) == {B, D}
    assert asked(None) == {A, B, C, D}


def test_a_frame_that_somebody_has_begun_is_not_asked_for_it_either(
    unlabelled: Project, card: dict[int, InstanceRecord], opened: Open
) -> None:
    """One click elsewhere had what is carried into the frame forgotten by the track."""
    frames = [ClipFrame(n, card[n].id, opened(n).proposal) for n in range(FRAMES)]
    session = opened(1)
    session.click(B, tuple(truth(0, 1)[B]))
    clip = OpenClip.of(frames, labels_of(unlabelled, [card[0].id, card[1].id]), 4, rate=25.0)
    assert not clip.in_image[1, C]
    while (query := clip.query(1)) is not None and query.frame == 1:
        assert query.landmark == D
        click = Evidence.click(D, truth(0, 1)[D], 0.2)
        clip = clip.with_clicks(1, [*clip.clicks.get(1, ()), click])
    session.click(C, tuple(truth(0, 1)[C]))
    clip = clip.with_labels(1, labels_of(unlabelled, [card[1].id])[card[1].id])
    assert clip.in_image[1, C]


def test_what_is_not_in_the_image_makes_no_frame_unsure_and_leaps_nowhere(
    unlabelled: Project, card: dict[int, InstanceRecord], opened: Open
) -> None:
    """A label would say nothing of it: no frame is suggested for its sake."""
    frames = [ClipFrame(n, card[n].id, opened(n).proposal) for n in range(FRAMES)]
    clip = OpenClip.of(frames, labels_of(unlabelled, [card[0].id]), 4, rate=25.0)
    assert (~clip.in_image).nonzero()[1].tolist() == [C] * FRAMES
    posterior = clip.posterior()
    before = clip.uncertainty(posterior)
    posterior.covariances[:, C] *= 100.0
    assert clip.uncertainty(posterior) == pytest.approx(before)
    posterior.covariances[:, B] *= 100.0
    assert (clip.uncertainty(posterior) > before)[1:].all()
    leaps = clip.jumps(posterior)
    posterior.points[1::2, C] += 500.0
    assert clip.jumps(posterior) == pytest.approx(leaps)
    posterior.points[1::2, B] += 500.0
    assert (clip.jumps(posterior) > leaps)[1:].all()


def test_what_a_rule_accepts_is_what_is_seen(
    unlabelled: Project, card: dict[int, InstanceRecord]
) -> None:
    project, unsure = unlabelled, np.tile(np.eye(2), (4, 1, 1))
    making = Making("heatmap 1", 10, float("inf"), np.eye(2))
    frames = {card[frame].id: frame for frame in (1, 2, 3, 4)}
    for instance, frame in frames.items():
        project.store_proposal(
            instance,
            truth(0, frame),
            unsure,
            predicted_error=1.0,
            model="heatmap",
            making=making,
            own=True,
        )
    rule, labelling = AcceptanceRule(project, who="ann"), LabellingSession(project, who="ann")

    def accept_as_seen(instance: int) -> None:
        assert labelling.open(instance).absent == {C}
        for landmark in (A, B, D):
            labelling.click(landmark, tuple(truth(0, frames[instance])[landmark]))
        labelling.set_visibility(A, Visibility.OCCLUDED)
        labelling.accept()

    accept_as_seen(card[1].id)
    rule.start(visible=7.0, share=0.5, confidence=0.5)
    while (drawn := rule.drawn()) is not None:
        accept_as_seen(drawn)
        assert rule.judge() == 0.0
    assert rule.apply() > 0

    for _, shape in project.shapes():
        if Provenance.RULED in shape.provenance:
            assert shape.absent.tolist() == [False, False, True, False]
            assert shape.visibility[A] == Visibility.OCCLUDED
    assert check(project.folder) == []
