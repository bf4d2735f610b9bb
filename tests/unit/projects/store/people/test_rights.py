"""What each role may do to the labels of others, and what it may not."""

from collections.abc import Callable

import kites
import numpy as np
import pytest

from landmark_annotator.projects.store import (
    ImageRecord,
    InstanceRecord,
    InstanceState,
    Plan,
    Project,
    Role,
    Verdict,
)
from landmark_annotator.projects.store import fill_shapes as fill
from landmark_annotator.projects.vocabulary import Provenance, Visibility
from landmark_annotator.projects.vocabulary.errors import NotAllowed

ROLES = {"ada": Role.LEAD, "rev": Role.REVIEWER, "ann": Role.ANNOTATOR, "bob": Role.ANNOTATOR}
PLACE = (12.0, 13.0)


@pytest.fixture
def team(project: Project, kite: InstanceRecord) -> Project:
    """A project with a lead, a reviewer and two annotators."""
    for name, role in ROLES.items():
        project.set_person(name, role, who="ada")
    return project


Deed = Callable[[Project, int, str], object]
CHANGES: dict[str, Deed] = {
    "move": lambda p, i, who: p.place(i, kites.TOP, PLACE, who=who),
    "clear": lambda p, i, who: p.clear(i, kites.TOP, who=who),
    "hide": lambda p, i, who: p.set_visibility(i, kites.TOP, Visibility.OCCLUDED, who=who),
    "box": lambda p, i, who: p.set_box(i, kites.BOX.moved((1.0, 0.0)), who=who),
    "reshape": lambda p, i, who: p.reshape(i, kites.ACCEPTED, title="move", who=who),
    "exclude": lambda p, i, who: p.exclude(instances=[i], why="blurred", who=who),
    "exclude its image": lambda p, i, who: p.exclude(
        images=[p.instance(i).image_id], why="blurred", who=who
    ),
}


def go_on(project: Project, who: str) -> None:
    """The person leaves all images to others."""
    project.give_back([image.id for image in project.images(excluded=True)], who=who)


def state_of(project: Project, instance_id: int) -> object:
    shape = project.shape(instance_id)
    record = project.instance(instance_id)
    return (
        record,
        np.nan_to_num(shape.points, nan=-1.0).tolist(),
        shape.visibility.tolist(),
        shape.provenance,
    )


@pytest.mark.parametrize(
    ("change", "who"),
    [(c, "bob") for c in CHANGES] + [(c, "rev") for c in CHANGES if c != "exclude its image"],
)
def test_nobody_but_a_lead_changes_what_another_placed(
    team: Project, kite: InstanceRecord, change: str, who: str
) -> None:
    team.place(kite.id, kites.TOP, kites.POINTS[kites.TOP], who="ann")
    go_on(team, "ann")
    before = state_of(team, kite.id)
    with pytest.raises(NotAllowed, match="ann"):
        CHANGES[change](team, kite.id, who)
    assert state_of(team, kite.id) == before
    assert team.undoable(who) is None


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("who", ["ann", "ada"])
def test_whoever_placed_it_changes_it_and_so_does_a_lead(
    team: Project, kite: InstanceRecord, change: str, who: str
) -> None:
    team.place(kite.id, kites.TOP, kites.POINTS[kites.TOP], who="ann")
    go_on(team, "ann")
    CHANGES[change](team, kite.id, who)
    assert team.undoable(who) is not None


@pytest.mark.parametrize("change", CHANGES)
def test_an_accepted_shape_is_that_of_whoever_accepted_it(
    team: Project, kite: InstanceRecord, change: str
) -> None:
    inferred = kites.ACCEPTED.with_provenance(Provenance.INFERRED)
    team.accept(kite.id, inferred, who="ann")
    go_on(team, "ann")
    before = state_of(team, kite.id)
    with pytest.raises(NotAllowed, match="ann"):
        CHANGES[change](team, kite.id, "bob")
    assert state_of(team, kite.id) == before


def test_what_another_began_can_be_gone_on_with(team: Project, kite: InstanceRecord) -> None:
    team.place(kite.id, kites.TOP, kites.POINTS[kites.TOP], who="ann")
    go_on(team, "ann")
    team.place(kite.id, kites.TAIL, kites.POINTS[kites.TAIL], who="bob")
    go_on(team, "bob")
    marks = list(team.shape(kite.id).provenance)
    whole = kites.ACCEPTED.with_provenance(Provenance.INFERRED)
    shape = type(whole)(whole.points, team.shape(kite.id).visibility.clip(2), tuple(marks))
    team.accept(kite.id, shape, who="bob")
    go_on(team, "bob")
    assert team.placed_by(kite.id)[kites.TOP] == "ann"
    assert team.instance(kite.id).state is InstanceState.ACCEPTED


def test_what_a_model_put_there_is_nobodys(team: Project, kite: InstanceRecord) -> None:
    team.place(kite.id, kites.TAIL, kites.POINTS[kites.TAIL], who="bob")
    go_on(team, "bob")
    fill(team, {kite.id: kites.ACCEPTED}, who="ada")
    team.place(kite.id, kites.TOP, PLACE, who="bob")
    go_on(team, "bob")
    assert team.placed_by(kite.id)[kites.TOP] == "bob"


def test_a_reviewer_accepts_and_sends_back(team: Project, kite: InstanceRecord) -> None:
    team.accept(kite.id, kites.ACCEPTED, who="ann")
    go_on(team, "ann")
    team.review(kite.id, Verdict.ACCEPTED, who="rev")
    team.review(kite.id, Verdict.SENT_BACK, "the tail", who="rev")
    assert team.instance(kite.id).state is InstanceState.STARTED


@pytest.mark.parametrize("verdict", Verdict)
def test_an_annotator_gives_no_verdict(
    team: Project, kite: InstanceRecord, verdict: Verdict
) -> None:
    team.accept(kite.id, kites.ACCEPTED, who="ann")
    go_on(team, "ann")
    for who in ("ann", "bob"):
        with pytest.raises(NotAllowed, match="give verdicts"):
            team.review(kite.id, verdict, "why", who=who)
    assert team.reviews() == {}


def test_an_annotator_accepts_no_proposal_in_review(team: Project, kite: InstanceRecord) -> None:
    with pytest.raises(NotAllowed, match="give verdicts"):
        team.accept(kite.id, kites.ACCEPTED, who="bob", in_review=True)
    team.accept(kite.id, kites.ACCEPTED, who="rev", in_review=True)
    go_on(team, "rev")


def test_everybody_flags_what_another_made(team: Project, kite: InstanceRecord) -> None:
    team.accept(kite.id, kites.ACCEPTED, who="ann")
    go_on(team, "ann")
    team.flag(kite.id, "the tail", who="bob")
    assert team.flags()[kite.id].who == "bob"


@pytest.mark.parametrize("who", ["ann", "rev"])
def test_what_concerns_all_is_a_leads(team: Project, kite: InstanceRecord, who: str) -> None:
    deeds: list[Callable[[], object]] = [
        lambda: team.set_plan(Plan(clicks=3), who=who),
        lambda: team.set_pixel_size(0.1, who=who),
        lambda: team.set_pixel_size(0.1, images=[None, kite.image_id], who=who),
        lambda: team.keep_pixel_size(0.1, kite.image_id, who=who),
        lambda: fill(team, {kite.id: kites.ACCEPTED}, who=who),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowed, match=f"{who} is here as an? "):
            deed()


def test_who_is_not_in_the_list_changes_nothing(team: Project, kite: InstanceRecord) -> None:
    for change in CHANGES.values():
        with pytest.raises(NotAllowed, match="not among the people"):
            change(team, kite.id, "carol")
    assert list(team.journal()) == []


def test_an_annotator_excludes_an_image_that_nobody_labelled_and_no_others_exclusion(
    team: Project, kite: InstanceRecord, add_image: Callable[[str], ImageRecord]
) -> None:
    team.exclude(images=[kite.image_id], why="no kite", who="bob")
    with pytest.raises(NotAllowed, match="excluded by bob"):
        team.restore(images=[kite.image_id], who="ann")
    team.restore(images=[kite.image_id], who="bob")
    assert team.image(kite.image_id).excluded is None


@pytest.mark.parametrize(
    ("who", "whose"),
    [("ada", None), ("ann", None), ("bob", "ann or a lead"), ("rev", "ann or a lead")],
)
def test_it_is_told_for_whom_an_accepted_shape_is_kept_as_it_is_refused(
    team: Project, kite: InstanceRecord, who: str, whose: str | None
) -> None:
    assert team.kept_for(kite, who=who) is None
    team.accept(kite.id, kites.ACCEPTED, who="ann")
    go_on(team, "ann")
    assert team.kept_for(team.instance(kite.id), who=who) == whose
    if whose is None:
        CHANGES["move"](team, kite.id, who)
    else:
        with pytest.raises(NotAllowed):
            CHANGES["move"](team, kite.id, who)
    team.review(kite.id, Verdict.SENT_BACK, "look again", who="rev")
    assert team.kept_for(team.instance(kite.id), who=who) is None
