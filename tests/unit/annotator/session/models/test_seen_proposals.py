"""What is checked for a rule is not replaced by what a window proposes by the way."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.models.seen_proposals import SeenProposals
from landmark_annotator.annotator.session.review.acceptance_rule import AcceptanceRule
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.store import GroupRule, GroupsBy, Making, Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape

SCHEME = Scheme("trio", ("left", "right", "chin"), normaliser=(0, 1))
POINTS = np.array([[20.0, 20.0], [60.0, 20.0], [40.0, 60.0]])
BOX = Box(40, 40, 60, 60)
LABELLED, WAITING = 10, 8


class Facts:
    width = height = 80

    def __init__(self, number: int) -> None:
        self.sha256 = f"{number:064x}"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """People have left ten proposals as they were; eight more wait."""
    with Project.create(tmp_path / "trios", SCHEME) as project:
        project.set_group_rule(GroupRule(GroupsBy.NOTHING), who="ada")
        making = Making("heatmap 1", 10, float("inf"), 60 * np.eye(2))
        unsure = np.tile(np.eye(2), (3, 1, 1))
        for number in range(LABELLED + WAITING):
            image = project.add_image(tmp_path / f"{number}.png", Facts(number))
            record = project.add_instance(image.id, BOX, who="ada")
            said = {"predicted_error": 2.0, "model": "heatmap", "making": making, "own": True}
            project.store_proposal(record.id, POINTS, unsure, **said)
            if number < LABELLED:
                marks = [Provenance.INFERRED] * 3
                project.accept(record.id, Shape(POINTS, None, marks), who="ada")
        yield project


def see(project: Project, seen: SeenProposals) -> None:
    """A newer model proposes for all that wait, as in a window that goes through them."""
    for record in project.instances()[LABELLED:]:
        points = BOX.to_frame(POINTS + 3.0)
        newer = ShapeMixture(np.zeros(1), points[None], 1e-4 * np.eye(6))
        proposal = Proposal(BOX, newer, "newer")
        seen.store(record.id, proposal, proposal.given([]))


def models(project: Project) -> list[str | None]:
    waiting = (project.proposal(record.id) for record in project.instances()[LABELLED:])
    return [None if each is None else each.model for each in waiting]


def test_checks_go_on_for_the_batch_that_was_drawn_whatever_the_model_learns(
    project: Project,
) -> None:
    seen = SeenProposals(project)
    rule = AcceptanceRule(project, who="rita")
    rule.start(visible=7.0, share=0.25, confidence=0.5)
    while (drawn := rule.drawn()) is not None:
        see(project, seen)
        project.accept(drawn, Shape(POINTS), who="rita")
        rule.judge()
    found = rule.progress
    assert found is not None
    assert (found.wrong, found.met, rule.rest().replaced) == (0, True, 0)
    assert not rule.is_done
    assert rule.apply() == WAITING - found.checked
    assert rule.is_done


def test_before_a_batch_is_drawn_and_of_what_somebody_has_begun_it_is_stored(
    project: Project,
) -> None:
    seen = SeenProposals(project)
    see(project, seen)
    assert models(project) == ["newer"] * WAITING

    AcceptanceRule(project, who="rita").start(visible=7.0, share=0.25, confidence=0.5)
    other = project.instances()[LABELLED]
    project.set_box(other.id, Box(41, 40, 60, 60), who="rita")
    before = [project.proposal(record.id).at for record in project.instances()[LABELLED:]]
    see(project, seen)
    after = [project.proposal(record.id).at for record in project.instances()[LABELLED:]]
    assert [then != now for then, now in zip(before, after, strict=True)] == [True] + [False] * 7


def test_what_all_was_proposed_anew_for_is_told(project: Project) -> None:
    rule = AcceptanceRule(project, who="rita")
    rule.start(visible=7.0, share=0.25, confidence=0.5)
    first = rule.drawn()
    assert first is not None
    project.accept(first, Shape(POINTS), who="rita")
    rule.judge()
    unsure = np.tile(np.eye(2), (3, 1, 1))
    for record in project.instances()[LABELLED:]:
        project.store_proposal(
            record.id, POINTS + 1, unsure, predicted_error=2.0, model="newer", own=True
        )
    while (drawn := rule.drawn()) is not None:
        project.accept(drawn, Shape(POINTS), who="rita")
        rule.judge()
    found = rule.progress
    assert found is not None
    assert found.replaced == found.wrong == found.checked - 1


def test_once_the_checks_are_given_up_it_is_stored_again(project: Project) -> None:
    seen = SeenProposals(project)
    rule = AcceptanceRule(project, who="rita")
    rule.start(visible=7.0, share=0.25, confidence=0.5)
    see(project, seen)
    assert models(project) == ["heatmap"] * WAITING
    rule.give_up()
    see(project, seen)
    assert models(project) == ["newer"] * WAITING
