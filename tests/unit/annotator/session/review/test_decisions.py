"""Deciding on many objects at once whose label stands."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.reports.overview import overview
from landmark_annotator.annotator.session.review.agreement import agreements
from landmark_annotator.annotator.session.review.decisions import (
    SharedObject,
    among,
    by_object,
    decide_for,
    let_all_count,
    shared_objects,
)
from landmark_annotator.projects.exchange.transfer import data_sheet
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.people.same_objects import labels_of_objects
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError

POINTS = np.array([[10.0, 20.0], [30.0, 20.0], [50.0, 20.0]])


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Three bars of ann and bob, the last ones the farthest apart; of the first one cid's too."""
    scheme = Scheme("bar", ("start", "middle", "end"), normaliser=(0, 2))
    with Project.create(tmp_path / "bars", scheme) as opened:
        for n in range(3):
            image = opened.add_image(tmp_path / f"{n}.png", ImageFacts(60, 40, f"{n}"))
            for k, who in enumerate(("ann", "bob", "cid")[: 2 if n else 3]):
                shape = Shape(POINTS + np.array([(0, 0), (k, 2 * k * n), (0, 0)]))
                opened.add_instance(image.id, Box(30, 20, 50, 50), shape=shape, who=who)
        yield opened


def standing(found: list[SharedObject]) -> set[tuple[int, str | None]]:
    return {(each.pair.image_id, each.standing) for each in found}


def test_the_farthest_apart_are_listed_first_and_nobody_has_decided(project: Project) -> None:
    found = shared_objects(project)
    assert [each.pair.image_id for each in found[:2]] == [3, 2]
    assert {each.standing for each in found} == {None}
    assert len(found) == 5


def test_one_persons_labels_stand_everywhere_and_one_undo_takes_it_back(project: Project) -> None:
    before = len(project.instances())
    decide_for(project, shared_objects(project), "ann", who="lea")
    # Over both others of the first image, between whom there is nothing to decide.
    found = shared_objects(project)
    assert standing(found) == {(1, "ann"), (2, "ann"), (3, "ann")}
    assert len(found) == 4
    assert len(project.instances()) == 3
    assert sum(len(one.pairs) for one in agreements(project)) == 5
    project.undo("lea")
    assert len(project.instances()) == before


def test_objects_are_named_by_their_image_or_by_either_label(project: Project) -> None:
    found = shared_objects(project)
    of_second, of_third = (each for each in reversed(found) if each.pair.image_id != 1)
    assert among(found, {2}, []) == [of_second]
    assert among(found, [], of_third.pair.ids[1:]) == [of_third]
    with pytest.raises(ActionableError, match="has the id 99"):
        among(found, [], [99])


def test_a_person_without_a_label_there_is_told(project: Project) -> None:
    chosen = among(shared_objects(project), {2}, [])
    with pytest.raises(ActionableError, match="cid has labelled none of these"):
        decide_for(project, chosen, "cid", who="lea")
    assert len(project.instances()) == 7


def test_what_was_decided_is_taken_back_for_the_chosen_ones(project: Project) -> None:
    decide_for(project, shared_objects(project), "bob", who="lea")
    found = shared_objects(project)
    assert len(let_all_count(project, among(found, {1, 2}, []), who="lea")) == 3
    assert standing(shared_objects(project)) == {(1, None), (2, None), (3, "bob")}
    assert let_all_count(project, among(shared_objects(project), {2}, []), who="lea") == []


def test_three_labels_of_an_object_are_one_object(project: Project) -> None:
    found = shared_objects(project)
    assert [len(each) for each in by_object(found)] == [1, 1, 3]
    whose = {i: name for each in found for i, name in zip(each.pair.ids, each.people, strict=True)}
    assert labels_of_objects((each.pair.ids for each in found), whose)[1] == {1, 2, 3}
    # By any label's id it stands over all others, that of whoever is not named as well.
    decide_for(project, among(found, [], [1]), "cid", who="lea")
    assert {record.id for record in project.instances() if record.image_id == 1} == {3}
    # By the id of one that gives way another one is let stand, and the third goes on giving way.
    decide_for(project, among(shared_objects(project), [], [2]), "ann", who="lea")
    assert {record.id for record in project.instances() if record.image_id == 1} == {1}
    assert {one.why for one in project.left_out()} == {"ann's label of this object stands"}


def test_of_two_labels_that_give_way_to_a_third_is_known_whose_that_is(project: Project) -> None:
    decide_for(project, shared_objects(project), "cid", who="lea")
    of_first = {
        (one.first, one.second): (pair.stands, pair.third)
        for one in agreements(project)
        for pair in one.pairs
        if pair.image_id == 1
    }
    assert of_first == {
        ("ann", "bob"): (None, "cid"),
        ("ann", "cid"): (3, ""),
        ("bob", "cid"): (3, ""),
    }


def test_overlapping_objects_of_three_people_are_two_everywhere(tmp_path: Path) -> None:
    """Although bob's and cid's nearest labels are of two objects, by both of ann's."""
    scheme = Scheme("bar", ("start", "middle", "end"), normaliser=(0, 2))
    beside = {"ann": (0, 10), "bob": (4, 12), "cid": (-2, 6)}
    with Project.create(tmp_path / "near", scheme) as project:
        image = project.add_image(tmp_path / "0.png", ImageFacts(60, 40, "0"))
        for who, places in beside.items():
            for y in places:
                shape = Shape(POINTS + np.array([0.0, y]))
                project.add_instance(image.id, Box(30, 20, 50, 50), shape=shape, who=who)
        crossed = {pair.ids for one in agreements(project) for pair in one.pairs}
        assert {(3, 6), (4, 5)} <= crossed  # bob's and cid's
        told = [
            sorted({i for p in one for i in p.pair.ids})
            for one in by_object(shared_objects(project))
        ]
        assert sorted(told) == [[1, 3, 5], [2, 4, 6]]
        assert overview(project.folder).objects == 2
        sheet = data_sheet.agreement(project, project.instances())
        assert sheet is not None
        assert (sheet["objects"], sheet["pairs_of_labels"]) == (2, 6)
        assert sheet["mean_percent"] == pytest.approx(100 * (2 + 4 + 2 + 4 + 2 + 14) / 6 / 40)
        decide_for(project, shared_objects(project), "ann", who="lea")
        assert [record.id for record in project.instances()] == [1, 2]
