"""What the database adds up is what adding up entry by entry gives."""

import math
from collections import defaultdict
from datetime import UTC, datetime, timedelta, timezone

import kites
import numpy as np
import pytest

from landmark_annotator.projects.budgets.ledger import ledger
from landmark_annotator.projects.store import ActionKind, InstanceState, Project
from landmark_annotator.projects.store.journal import spending
from landmark_annotator.projects.vocabulary import Box

CLICKS = (ActionKind.CLICK, ActionKind.CONFIRM)
FENCES = {("ada", ActionKind.CLICK): 3.0, ("bob", ActionKind.ACCEPT): math.inf}
MONTH = datetime(2025, 3, 1, tzinfo=UTC)


@pytest.fixture
def year(project: Project) -> Project:
    """Clicks and acceptances of two people, some of them undone, over some days; pauses in them;
    accepted instances, begun ones, one left out, untouched ones."""
    random = np.random.default_rng(5)
    ids = []
    for number in range(14):
        image = project.add_image(project.folder / f"{number}.png", kites.Facts(f"hash {number}"))
        ids.append(project.add_instance(image.id, Box(20, 20, 30, 30), who="eve", at=MONTH).id)
    for step in range(60):
        place, who = int(random.integers(12)), ("ada", "bob")[int(random.integers(2))]
        i = ids[place]
        at = MONTH + timedelta(hours=step * 9.3)
        seconds = [None, *random.gamma(2.0, 2.0, 5)][int(random.integers(6))]
        if place < 7 and random.random() < 0.4:
            project.accept(i, kites.ACCEPTED, who=who, duration=seconds, at=at)
            continue
        proposed = (3.0, 4.0) if random.random() < 0.6 else None
        landmark = int(random.integers(len(kites.SCHEME)))
        project.place(i, landmark, (1, 2), who=who, duration=seconds, proposed=proposed, at=at)
        if random.random() < 0.1:
            project.undo(who)
    for i in ids[12:]:
        project.set_box(i, Box(21, 21, 30, 30), who="bob")
    project.exclude(instances=[ids[3]], why="dark", who="eve")
    return project


def counted(entry) -> float:
    return min(entry.duration or 0.0, FENCES.get((entry.who, entry.kind), math.inf))


def on_each(project: Project) -> dict[int, tuple[float, ...]]:
    """Clicks, seconds, clicks by hand; those that were finished last come last."""
    found: defaultdict[int, np.ndarray] = defaultdict(lambda: np.zeros(3))
    for one in project.work_done():
        if one.instance_id is not None:
            click = one.kind in CLICKS
            found[one.instance_id] += (click, counted(one), click and one.by_hand)
            if one.kind.accepts:
                found[one.instance_id] = found.pop(one.instance_id)
    return {i: tuple(row) for i, row in found.items()}


def rows(spent) -> list[tuple[float, ...]]:
    return [(one.clicks, one.seconds, one.by_hand) for one in spent for _ in range(one.instances)]


def test_by_instance(year: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spending, "_FIRST_PAGE", 2)
    plain, now = on_each(year), {r.id: r.state for r in year.instances()}
    ended = {one.instance_id for one in year.work_done() if one.kind.accepts}
    finished = [
        row for i, row in plain.items() if i in ended and now.get(i) is InstanceState.ACCEPTED
    ]
    waiting = [row for i, row in plain.items() if i in now and now[i] is not InstanceState.ACCEPTED]
    assert len(finished) > 2
    assert len(waiting) > 2
    assert np.allclose(rows(year.spent_on_finished(FENCES)), finished[::-1])
    assert np.allclose(sorted(rows(year.spent_on_waiting(FENCES))), sorted(waiting))


def test_by_person_and_day_of_a_zone_with_quarters(year: Project) -> None:
    zone = timezone(timedelta(hours=5, minutes=45))
    plain: defaultdict[tuple, np.ndarray] = defaultdict(lambda: np.zeros(3))
    for one in year.work_done():
        seconds, click = one.duration or 0.0, one.kind in CLICKS
        if click or seconds or one.kind.accepts:
            day = one.at.astimezone(zone).date()
            plain[day, one.who] += (click, seconds, one.kind.accepts)
    found = ledger(year, zone).efforts
    assert [(e.day, e.who) for e in found] == sorted(plain)
    assert np.allclose(
        [(e.clicks, e.seconds, e.accepted) for e in found], [plain[day] for day in sorted(plain)]
    )
    seconds = sum(effort.seconds for effort in found)
    fenced = sum(one.seconds for one in year.spent_by_time(FENCES))
    assert fenced == pytest.approx(sum(counted(one) for one in year.work_done()))
    assert fenced < seconds


def test_instances_alike_are_one_row(year: Project) -> None:
    assert [one.instances for one in year.spent_on_waiting({}) if not one.clicks] == [2]
