"""Masks of regions in a project: drawn, taken back, proposed, accepted, and whose they are."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import kites
import numpy as np
import pytest

from landmark_annotator.projects.store import (
    ActionKind,
    ImageRecord,
    InstanceRecord,
    InstanceState,
    Project,
    Role,
)
from landmark_annotator.projects.store.journal.replay import differences
from landmark_annotator.projects.vocabulary import (
    Mask,
    MaskProvenance,
    Region,
    RegionMask,
    SchemeChange,
)
from landmark_annotator.projects.vocabulary.errors import Conflict, NotAllowed, SchemeError

CLOTH, FRAME, BOW = Region("cloth"), Region("frame"), Region("bow", overlaps=True)
LEFT, RIGHT, MIDDLE = (
    Mask.of(np.ones((10, width), dtype=bool), left, 20)
    for left, width in ((10, 20), (30, 20), (20, 20))
)


@pytest.fixture
def sewn(project: Project, kite: InstanceRecord) -> InstanceRecord:
    """An instance in a project with regions."""
    after = replace(project.scheme, regions=(CLOTH, FRAME, BOW))
    project.change_scheme(SchemeChange.to(project.scheme, after), who="ada")
    return kite


def draw(project: Project, kite: InstanceRecord, who: str = "ada", **masks: Mask | None) -> None:
    given = {name: mask if mask is None else RegionMask(mask) for name, mask in masks.items()}
    project.set_masks(kite.id, given, title="stroke", who=who)


def drawn(project: Project, kite: InstanceRecord) -> dict[str, Mask]:
    return {name: found.mask for name, found in project.masks(kite.id).items()}


def test_a_mask_is_there_until_it_is_undone_and_again_when_redone(
    project: Project, sewn: InstanceRecord
) -> None:
    draw(project, sewn, cloth=LEFT)
    draw(project, sewn, cloth=LEFT | MIDDLE)
    assert project.instance(sewn.id).state is InstanceState.STARTED

    project.undo("ada")
    assert drawn(project, sewn) == {"cloth": LEFT}
    project.undo("ada")
    assert drawn(project, sewn) == {}
    assert project.instance(sewn.id).state is InstanceState.UNTOUCHED
    project.redo("ada")
    project.redo("ada")
    assert drawn(project, sewn) == {"cloth": LEFT | MIDDLE}


def test_what_a_region_is_given_others_lose_but_for_those_that_overlap(
    project: Project, sewn: InstanceRecord
) -> None:
    draw(project, sewn, cloth=LEFT, bow=LEFT)
    draw(project, sewn, frame=MIDDLE)

    assert drawn(project, sewn) == {"cloth": LEFT - MIDDLE, "frame": MIDDLE, "bow": LEFT}
    project.undo("ada")
    assert drawn(project, sewn) == {"cloth": LEFT, "bow": LEFT}


def test_an_empty_mask_says_something_and_none_takes_it_back(
    project: Project, sewn: InstanceRecord
) -> None:
    draw(project, sewn, bow=Mask())
    assert drawn(project, sewn) == {"bow": Mask()}
    draw(project, sewn, bow=None)
    assert drawn(project, sewn) == {}


def test_a_region_that_is_not_there_is_refused(project: Project, sewn: InstanceRecord) -> None:
    with pytest.raises(SchemeError, match=r'no region "clot".* Did you mean "cloth"'):
        draw(project, sewn, clot=LEFT)


def test_a_stroke_on_an_older_state_of_the_mask_is_refused_and_kept_beside(
    project: Project, sewn: InstanceRecord
) -> None:
    seen = project.revision(sewn.id)
    draw(project, sewn, "bob", cloth=LEFT)
    # What goes with it is stored: another landmark, another region that overlaps.
    project.place(sewn.id, kites.TAIL, (50.0, 79.0), who="ada", seen=seen)
    bow = {"bow": RegionMask(RIGHT)}
    project.set_masks(sewn.id, bow, title="bow", who="ada", seen=seen)

    frame = {"frame": RegionMask(RIGHT)}
    with pytest.raises(Conflict):
        project.set_masks(sewn.id, frame, title="frame", who="ada", seen=seen)
    assert drawn(project, sewn) == {"cloth": LEFT, "bow": RIGHT}


def test_accepting_takes_what_was_proposed_where_nobody_has_drawn(
    project: Project, sewn: InstanceRecord
) -> None:
    draw(project, sewn, frame=MIDDLE)
    proposed = {"cloth": LEFT, "frame": RIGHT}
    project.store_mask_proposal(sewn.id, proposed, model="parser")
    assert drawn(project, sewn) == {"frame": MIDDLE}

    found = project.mask_proposal(sewn.id)
    assert found is not None
    assert found.masks == proposed
    project.accept(sewn.id, kites.ACCEPTED, who="ada", masks=found.masks)

    assert project.masks(sewn.id) == {
        "cloth": RegionMask(LEFT - MIDDLE, MaskProvenance.ACCEPTED),
        "frame": RegionMask(MIDDLE, MaskProvenance.DRAWN),
    }
    project.undo("ada")
    assert drawn(project, sewn) == {"frame": MIDDLE}


def test_masks_stay_at_their_region_when_it_is_renamed_and_hidden_when_it_goes(
    project: Project, sewn: InstanceRecord
) -> None:
    draw(project, sewn, cloth=LEFT, bow=RIGHT)
    change = SchemeChange.none(project.scheme).set_region(0, Region("silk")).remove_region(2)
    project.change_scheme(change.add_region(Region("string")), who="ada")

    assert drawn(project, sewn) == {"silk": LEFT}
    assert project.mask_counts() == {"silk": 1, "frame": 0, "string": 0}
    draw(project, sewn, string=MIDDLE)
    project.undo("ada")
    project.undo("ada")
    assert drawn(project, sewn) == {"cloth": LEFT, "bow": RIGHT}


def test_the_journal_knows_what_was_drawn_and_what_was_not(
    project: Project, sewn: InstanceRecord, add_image: Callable[[str], ImageRecord]
) -> None:
    masks = {"cloth": RegionMask(LEFT, MaskProvenance.IMPORTED)}
    brought = project.add_instance(add_image("b.png").id, None, masks=masks, who="ada")
    draw(project, brought, cloth=MIDDLE)
    draw(project, sewn, cloth=LEFT)
    project.undo("ada")
    draw(project, sewn, cloth=RIGHT)
    assert not list(differences(project._reading))
    assert drawn(project, brought) == {"cloth": MIDDLE}

    with project.transaction() as connection:
        about = {"instance_id": sewn.id, "runs": MIDDLE.to_bytes()}
        connection.exec_driver_sql(_spoiling(project, about), tuple(about.values())[::-1])
    [found] = differences(project._reading)
    assert found.instance_id == sewn.id
    assert found.told is not None
    assert [row.mask for row in found.told.masks.values()] == [RIGHT]


def _spoiling(project: Project, about: dict[str, object]) -> str:
    mark = "%s" if project.shared else "?"
    return f"UPDATE masks SET runs = {mark} WHERE instance_id = {mark}"  # noqa: S608


def test_a_stroke_costs_the_journal_no_more_than_itself(
    project: Project, sewn: InstanceRecord
) -> None:
    rows = np.arange(4000)
    left = 1000 + (rows * 7919) % 97  # a border that is like no other
    large = Mask(np.column_stack([rows, left, left + 3000]))
    draw(project, sewn, cloth=large)
    draw(project, sewn, cloth=large | Mask.of(np.ones((30, 30), dtype=bool), 10, 10))

    if project.shared:
        return
    with closing(sqlite3.connect(project.folder / "project.db")) as connection:
        query = "SELECT length(changes) FROM journal WHERE kind = 'mask' ORDER BY id"
        sizes = [size for (size,) in connection.execute(query)]
    assert sizes[1] < 600


def test_an_annotator_changes_own_masks_only(project: Project, sewn: InstanceRecord) -> None:
    draw(project, sewn, "ann", cloth=LEFT)
    for name, role in (("ada", Role.LEAD), ("ann", Role.ANNOTATOR), ("bob", Role.ANNOTATOR)):
        if not project.shared:
            project.set_person(name, role, who="ada")
    if project.shared:
        return  # logins: see the tests of what a server refuses
    with pytest.raises(NotAllowed, match="ann's"):
        draw(project, sewn, "bob", frame=MIDDLE)
    draw(project, sewn, "bob", frame=RIGHT)

    assert drawn(project, sewn) == {"cloth": LEFT, "frame": RIGHT}


def test_what_was_done_is_told_as_it_was_called(project: Project, sewn: InstanceRecord) -> None:
    draw(project, sewn, cloth=LEFT)
    [entry] = [entry for entry in project.journal(sewn.id) if entry.kind is ActionKind.MASK]

    assert (entry.title, entry.who) == ("stroke", "ada")
    assert project.spend("ada").clicks == 0
