"""What a budget says where an image holds several objects: their number is not that of images."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.cli.reports.budget_report import report
from landmark_annotator.annotator.gui.pages.budget.sentences import (
    notes_of,
    plan_line,
    purchase_lines,
    spent_lines,
)
from landmark_annotator.annotator.session.planning.budget_view import Shop, spending
from landmark_annotator.annotator.session.planning.offer import Offer, Unplanned, offer
from landmark_annotator.annotator.session.planning.recommendation import recommend
from landmark_annotator.annotator.session.review.millimetres import Millimetres
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Plan, Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Scheme, Shape

SCHEME = Scheme("bars", ("left", "middle", "right"))
IMAGES = 12
FREE = Unplanned(clicks=1.5, error=1.0, image_seconds=6.0, measured=12, by_model=True)


@pytest.fixture
def pairs(tmp_path: Path) -> Iterator[Project]:
    """Two objects in every image; half of all are labelled."""
    random = np.random.default_rng(5)
    with Project.create(tmp_path / "pairs", SCHEME) as project:
        for number in range(IMAGES):
            image = project.add_image(tmp_path / f"{number}.png", ImageFacts(400, 200, str(number)))
            for left in (20.0, 220.0):
                bar = np.array([[left, 90.0], [left + 70, 95.0], [left + 150, 90.0]])
                shape = Shape(bar + random.normal(0, 6, bar.shape))
                own = shape if number < IMAGES // 2 else None
                box = Box.square_around(bar)
                project.add_instance(image.id, box, shape=own, who="importer")
        yield project


@pytest.fixture
def found(pairs: Project) -> Offer:
    return replace(offer(pairs, progress=SILENT), unplanned=FREE)


def test_the_sentences_of_an_offer_count_objects(found: Offer) -> None:
    assert found.images == IMAGES
    assert FREE.said(found.images, found.one).startswith(
        "Without a plan: 1.5 clicks and 6 s an object, 72 s for 12 objects ("
    )
    reasons = recommend(found).reasons[0]
    assert "an object until a shape is good enough" in reasons
    assert "on every object would take" in reasons
    assert "for 12 objects." in recommend(found, hours=1e-6).reasons[0]
    assert "3 s an object besides" in found.costs.source


def test_the_page_counts_objects(pairs: Project, found: Offer) -> None:
    mean = np.zeros((len(SCHEME), 2))
    shop = Shop(found, recommend(found), (), mean)
    assert purchase_lines(shop, shop.purchases[0])[-1] == "5 s an object, 60 s for 12 objects"
    pairs.set_plan(Plan("m1", (0,)), who="lead")
    told = spending(pairs.folder)
    assert plan_line(told) == "The plan is m1: 1 point an object."
    assert spent_lines(told)[-1].startswith("Still to come for 12 objects: ")


def test_the_page_tells_what_points_leave_in_millimetres_too(found: Offer) -> None:
    mean, measure = np.zeros((len(SCHEME), 2)), Millimetres(50.0, 12)
    shop = Shop(found, recommend(found), (), mean, measure)
    bought = replace(shop.purchases[0], error=4.0)
    assert "Expected error 4.00 %, 2.00 mm (NME on held-out shapes)" in purchase_lines(shop, bought)
    assert notes_of(shop)[-1].endswith("50.0 mm, the mean of 12 accepted shapes.")


def test_the_command_tells_seconds_an_object(pairs: Project, found: Offer) -> None:
    told = spending(pairs.folder)
    text = report(SCHEME, found, recommend(found), (), told.ledger, told.plan, "")
    assert "s an object" in text
    assert "an image" not in text


def test_an_object_that_was_left_out_does_not_count(pairs: Project) -> None:
    assert pairs.counted_in() == "object"
    seconds = [record.id for record in pairs.instances()][1::2]
    pairs.exclude(instances=seconds, why="no bar", who="lead")
    assert pairs.counted_in() == "image"
