"""Leases of a shared project, among people whose own clocks are wrong."""

from datetime import UTC, datetime, timedelta

import kites
import pytest

from landmark_annotator.projects.store import Assignment, InstanceRecord, Project, Role
from landmark_annotator.projects.store.people import leases

pytestmark = pytest.mark.parametrize("project", ["postgresql"], indirect=True)


@pytest.fixture
def team(project: Project, kite: InstanceRecord) -> Project:
    for name, role in (("ada", Role.LEAD), ("ann", Role.ANNOTATOR), ("bob", Role.ANNOTATOR)):
        project.set_person(name, role, who="ada")
    return project


@pytest.fixture
def _wrong(monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    """This machine's clock, by so many hours."""
    then = datetime.now(UTC) + timedelta(hours=hours)
    monkeypatch.setattr(leases, "now", lambda: then)


@pytest.mark.usefixtures("_wrong")
@pytest.mark.parametrize("hours", [-9.0, 9.0])
def test_a_wrong_clock_neither_takes_an_image_nor_keeps_it_for_ever(
    team: Project, kite: InstanceRecord
) -> None:
    [lease] = team.take_images([kite.image_id], who="ann")
    assert abs(lease.until - datetime.now(UTC)) < timedelta(minutes=11)
    assert lease.until - lease.since == pytest.approx(timedelta(minutes=10), abs=timedelta(0, 9))
    assert [one.who for one in team.leases()] == ["ann"]
    assert team.take_next(None, who="bob") is None
    assert [one.who for one in team.take_images([kite.image_id], who="bob")] == ["ann"]


def test_a_lease_runs_out_by_the_servers_clock(team: Project, kite: InstanceRecord) -> None:
    team.set_assignment(Assignment(lease_seconds=1e-6), who="ada")
    team.place(kite.id, kites.TOP, (1, 2), who="ann")
    assert team.leases() == []
    assert [one.who for one in team.take_images([kite.image_id], who="bob")] == ["bob"]
