"""How many questions a gesture asks the database: on a server each is a way there and back."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import kites
import numpy as np
import pytest

from landmark_annotator.annotator.session.labelling.images_in_hands import ImagesInHands
from landmark_annotator.annotator.session.review.others_done import OthersDone
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Assignment, InstanceRecord, InstanceState, Project
from landmark_annotator.projects.store.people.roles import Role
from landmark_annotator.projects.vocabulary import SchemeChange, Shape
from tests.statements import statements_asked, ways_to_the_server

HERE, THERE = (1.0, 2.0), (3.0, 4.0)


@pytest.fixture
def begun(project: Project, kite: InstanceRecord) -> InstanceRecord:
    """With one landmark, for the first click also says that the instance is begun."""
    project.place(kite.id, kites.TOP, HERE, who="ada")
    return kite


def test_a_click_is_few_statements(project: Project, begun: InstanceRecord) -> None:
    seen = project.revision(begun.id)
    with statements_asked() as said:
        project.place(begun.id, kites.LEFT, HERE, who="ada", seen=seen)
    # Begin, scheme, circumstances, landmarks, the new row, the journal, commit.
    assert len(said) <= 7, "\n".join(said)


def test_moving_a_landmark_is_one_more(project: Project, begun: InstanceRecord) -> None:
    seen = project.revision(begun.id)
    with statements_asked() as said:
        project.place(begun.id, kites.TOP, THERE, who="ada", seen=seen)
    assert len(said) <= 8, "\n".join(said)


def test_accepting_is_few_statements(project: Project, begun: InstanceRecord) -> None:
    project.add_instance(begun.image_id, kites.BOX, shape=kites.ACCEPTED, who="ada")
    seen = project.revision(begun.id)
    with statements_asked() as said:
        project.accept(begun.id, kites.ACCEPTED, who="ada", seen=seen)
    # One of them asks whether it is the first with a box of its own, see `predicted_errors`.
    assert len(said) <= 10, "\n".join(said)


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return ways_to_the_server(monkeypatch)


@pytest.mark.parametrize("project", ["postgresql"], indirect=True)
def test_a_click_on_a_server_is_few_ways_there_and_back(
    project: Project, begun: InstanceRecord, ways: list[str]
) -> None:
    seen = project.revision(begun.id)
    ways.clear()
    project.place(begun.id, kites.LEFT, HERE, who="ada", seen=seen)
    # Begin with scheme and lock, circumstances, landmarks, the new row, the journal, commit.
    assert len(ways) <= 6, "\n".join(ways)


@pytest.mark.parametrize("project", ["postgresql"], indirect=True)
def test_where_a_server_has_people_the_lease_is_one_more(
    project: Project, begun: InstanceRecord, ways: list[str]
) -> None:
    project.set_person("owner", Role.LEAD, who="owner")
    project.place(begun.id, kites.RIGHT, HERE, who="owner")
    seen = project.revision(begun.id)
    ways.clear()
    project.place(begun.id, kites.LEFT, HERE, who="owner", seen=seen)
    assert len(ways) <= 7, "\n".join(ways)


@pytest.mark.parametrize("project", ["postgresql"], indirect=True)
def test_where_two_people_label_an_object_the_question_of_what_is_hidden_is_one_more(
    project: Project, begun: InstanceRecord, ways: list[str]
) -> None:
    project.set_person("owner", Role.LEAD, who="owner")
    second = project.add_instance(begun.image_id, kites.BOX, second_opinion_on=begun.id, who="ada")
    project.place(second.id, kites.RIGHT, HERE, who="owner")
    seen = project.revision(second.id)
    ways.clear()
    project.place(second.id, kites.LEFT, HERE, who="owner", seen=seen)
    assert len(ways) <= 8, "\n".join(ways)
    ways.clear()
    project.to_label(second.id, who="owner")
    # The instance and its image, landmarks, what is hidden.
    assert len(ways) <= 3, "\n".join(ways)


@pytest.mark.parametrize("project", ["postgresql"], indirect=True)
def test_once_both_have_labelled_it_nothing_is_asked_of_that(
    project: Project, begun: InstanceRecord, ways: list[str]
) -> None:
    second = project.add_instance(
        begun.image_id, kites.BOX, shape=kites.ACCEPTED, second_opinion_on=begun.id, who="bob"
    )
    project.accept(begun.id, kites.ACCEPTED, who="ada")
    project.set_person("owner", Role.LEAD, who="owner")
    ways.clear()
    assert not project.to_label(second.id, who="owner").hidden
    assert len(ways) <= 2, "\n".join(ways)


@pytest.mark.parametrize("project", ["postgresql"], indirect=True)
def test_going_on_takes_the_next_image_once_and_gives_the_last_one_back(
    project: Project, begun: InstanceRecord, ways: list[str], tmp_path: Path
) -> None:
    project.set_person("owner", Role.LEAD, who="owner")
    beside = project.add_image(tmp_path / "beside.png", ImageFacts(100, 80, "beside"))
    other = project.add_instance(beside.id, kites.BOX, who="owner")
    hands = ImagesInHands(project, "owner")
    hands.take([begun.image_id])
    ways.clear()
    assert hands.next_after(begun.id) == other.id
    # Begin with scheme and lock, place with whether one is listed, what is offered, the lease as it
    # is, the lease, commit.
    assert len(ways) <= 6, "\n".join(ways)
    ways.clear()
    assert hands.take([beside.id]) == []
    # The lease that goes.
    assert len(ways) <= 1, "\n".join(ways)
    assert [lease.image_id for lease in project.leases()] == [beside.id]
    ways.clear()
    hands.take([begun.image_id])
    # Begin with scheme and lock, the lease that goes, the other one as it is, that, commit.
    assert len(ways) <= 5, "\n".join(ways)
    assert [lease.image_id for lease in project.leases()] == [begun.image_id]


@pytest.mark.parametrize("project", ["postgresql"], indirect=True)
@pytest.mark.parametrize("many", [2, 9])
def test_many_images_are_taken_in_as_few_ways_as_two(
    project: Project, begun: InstanceRecord, ways: list[str], tmp_path: Path, many: int
) -> None:
    project.set_person("owner", Role.LEAD, who="owner")
    facts = [ImageFacts(100, 80, str(number)) for number in range(many)]
    images = {project.add_image(tmp_path / f"{f.sha256}.png", f).id for f in facts}
    # Who takes part; begin with scheme and lock, the leases as they are, the new ones, commit.
    for _ in ("new", "taken again"):
        ways.clear()
        assert {lease.image_id for lease in project.take_images(images, who="owner")} == images
        assert len(ways) <= 5, "\n".join(ways)


@pytest.mark.parametrize("project", ["postgresql"], indirect=True)
def test_a_proposal_is_stored_in_four_ways(
    project: Project, begun: InstanceRecord, ways: list[str]
) -> None:
    points, spread = kites.ACCEPTED.points, np.tile(np.eye(2), (len(project.scheme), 1, 1))
    for error in (2.0, 3.0):
        ways.clear()
        project.store_proposal(
            begun.id, points, spread, predicted_error=error, model="prior", own=True
        )
        # Begin with scheme and lock, the proposal in the place of the last, its error, commit.
        assert len(ways) <= 4, "\n".join(ways)
    [stored] = project.proposals(begun.id)
    assert stored.predicted_error == project.instance(begun.id).predicted_error == 3.0


@pytest.mark.parametrize("project", ["postgresql"], indirect=True)
def test_what_is_expected_holds_after_a_change_of_the_scheme(
    project: Project, begun: InstanceRecord
) -> None:
    """A transaction that knows of one scheme alone must not go on knowing that."""
    points, spread = kites.ACCEPTED.points, np.tile(np.eye(2), (len(project.scheme), 1, 1))
    given: dict[str, Any] = {"predicted_error": 3.0, "model": "prior", "own": True}
    project.store_proposal(begun.id, points, spread, **given)
    renamed = replace(project.scheme, normaliser=(kites.TOP, kites.LEFT))
    project.change_scheme(SchemeChange.to(project.scheme, renamed), who="ada")
    assert project.instance(begun.id).predicted_error is None
    project.undo("ada")
    assert project.instance(begun.id).predicted_error == 3.0
    project.redo("ada")
    project.store_proposal(begun.id, points, spread, **given)
    assert project.instance(begun.id).predicted_error == 3.0


@pytest.mark.parametrize("project", ["postgresql"], indirect=True)
@pytest.mark.parametrize("turn", ["undo", "redo"])
def test_a_click_is_turned_back_in_few_ways(
    project: Project, begun: InstanceRecord, ways: list[str], turn: str
) -> None:
    project.place(begun.id, kites.LEFT, HERE, who="ada")
    if turn == "redo":
        project.undo("ada")
    ways.clear()
    assert getattr(project, turn)("ada") is not None
    # What is last; begin with scheme and lock, the role, what is last, its change, the instance,
    # its landmarks, the row, the journal, commit.
    assert len(ways) <= 10, "\n".join(ways)


@pytest.mark.parametrize("project", ["postgresql"], indirect=True)
@pytest.mark.parametrize("turn", ["undo", "redo"])
def test_many_that_were_left_out_are_turned_back_in_as_few_ways_as_two(
    project: Project, begun: InstanceRecord, ways: list[str], turn: str
) -> None:
    asked = []
    for many in (2, 9):
        more = [project.add_instance(begun.image_id, kites.BOX, who="ada").id for _ in range(many)]
        project.exclude(instances=more, why="blurred", who="ada")
        if turn == "redo":
            project.undo("ada")
        ways.clear()
        assert getattr(project, turn)("ada") is not None
        asked.append(len(ways))
    assert asked[0] == asked[1], "\n".join(ways)


@pytest.mark.parametrize("project", ["postgresql"], indirect=True)
@pytest.mark.parametrize("people", [False, True])
def test_sixty_are_accepted_together_in_as_few_ways_as_two(
    project: Project, begun: InstanceRecord, ways: list[str], tmp_path: Path, people: bool
) -> None:
    if people:
        project.set_person("owner", Role.LEAD, who="owner")
    for many in (2, 60):
        shapes = {}
        for number in range(many):
            facts = ImageFacts(100, 80, f"{many} {number}")
            image = project.add_image(tmp_path / f"{many}_{number}.png", facts)
            added = project.add_instance(image.id, kites.BOX, who="owner")
            shapes[added.id] = kites.ACCEPTED
        ways.clear()
        project.accept_sheet(shapes, who="owner")
        # Begin with scheme and lock, the instances held, their circumstances, their landmarks,
        # whether one has a box of its own and what was expected until then, the new rows, the
        # instances, the journal, commit.
        assert len(ways) <= 10, "\n".join(ways)


@pytest.mark.parametrize("project", ["postgresql"], indirect=True)
@pytest.mark.parametrize("turn", ["undo", "redo"])
def test_many_that_were_accepted_are_turned_back_in_as_few_ways_as_two(
    project: Project, begun: InstanceRecord, ways: list[str], turn: str
) -> None:
    asked = []
    for many in (2, 30):
        more = [project.add_instance(begun.image_id, kites.BOX, who="ada").id for _ in range(many)]
        project.accept_sheet(dict.fromkeys(more, kites.ACCEPTED), who="ada")
        project.flag_all(dict.fromkeys(more, "is it?"), who="ada")
        if turn == "redo":
            project.undo("ada")
            project.undo("ada")
        ways.clear()
        assert getattr(project, turn)("ada") is not None
        asked.append(len(ways))
    # What was done last is looked up in two portions of a journal that is longer.
    assert asked[1] <= asked[0] + 2, "\n".join(ways)


@pytest.mark.parametrize("project", ["postgresql"], indirect=True)
def test_second_opinions_on_many_are_asked_for_in_as_few_ways_as_on_two(
    project: Project, begun: InstanceRecord, ways: list[str], tmp_path: Path
) -> None:
    project.set_person("owner", Role.LEAD, who="owner")
    project.set_assignment(Assignment(twice=1.0), who="owner")
    asked, there = [], len(project.instances())
    for many in (2, 2, 9):
        shapes = {}
        for number in range(many):
            facts = ImageFacts(100, 80, f"{len(asked)} {number}")
            image = project.add_image(tmp_path / f"{len(asked)}_{number}.png", facts)
            shapes[project.add_instance(image.id, kites.BOX, who="owner").id] = kites.ACCEPTED
        there += 2 * many
        ways.clear()
        project.accept_sheet(shapes, who="owner")
        asked.append(len(ways))
        assert len(project.instances()) == there
    assert asked[1] == asked[2], "\n".join(ways)


@pytest.mark.parametrize("project", ["postgresql"], indirect=True)
def test_many_that_are_left_out_or_reopened_are_as_few_ways_as_two(
    project: Project, begun: InstanceRecord, ways: list[str]
) -> None:
    left_out, reopened = [], []
    for number, many in enumerate((2, 9)):
        more = [project.add_instance(begun.image_id, kites.BOX, who="ada").id for _ in range(many)]
        ways.clear()
        assert len(project.exclude(instances=more, why="blurred", who="ada")) == many
        left_out.append(len(ways))
        accepted = Shape(np.arange(2.0 * len(project.scheme)).reshape(-1, 2))
        project.restore(instances=more, who="ada")
        project.accept_sheet(dict.fromkeys(more, accepted), who="ada")
        change = SchemeChange.none(project.scheme).add(f"knot {number}")
        ways.clear()
        project.change_scheme(change, who="ada")
        reopened.append(len(ways))
        states = [project.instance(i).state for i in more]
        assert set(states) == {InstanceState.STARTED}
    assert left_out[0] == left_out[1], "\n".join(ways)
    assert reopened[0] == reopened[1], "\n".join(ways)


@pytest.mark.parametrize("project", ["postgresql"], indirect=True)
def test_what_others_do_is_looked_up_in_one_way_there_and_back(
    project: Project, begun: InstanceRecord, ways: list[str]
) -> None:
    project.set_person("owner", Role.LEAD, who="owner")
    done = OthersDone(project, "owner")
    project.place(begun.id, kites.LEFT, HERE, who="owner")
    ways.clear()
    assert [lease.who for lease in done.look().leases] == ["owner"]
    assert len(ways) == 1


@pytest.mark.parametrize("project", ["postgresql"], indirect=True)
def test_what_is_hidden_from_a_person_is_one_question(
    project: Project, begun: InstanceRecord, ways: list[str]
) -> None:
    project.add_instance(begun.image_id, kites.BOX, second_opinion_on=begun.id, who="ada")
    assert project.hidden_from("owner") == frozenset()  # everybody's
    project.set_person("owner", Role.LEAD, who="owner")
    ways.clear()
    assert project.hidden_from("owner") == {begun.id}
    assert len(ways) == 1


@pytest.mark.parametrize("project", ["postgresql"], indirect=True)
def test_the_server_compiles_no_question(project: Project, ways: list[str]) -> None:
    """Row-level security makes small questions look large, and each took more than a second."""
    driver: Any = project._reading.connection.dbapi_connection
    assert driver.execute("SHOW jit").fetchone() == ("off",)


def test_whoever_acts_is_told_what_the_entry_follows(
    project: Project, begun: InstanceRecord
) -> None:
    seen = project.revision(begun.id)
    own = project.place(begun.id, kites.LEFT, HERE, who="ada", seen=seen)
    assert own.previous == seen
    assert own.follows(seen)
    later = project.place(begun.id, kites.RIGHT, HERE, who="bob", seen=seen)
    assert not later.follows(seen)
