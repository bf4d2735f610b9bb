"""How precisely people click: measured where labels were repeated, else named as assumed."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.models.hand_precision import hand_of
from landmark_annotator.annotator.session.review.standing_labels import let_stand
from landmark_annotator.annotator.session.simulation.hand import CLICK_ERROR
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape

POINTS = np.array([[100.0, 100.0], [300.0, 100.0], [300.0, 250.0], [100.0, 250.0]])
BOX = Box(200, 175, 300, 300)


facts = partial(ImageFacts, 400, 400)


def project_of(folder: Path, normaliser: tuple[int, int] | None = None) -> Project:
    return Project.create(folder, Scheme("bar", tuple("abcd"), normaliser=normaliser))


def test_without_repeated_labels_a_hand_is_off_by_pixels_of_the_screen(tmp_path: Path) -> None:
    with project_of(tmp_path / "wings") as project:
        hand = hand_of(project)
    # 0.64 pixels of this box, not the 4 that one percent of its diagonal is.
    assert hand.error * BOX.diagonal == pytest.approx(1.5 * 300 / 700)
    assert hand.scale == pytest.approx(hand.error / CLICK_ERROR)
    assert "pixels of the screen" in hand.source
    assert "no normaliser" in hand.source


def test_a_schemes_normaliser_keeps_the_usual_hand_and_targets(tmp_path: Path) -> None:
    with project_of(tmp_path / "wings", (0, 1)) as project:
        hand = hand_of(project)
    assert (hand.error, hand.scale) == (CLICK_ERROR, 1.0)


@pytest.mark.parametrize("normaliser", [None, (0, 1)])
def test_second_opinions_say_how_far_off_a_hand_is(
    tmp_path: Path, normaliser: tuple[int, int] | None
) -> None:
    random = np.random.default_rng(0)
    with project_of(tmp_path / "wings", normaliser) as project:
        for n in range(40):
            image = project.add_image(tmp_path / f"{n}.png", facts(str(n))).id
            one, other = POINTS + random.normal(0, 3.0, (2, 4, 2))
            first = project.add_instance(image, BOX, shape=Shape(one), who="ada").id
            project.add_instance(image, BOX, second_opinion_on=first, shape=Shape(other), who="ben")
        hand = hand_of(project)
    length = BOX.diagonal if normaliser is None else 200.0
    assert hand.error * length == pytest.approx(3.0, rel=0.1)
    assert "placed twice" in hand.source


def test_a_lead_who_lets_one_of_two_labels_stand_makes_no_hand_steadier(tmp_path: Path) -> None:
    """It was taken to be off by a pixel and a half of the screen from then on."""
    random = np.random.default_rng(0)
    with project_of(tmp_path / "wings") as project:
        choices, drawn = [], Box(200, 175, 200, 200)
        for n in range(40):
            image = project.add_image(tmp_path / f"{n}.png", ImageFacts(600, 600, str(n))).id
            one, other = (Shape(POINTS + random.normal(0, 3.0, (4, 2))) for _ in range(2))
            whole = Box(299.5, 299.5, 600, 600)  # What she labelled came without a box.
            first = project.add_instance(image, whole, shape=one, who="ada").id
            choices.append((project.add_instance(image, drawn, shape=other, who="ben").id, first))
        before = hand_of(project)
        assert "160 landmarks that were placed twice" in before.source
        let_stand(project, choices, whose="ben", who="lead")
        assert hand_of(project) == before
        project.exclude(images=[1], why="blurred", who="lead")
        assert "156 landmarks that were placed twice" in hand_of(project).source


def test_objects_that_crowd_are_not_taken_for_one(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    with project_of(tmp_path / "flies") as project:
        for n in range(40):
            image = project.add_image(tmp_path / f"{n}.png", facts(str(n))).id
            for shift in (0.0, 45.0, 90.0):
                for who in ("ada", "ben"):
                    points = POINTS + np.array([shift, 0]) + random.normal(0, 3.0, (4, 2))
                    project.add_instance(
                        image, BOX.moved((shift / 300, 0)), shape=Shape(points), who=who
                    )
        hand = hand_of(project)
    assert "480 landmarks that were placed twice" in hand.source
    assert hand.error * BOX.diagonal == pytest.approx(3.0, rel=0.1)


def test_two_peoples_imported_labels_of_the_same_objects_say_it_as_well(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    with project_of(tmp_path / "wings") as project:
        for n in range(40):
            image = project.add_image(tmp_path / f"{n}.png", facts(str(n))).id
            for who, points in zip(
                ("ada", "ben"), POINTS + random.normal(0, 3.0, (2, 4, 2)), strict=True
            ):
                project.add_instance(image, BOX, shape=Shape(points), who=who)
            beside = BOX.moved((1.2, 0))
            project.add_instance(
                image, beside, shape=Shape(POINTS + np.array([360.0, 0.0])), who="ben"
            )
        hand = hand_of(project)
    assert "160 landmarks that were placed twice" in hand.source
    assert hand.error * BOX.diagonal == pytest.approx(3.0, rel=0.1)
    with project_of(tmp_path / "alone") as project:
        for n in range(40):
            image = project.add_image(tmp_path / f"{n}.png", facts(str(n))).id
            for off in (0, 3):
                project.add_instance(image, BOX, shape=Shape(POINTS + off), who="ada")
        assert "no labels were repeated" in hand_of(project).source


def test_a_landmark_that_its_own_person_places_again_counts(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    with project_of(tmp_path / "wings") as project:
        for n in range(20):
            image = project.add_image(tmp_path / f"{n}.png", facts(str(n))).id
            instance = project.add_instance(image, BOX, who="ada").id
            for landmark in range(4):
                for who in ("ada", "ada", "ben") if landmark else ("ada", "ben"):
                    off = 50.0 if who == "ben" else 0.0
                    at = POINTS[landmark] + off + random.normal(0, 2.0, 2)
                    project.place(instance, landmark, at, who=who)
        hand = hand_of(project)
    assert "60 landmarks" in hand.source
    assert hand.error * BOX.diagonal == pytest.approx(2.0, rel=0.25)


def test_what_two_people_confirmed_is_no_click_of_theirs(tmp_path: Path) -> None:
    """Both said of three landmarks that the proposal is right there: each counted as nought apart,
    and a hand was told to be off by a hundredth of a percent."""
    random = np.random.default_rng(0)
    marks = [Provenance.CLICKED, *[Provenance.CONFIRMED] * 3]
    with project_of(tmp_path / "wings", (0, 1)) as project:
        for n in range(40):
            image = project.add_image(tmp_path / f"{n}.png", facts(str(n))).id
            for who in ("ada", "ben"):
                points = POINTS.copy()
                points[0] += random.normal(0, 3.0, 2)
                made = project.add_instance(image, BOX, who=who)
                project.accept(made.id, Shape(points, provenance=marks), who=who)
        hand = hand_of(project)
    assert hand.error * 200 == pytest.approx(3.0, rel=0.2)
    assert "as 40 landmarks that were placed twice" in hand.source


def test_a_landmark_that_three_people_placed_is_one(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    with project_of(tmp_path / "wings", (0, 1)) as project:
        for n in range(10):
            image = project.add_image(tmp_path / f"{n}.png", facts(str(n))).id
            for who in ("ada", "ben", "cem"):
                points = POINTS + random.normal(0, 3.0, (4, 2))
                project.add_instance(image, BOX, shape=Shape(points), who=who)
        hand = hand_of(project)
    assert "as 40 landmarks that were placed twice" in hand.source
