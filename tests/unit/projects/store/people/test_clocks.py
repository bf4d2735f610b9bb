"""Leases of a shared project, among people whose own clocks are wrong."""

from datetime import UTC, datetime, timedelta, tzinfo

import kites
import numpy as np
import pytest

from landmark_annotator.projects.store import Assignment, InstanceRecord, Project, Role
from landmark_annotator.projects.store.engine import clock as engine_clock
from landmark_annotator.projects.store.journal import acting, entries, undo
from landmark_annotator.projects.store.people import leases
from landmark_annotator.projects.store.rows import own_proposals, proposals

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


class _Late(datetime):
    """A clock that is nine hours fast."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime.now(tz) + timedelta(hours=9)


def test_what_is_done_and_proposed_has_the_time_of_the_server(
    team: Project, kite: InstanceRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (acting, entries, undo, proposals, own_proposals, engine_clock):
        monkeypatch.setattr(module, "datetime", _Late, raising=False)
    covariances = np.tile(np.eye(2), (len(kites.SCHEME), 1, 1))
    team.store_proposal(
        kite.id, kites.ACCEPTED.points, covariances, predicted_error=1.0, model="m", own=True
    )
    team.place(kite.id, kites.TOP, (1, 2), who="ann")
    team.undo("ann")
    told = [entry.at for entry in team.journal(kite.id)]
    stored = team.proposal(kite.id)
    assert stored is not None
    assert len(told) == 2
    for at in (*told, stored.at, team.now):
        assert abs(at - datetime.now(UTC)) < timedelta(minutes=2)


def test_a_lease_runs_out_by_the_servers_clock(team: Project, kite: InstanceRecord) -> None:
    team.set_assignment(Assignment(lease_seconds=1e-6), who="ada")
    team.place(kite.id, kites.TOP, (1, 2), who="ann")
    assert team.leases() == []
    assert [one.who for one in team.take_images([kite.image_id], who="bob")] == ["bob"]
