"""A rule accepts what is safe and was checked; nobody takes it for a label that a person made."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.exchange.export_choice import (
    ExportChoice,
    export_as_chosen,
)
from landmark_annotator.annotator.session.models.followed_labels import recalibrations
from landmark_annotator.annotator.session.models.training import labelled_instances
from landmark_annotator.annotator.session.review.acceptance_rule import (
    AcceptanceRule,
    rule_offer,
    safe_threshold,
)
from landmark_annotator.projects.certificates import checked_proposals
from landmark_annotator.projects.store import (
    GroupRule,
    GroupsBy,
    InstanceState,
    Making,
    Project,
    Role,
    accept_by_rule,
)
from landmark_annotator.projects.vocabulary import (
    SILENT,
    Box,
    Provenance,
    Scheme,
    Shape,
    Visibility,
)
from landmark_annotator.projects.vocabulary.errors import NotAllowed, ProjectError
from tests.statements import statements_asked

LABELLED, WAITING = 30, 8
POINTS = np.array([[20.0, 20.0], [60.0, 20.0], [40.0, 60.0]])
BOX = Box(40, 40, 60, 60)
SCHEME = Scheme("trio", ("left", "right", "chin"), normaliser=(0, 1))
LAX = {"visible": 7.0, "share": 0.25, "confidence": 0.5}


class Facts:
    width = height = 80

    def __init__(self, number: int) -> None:
        self.sha256 = f"{number:064x}"


def propose(project: Project, instance_id: int, error: float, points: np.ndarray = POINTS) -> None:
    making = Making("heatmap 1", 10, float("inf"), 60 * np.eye(2))
    covariances = np.tile(np.eye(2), (3, 1, 1))
    project.store_proposal(
        instance_id,
        points,
        covariances,
        predicted_error=error,
        model="heatmap",
        making=making,
        own=True,
    )


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Of thirty proposals people have put right those with a predicted error above 4, which were
    off by 10 %; eight more wait, with predicted errors from 1 to 8."""
    with Project.create(tmp_path / "trios", SCHEME) as project:
        project.set_group_rule(GroupRule(GroupsBy.NOTHING), who="ada")
        for number in range(LABELLED + WAITING):
            image = project.add_image(tmp_path / f"{number}.png", Facts(number))
            record = project.add_instance(image.id, BOX, who="ada")
            waits = number >= LABELLED
            error = 1.0 + (number - LABELLED if waits else number % 8)
            propose(project, record.id, error)
            if not waits:
                points = POINTS + (0.0 if error <= 4 else 4.0) * np.array([[0, 0], [0, 0], [0, 1]])
                marks = [Provenance.INFERRED, Provenance.INFERRED, Provenance.CLICKED]
                project.accept(record.id, Shape(points, None, marks), who="ada")
        yield project


def check_all(rule: AcceptanceRule) -> None:
    while (drawn := rule.drawn()) is not None:
        rule.project.accept(drawn, Shape(POINTS), who="rita")
        rule.judge()


def ruled(project: Project) -> list[int]:
    return [r.id for r, shape in project.shapes() if Provenance.RULED in shape.provenance]


def test_safe_is_what_people_left_as_it_was(project: Project) -> None:
    found = safe_threshold(project, visible=7.0, share=0.05)
    assert (found.groups, found.wrong) == (LABELLED, 0)
    assert found.threshold is not None
    assert 4 < found.threshold < 5


def test_a_proposal_that_places_what_is_not_in_the_image_was_wrong(project: Project) -> None:
    """As a check counts it: thirty labels without a wrong one let a rule be offered that no check
    could pass."""
    record = project.instances()[0]
    points = np.where(np.arange(3)[:, None] == 2, np.nan, POINTS)
    seen = np.array([2, 2, 0])
    project.accept(record.id, Shape(points, seen, [Provenance.INFERRED] * 3), who="ada")
    found = safe_threshold(project, visible=7.0, share=0.05)
    assert found.threshold is not None
    assert found.threshold < 1.0
    assert safe_threshold(project, visible=7.0, share=0.2).wrong > 0


def test_where_what_claims_no_error_at_all_was_wrong_nothing_is_safe(tmp_path: Path) -> None:
    """No error is below nought: such proposals were taken for safe."""
    moved = POINTS + np.array([[0, 0], [0, 0], [0, 4.0]])
    marks = [Provenance.INFERRED, Provenance.INFERRED, Provenance.CLICKED]
    with Project.create(tmp_path / "trios", SCHEME) as project:
        project.set_group_rule(GroupRule(GroupsBy.NOTHING), who="ada")
        for number in range(LABELLED):
            image = project.add_image(tmp_path / f"{number}.png", Facts(number))
            record = project.add_instance(image.id, BOX, who="ada")
            propose(project, record.id, 0.0)
            project.accept(record.id, Shape(moved, None, marks), who="ada")
        found = safe_threshold(project, visible=7.0, share=0.05)
    assert (found.threshold, found.wrong) == (None, LABELLED)


def test_of_how_many_below_the_threshold_some_were_wrong_is_said(project: Project) -> None:
    """Four wrong of thirty labels sounded like one in seven where it was one in five."""
    found = safe_threshold(project, visible=7.0, share=0.2)
    assert (found.groups, found.below, found.wrong) == (LABELLED, 20, 4)
    assert found.sentence.endswith(", 4 wrong of 20 below it.")
    all_below = safe_threshold(project, visible=20.0, share=0.2)
    assert (all_below.below, all_below.wrong) == (LABELLED, 0)
    assert all_below.sentence.endswith(", 0 wrong.")


def test_the_labels_are_asked_for_at_once(project: Project) -> None:
    with statements_asked() as asked:
        safe_threshold(project, visible=7.0, share=0.05)
    assert len(asked) < LABELLED


def test_the_proposals_that_wait_are_asked_for_at_once(project: Project) -> None:
    asked = []
    for share in (0.05, 0.2):
        with statements_asked() as said:
            found = rule_offer(project, visible=7.0, share=share)
        asked.append((found.count, len(said)))
    assert asked[0][0] < asked[1][0]
    assert asked[0][1] == asked[1][1]


def test_a_larger_share_is_bought_by_a_larger_threshold(project: Project) -> None:
    tight, wide = (safe_threshold(project, 7.0, share) for share in (0.05, 0.2))
    assert tight.threshold is not None
    assert wide.threshold is not None
    assert wide.threshold > tight.threshold
    assert wide.wrong + 1 <= 0.2 * (LABELLED + 1)


def test_a_rule_gives_no_second_opinion(project: Project) -> None:
    before = rule_offer(project, visible=7.0, share=0.05).count
    first = project.instances()[0]
    second = project.add_instance(first.image_id, BOX, second_opinion_on=first.id, who="ada")
    propose(project, second.id, error=1.0)
    assert rule_offer(project, visible=7.0, share=0.05).count == before


def test_what_two_people_label_blindly_is_neither_learned_from_nor_accepted(
    project: Project,
) -> None:
    before = rule_offer(project, visible=7.0, share=0.05)
    project.set_person("ada", Role.LEAD, who="ada")
    first = project.instances()[0]
    second = project.add_instance(first.image_id, BOX, second_opinion_on=first.id, who="ada")
    propose(project, second.id, 1.0)
    found = rule_offer(project, visible=7.0, share=0.05)
    assert found.safe.groups == before.safe.groups - 1
    assert found.count == before.count


def test_few_labels_make_nothing_safe(project: Project) -> None:
    found = safe_threshold(project, visible=7.0, share=0.02)
    assert found.threshold is None
    assert "at least 49" in found.sentence
    with pytest.raises(ProjectError, match="No proposal is safe"):
        AcceptanceRule(project, who="rita").start(visible=7.0, share=0.02, confidence=0.95)


def test_nothing_is_accepted_before_the_checks_are_enough(project: Project) -> None:
    rule = AcceptanceRule(project, who="rita")
    with pytest.raises(ProjectError, match="before enough"):
        rule.apply()
    rule.start(**LAX)
    with pytest.raises(ProjectError, match="Not certified"):
        rule.apply()
    assert ruled(project) == []


def test_the_rest_is_accepted_as_one_step_and_told_apart(project: Project) -> None:
    rule = AcceptanceRule(project, who="rita")
    found = rule.start(**LAX)
    assert found.total > found.left
    check_all(rule)
    before = len(labelled_instances(project))
    count = rule.apply()
    assert count == found.total - found.left
    assert len(ruled(project)) == count
    assert all(project.instance(i).state is InstanceState.ACCEPTED for i in ruled(project))
    # Neither trainings nor calibration learn from them.
    assert len(labelled_instances(project)) == before
    assert safe_threshold(project, 7.0, 0.05).groups == LABELLED + found.left
    undone = project.undo("rita")
    assert undone is not None
    assert "by rule" in undone.title
    assert ruled(project) == []


def test_what_is_accepted_by_rule_beyond_the_border_is_hidden(project: Project) -> None:
    """As where a person accepts it: no photograph shows it."""
    outside = POINTS - np.array([[30.0, 0.0], [0.0, 0.0], [0.0, 0.0]])
    for record in project.instances():
        if record.state is InstanceState.UNTOUCHED:
            propose(project, record.id, 1.0, outside)
    rule = AcceptanceRule(project, who="rita")
    rule.start(**LAX)
    while (drawn := rule.drawn()) is not None:
        project.accept(drawn, Shape(outside), who="rita")
        rule.judge()
    assert rule.apply()
    for i in ruled(project):
        hidden = project.shape(i).visibility == Visibility.OCCLUDED
        assert hidden.tolist() == [True, False, False]


def test_a_proposal_that_is_mended_in_its_check_counts_as_wrong(project: Project) -> None:
    rule = AcceptanceRule(project, who="rita")
    rule.start(**LAX)
    drawn = rule.drawn()
    assert drawn is not None
    project.accept(drawn, Shape(POINTS + np.array([[0, 0], [0, 0], [0, 5]])), who="rita")
    rule.judge()
    found = rule.progress
    assert found is not None
    assert found.wrong == 1


def test_a_newer_proposal_is_not_what_was_certified(project: Project) -> None:
    rule = AcceptanceRule(project, who="rita")
    rule.start(**LAX)
    check_all(rule)
    waiting = [r.id for r in project.instances() if r.state is InstanceState.UNTOUCHED]
    for instance_id in waiting:
        project.store_proposal(
            instance_id,
            POINTS + 1,
            np.tile(np.eye(2), (3, 1, 1)),
            predicted_error=1.0,
            model="heatmap",
            own=True,
        )
    assert rule.apply() == 0


def test_exports_can_leave_them_out_and_the_data_sheet_says_on_which_checks_they_rest(
    project: Project, tmp_path: Path
) -> None:
    rule = AcceptanceRule(project, who="rita")
    rule.start(**LAX)
    check_all(rule)
    count = rule.apply()
    total = project.count_of(InstanceState.ACCEPTED)
    everything = ExportChoice("csv", tmp_path / "all.csv")
    people = ExportChoice("csv", tmp_path / "people.csv", by_people=True)
    assert export_as_chosen(project, everything, SILENT).instances == total
    by_people = export_as_chosen(project, people, SILENT)
    assert by_people.instances == total - count
    assert not any("by other people" in note for note in by_people.notes)
    said = json.loads((tmp_path / "all.datasheet.json").read_text())["accepted_by_rule"]
    assert said.startswith(f"{3 * count} landmarks are of proposals that no person has looked at.")
    assert "With 50 % confidence" in said


def test_shapes_that_a_rule_accepted_judge_no_proposal(project: Project) -> None:
    """Nobody has looked at them: they would say that every proposal is right."""
    waiting = [r.id for r in project.instances() if r.state is InstanceState.UNTOUCHED]
    for record in project.instances()[:LABELLED]:
        project.exclude(instances=[record.id], why="only the rule's", who="ada")
    accept_by_rule(project, {i: Shape(POINTS) for i in waiting}, who="ada")
    assert len(project.judged_proposals(100)) == WAITING
    assert recalibrations(project) == {}


def test_whoever_may_not_accept_by_rule_makes_no_checks_for_it(project: Project) -> None:
    project.set_person("lea", Role.LEAD, who="lea")
    project.set_person("rita", Role.REVIEWER, who="lea")
    with pytest.raises(NotAllowed):
        AcceptanceRule(project, who="rita").start(visible=7.0, share=0.02, confidence=0.95)


def test_what_somebody_has_flagged_since_it_was_drawn_from_waits_for_an_answer(
    project: Project,
) -> None:
    rule = AcceptanceRule(project, who="rita")
    rule.start(**LAX)
    check_all(rule)
    flagged, *others = rule.rest().shapes
    project.flag(flagged, "is this one?", who="bob")
    assert list(rule.rest().shapes) == others
    assert rule.apply() == len(others)
    assert ruled(project) == others
    assert rule.is_done
    project.resolve_flag(flagged, who="bob")
    assert not rule.is_done
    assert list(rule.rest().shapes) == [flagged]


def test_given_up_checks_leave_all_as_it_is_and_count_as_a_batch_that_was_drawn(
    project: Project,
) -> None:
    rule = AcceptanceRule(project, who="rita")
    with pytest.raises(ProjectError, match="No proposals are being checked"):
        rule.give_up()
    rule.start(**LAX)
    drawn = rule.drawn()
    assert drawn is not None
    project.accept(drawn, Shape(POINTS), who="rita")
    rule.judge()
    assert rule.give_up().checked == 1
    assert rule.progress is None
    assert rule.drawn() is None
    assert project.instance(drawn).state is InstanceState.ACCEPTED
    with pytest.raises(ProjectError, match="Nothing is accepted by rule"):
        rule.apply()
    assert rule.start(**LAX).certificate.number == 2


@pytest.mark.parametrize("given_up", [False, True])
def test_the_data_sheet_goes_on_saying_what_let_the_rule_accept(
    project: Project, tmp_path: Path, given_up: bool
) -> None:
    """Of checks that came after it said that nothing is certified."""
    rule = AcceptanceRule(project, who="rita")
    rule.start(**LAX)
    check_all(rule)
    assert rule.progress is not None
    certified = rule.progress.sentence
    assert rule.apply() > 0
    more = project.add_image(tmp_path / "more.png", Facts(99))
    for left in range(40):
        one = project.add_instance(more.id, Box(40 + left, 40, 60, 60), who="ada")
        propose(project, one.id, 1.0)
    assert not rule.start(**LAX).met
    if given_up:
        rule.give_up()
    found = checked_proposals(project)
    assert found is not None
    assert found.sentence == certified


def test_labels_of_related_images_are_told_with_how_often_they_count(project: Project) -> None:
    """Of 22 labels in a video it was said that people had made eight."""
    apart = safe_threshold(project, 7.0, 0.25)
    assert apart.sentence.endswith(
        "safe by 30 labels that people made of proposals, 4 wrong of 20 below it."
    )
    names = dict.fromkeys([image.id for image in project.images()[:10]], "one sitting")
    project.set_group_rule(GroupRule(GroupsBy.NAMES, names=names), who="ada")
    together = safe_threshold(project, 7.0, 0.02)
    said = "No proposal is safe by 30 labels that people made of proposals (21 as related images"
    assert together.sentence.startswith(said)
