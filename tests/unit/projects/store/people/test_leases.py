"""Who has which image in hands: one person at most, and what comes late is kept."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import kites
import numpy as np
import pytest

from landmark_annotator.projects.store import (
    ActionKind,
    Assignment,
    ImageRecord,
    InstanceRecord,
    Project,
    Role,
)
from landmark_annotator.projects.store.people import leases
from landmark_annotator.projects.vocabulary import Provenance
from landmark_annotator.projects.vocabulary.errors import Conflict, NotAllowed, ProjectError

HERE, THERE = (1.0, 2.0), (3.0, 4.0)


@pytest.fixture
def team(project: Project) -> Project:
    for name, role in (("ada", Role.LEAD), ("ann", Role.ANNOTATOR), ("bob", Role.ANNOTATOR)):
        project.set_person(name, role, who="ada")
    return project


@pytest.fixture
def three(team: Project, add_image: Callable[[str], ImageRecord]) -> list[InstanceRecord]:
    """An object in each of three images."""
    images = [add_image(f"kite{n}.png") for n in range(3)]
    return [team.add_instance(image.id, kites.BOX, who="ada") for image in images]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the clock of leases so many minutes after now."""

    def set_clock(minutes: float) -> None:
        then = datetime.now(UTC) + timedelta(minutes=minutes)
        monkeypatch.setattr(leases, "now", lambda: then)

    return set_clock


def holders(project: Project) -> dict[int, str]:
    return {lease.image_id: lease.who for lease in project.leases()}


def test_where_a_project_is_everybodys_nobody_has_anything_in_hands(
    project: Project, kite: InstanceRecord
) -> None:
    assert project.take_images([kite.image_id], who="ann") == []
    assert project.take_next(None, who="ann") == kite
    project.place(kite.id, kites.TOP, HERE, who="ann")
    assert project.leases() == []


def test_two_people_are_offered_different_images(
    team: Project, three: list[InstanceRecord]
) -> None:
    for who in ("ann", "bob", "ada"):
        team.take_next(None, who=who)
    assert holders(team) == {1: "ann", 2: "bob", 3: "ada"}


def test_to_the_last_nothing_is_offered_that_others_have(
    team: Project, three: list[InstanceRecord]
) -> None:
    team.take_images([1, 2, 3], who="ann")
    assert team.take_next(None, who="bob") is None
    team.give_back([2], who="ann")
    found = team.take_next(None, who="bob")
    assert found is not None
    assert found.image_id == 2


def test_one_does_not_give_back_what_another_has(
    team: Project, three: list[InstanceRecord]
) -> None:
    team.take_images([1], who="ann")
    team.give_back([1], who="bob")
    assert holders(team) == {1: "ann"}


def test_a_gesture_makes_a_lease_as_good_as_new(
    team: Project, three: list[InstanceRecord], later: Callable[[float], None]
) -> None:
    team.take_images([1], who="ann")
    later(9)
    team.place(1, kites.TOP, HERE, who="ann")
    later(18)
    assert holders(team) == {1: "ann"}
    later(20)
    assert holders(team) == {}


def test_an_expired_lease_passes_on(
    team: Project, three: list[InstanceRecord], later: Callable[[float], None]
) -> None:
    team.take_next(None, who="ann")
    later(11)
    found = team.take_next(None, who="bob")
    assert found is not None
    assert found.image_id == 1
    assert holders(team) == {1: "bob"}


def test_who_comes_back_late_goes_on_where_nobody_took_it(
    team: Project, three: list[InstanceRecord], later: Callable[[float], None]
) -> None:
    team.take_next(None, who="ann")
    later(11)
    team.place(1, kites.TOP, HERE, who="ann")
    assert team.shape(1).points[kites.TOP].tolist() == [*HERE]
    assert holders(team) == {1: "ann"}


def test_late_clicks_are_kept_as_their_authors_own_shape(
    team: Project, three: list[InstanceRecord], later: Callable[[float], None]
) -> None:
    team.take_next(None, who="ann")
    team.place(1, kites.TAIL, HERE, who="ann")
    later(11)
    team.take_next(3, who="bob")
    team.take_images([1], who="bob")
    for landmark, place in ((kites.TOP, HERE), (kites.LEFT, THERE)):
        with pytest.raises(Conflict, match="bob has this image now") as told:
            team.place(1, landmark, place, who="ann", seen=team.revision(1))
        assert "kept as your own version" in told.value.happened
    [kept] = team.kept_beside(1)
    shape = team.shape_kept(kept)
    assert kept.who == "ann"
    assert shape.points[kites.TOP].tolist() == [*HERE]
    assert shape.points[kites.LEFT].tolist() == [*THERE]
    assert shape.points[kites.TAIL].tolist() == [*HERE]
    assert np.flatnonzero(team.shape(1).known).tolist() == [kites.TAIL]
    assert [entry.kind for entry in team.journal(1)][-2:] == [ActionKind.REFUSED] * 2


def test_late_clicks_are_kept_where_their_author_accepts_the_shape_that_is_seen(
    team: Project, three: list[InstanceRecord]
) -> None:
    """The window shows the stored shape, without them."""
    team.take_images([1], who="bob")
    team.place(1, kites.TAIL, HERE, who="bob")
    with pytest.raises(Conflict):
        team.place(1, kites.TAIL, THERE, who="ann", seen=team.revision(1))
    with pytest.raises(Conflict, match="Your acceptance of the shape is kept as your own version"):
        team.accept(1, kites.ACCEPTED, who="ann", seen=team.revision(1))
    [kept] = team.kept_beside(1)
    shape = team.shape_kept(kept)
    assert shape.points[kites.TAIL].tolist() == [*THERE]
    assert shape.points[kites.TOP].tolist() == kites.ACCEPTED.points[kites.TOP].tolist()


def test_the_time_is_a_setting(
    team: Project, three: list[InstanceRecord], later: Callable[[float], None]
) -> None:
    team.set_assignment(Assignment(lease_seconds=60), who="ada")
    team.take_next(None, who="ann")
    later(2)
    assert holders(team) == {}


@pytest.mark.parametrize(("minutes", "still"), [(2, {}), (5, {1: "ann"}), (20, {1: "ann"})])
def test_the_time_goes_for_what_is_in_hands_already(
    team: Project,
    three: list[InstanceRecord],
    later: Callable[[float], None],
    minutes: float,
    still: dict[int, str],
) -> None:
    team.take_next(None, who="ann")
    later(3)
    team.set_assignment(Assignment(lease_seconds=60 * minutes), who="ada")
    assert holders(team) == still
    later(max(3, minutes - 0.5))
    assert holders(team) == still
    later(minutes + 0.5)
    assert holders(team) == {}


def test_the_setting_is_a_leads_and_has_to_be_a_time(team: Project) -> None:
    with pytest.raises(NotAllowed):
        team.set_assignment(Assignment(lease_seconds=60), who="ann")
    for bad in (0.0, float("nan"), float("inf"), 6e11):
        with pytest.raises(ProjectError, match="cannot stay"):
            team.set_assignment(Assignment(lease_seconds=bad), who="ada")
    assert team.assignment() == Assignment()


def test_a_year_is_a_time_and_no_time_is_too_long_for_the_calendar(
    team: Project, three: list[InstanceRecord]
) -> None:
    team.set_assignment(Assignment(lease_seconds=365 * 86400), who="ada")
    team.take_next(None, who="ann")
    assert holders(team) == {1: "ann"}
    assert Assignment(lease_seconds=1e15).lease < timedelta(days=400)


def test_what_others_have_begun_is_offered_last(team: Project, three: list[InstanceRecord]) -> None:
    team.place(1, kites.TOP, HERE, who="ann")
    team.give_back([1], who="ann")
    assert [r.id for r in team.offered("bob", limit=9)] == [2, 3, 1]
    assert [r.id for r in team.offered("ann", limit=9)] == [1, 2, 3]


def test_a_sheet_has_nothing_that_others_have(team: Project, three: list[InstanceRecord]) -> None:
    team.take_images([2], who="ann")
    assert [r.id for r in team.to_look_at(9, who="bob")] == [1, 3]


def test_an_image_that_somebody_had_can_be_removed(
    team: Project, three: list[InstanceRecord]
) -> None:
    team.take_images([2], who="ann")
    team.remove_image(2)
    assert holders(team) == {}


def test_one_of_two_shapes_is_chosen_and_the_choice_can_be_taken_back(
    team: Project, three: list[InstanceRecord], later: Callable[[float], None]
) -> None:
    inferred = kites.ACCEPTED.with_provenance(Provenance.INFERRED)
    team.take_images([1], who="bob")
    with pytest.raises(Conflict):
        team.accept(1, inferred, who="ann", seen=0)
    [kept] = team.kept_beside()
    with pytest.raises(NotAllowed, match="choose between two shapes"):
        team.choose_kept(kept.id, who="bob")
    team.choose_kept(kept.id, who="ada")
    assert team.shape(1).points == pytest.approx(kites.POINTS)
    assert set(team.placed_by(1).values()) == {"ann"}
    assert team.kept_beside() == []
    with pytest.raises(ProjectError, match="chosen between these two shapes already"):
        team.drop_kept(kept.id, who="ada")
    team.undo("ada")
    assert not team.shape(1).known.any()
    assert [again.id for again in team.kept_beside()] == [kept.id]
    team.drop_kept(kept.id, who="ada")
    assert team.kept_beside() == []


def test_a_conflict_of_two_windows_keeps_both_shapes(
    project: Project, kite: InstanceRecord
) -> None:
    project.place(kite.id, kites.TAIL, HERE, who="ann")
    seen = project.revision(kite.id)
    project.place(kite.id, kites.TOP, HERE, who="bob")
    project.clear(kite.id, kites.TAIL, who="bob")
    with pytest.raises(Conflict, match="bob has changed this shape meanwhile"):
        project.place(kite.id, kites.TOP, THERE, who="ann", seen=seen)
    [kept] = project.kept_beside(kite.id)
    points = project.shape_kept(kept).points
    # As ann saw it, with her click: without what bob did meanwhile.
    assert points[[kites.TOP, kites.TAIL]].tolist() == [[*THERE], [*HERE]]
    assert project.shape(kite.id).points[kites.TOP].tolist() == [*HERE]


def test_who_accepts_the_shape_as_it_is_needs_the_own_version_no_more(
    project: Project, kite: InstanceRecord
) -> None:
    seen = project.revision(kite.id)
    project.place(kite.id, kites.TOP, HERE, who="bob")
    with pytest.raises(Conflict):
        project.place(kite.id, kites.TOP, THERE, who="ann", seen=seen)
    project.accept(kite.id, kites.ACCEPTED, who="ann", seen=project.revision(kite.id))
    assert project.kept_beside() == []


def test_any_number_of_images_is_given_back_at_once(
    team: Project, three: list[InstanceRecord]
) -> None:
    team.take_images([three[0].image_id], who="ann")
    team.give_back(range(300_000), who="ann")
    assert team.leases() == []
