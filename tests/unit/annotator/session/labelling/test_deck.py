"""Sheets are dealt one after another; what was passed over comes after all else."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.session.labelling.deck import IN_ORDER, LEAST_SURE, SUREST, Deck
from landmark_annotator.annotator.session.review.second_opinions import ask_for_second_opinions
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

POINTS = np.array([[3.0, 3.0], [9.0, 3.0]])


@pytest.fixture
def seven(tmp_path: Path) -> Iterator[Project]:
    """Seven boxes in a row; the expected errors of all but the last are known."""
    with Project.create(tmp_path / "pairs", Scheme("pair", ("one", "two"))) as project:
        for number, error in enumerate((3.0, 1.0, 4.0, 1.5, 5.0, 9.0, None)):
            path = tmp_path / f"{number}.png"
            Image.new("RGB", (12, 8), (number, 0, 0)).save(path)
            image = project.add_image(path, examine(path))
            record = project.add_instance(image.id, Box(6, 4, 8, 6), who="ada")
            if error is not None:
                spread = np.tile(np.eye(2), (2, 1, 1))
                project.store_proposal(
                    record.id, POINTS, spread, predicted_error=error, model="prior", own=True
                )
        yield project


def accept(project: Project, ids: tuple[int, ...]) -> None:
    project.accept_sheet(dict.fromkeys(ids, Shape(POINTS)), who="ada")


@pytest.mark.parametrize(
    ("order", "ids"),
    [(IN_ORDER, (1, 2, 3)), (SUREST, (2, 4, 1)), (LEAST_SURE, (6, 5, 3))],
)
def test_each_order_deals_its_first_ones_first(seven: Project, order, ids) -> None:
    assert Deck(seven, 3, order).current == ids


def test_what_nobody_can_expect_an_error_of_comes_last(seven: Project) -> None:
    deck = Deck(seven, 7, LEAST_SURE)
    assert deck.current[-1] == 7


def test_what_was_passed_over_comes_again_after_all_else(seven: Project) -> None:
    deck = Deck(seven, 3, IN_ORDER)
    first = deck.current
    assert deck.go_on()
    accept(seven, deck.current)
    assert deck.go_on()
    assert deck.current == (7,)
    accept(seven, deck.current)
    assert not deck.go_on()
    assert deck.passed == 3
    deck.begin_again()
    assert deck.current == first


def test_a_sheet_that_was_turned_can_be_gone_back_to(seven: Project) -> None:
    deck = Deck(seven, 3, IN_ORDER)
    deck.go_on()
    accept(seven, deck.current)
    assert deck.go_back()
    assert deck.current == (1, 2, 3)
    assert not deck.go_back()
    assert deck.go_to([5])
    assert deck.current == (4, 5, 6)


def test_without_a_box_there_is_nothing_to_look_at(seven: Project) -> None:
    image = seven.images()[0].id
    seven.add_instance(image, None, who="ada")
    assert seven.waiting_counts() == (7, 1, 6)
    assert len(Deck(seven, 30, IN_ORDER).current) == 7


def test_nobody_is_dealt_second_opinions_on_own_labels(seven: Project) -> None:
    """Whoever had labelled or imported them accepted them again, which counts as nothing."""
    accept(seven, (1, 2))
    asked = ask_for_second_opinions(seven, 2, seed=0, who="ada")
    assert not set(asked) & set(Deck(seven, 30, IN_ORDER, "ada").current)
    assert Deck(seven, 30, IN_ORDER, "ada").counts == (5, 0, 4)
    assert set(asked) < set(Deck(seven, 30, IN_ORDER, "ben").current)
    assert Deck(seven, 30, IN_ORDER, "ben").counts == (7, 0, 4)


def test_a_sheet_with_room_takes_what_has_come_since_at_its_end(seven: Project) -> None:
    deck = Deck(seven, 8, SUREST)
    first = deck.current
    new = seven.add_instance(seven.images()[0].id, Box(6, 4, 8, 6), who="ada").id
    deck.fill_up()
    assert deck.current == (*first, new)
    seven.add_instance(seven.images()[1].id, Box(6, 4, 8, 6), who="ada")
    deck.fill_up()
    assert deck.current == (*first, new)
