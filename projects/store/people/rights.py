"""What each role may do: every rule of it stands here.

An annotator changes own labels only; a reviewer also gives verdicts and asks for second opinions; a
lead may do everything. A landmark is somebody's own who said where it is; an accepted shape is that
of whoever accepted or imported it. What a model has put somewhere is nobody's.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeGuard

from sqlalchemy import Connection, or_, select, union_all

from landmark_annotator.projects.store.people.roles import Role, role_of
from landmark_annotator.projects.store.rows.changes import LandmarkRow, StoredInstance
from landmark_annotator.projects.store.rows.pixel_sizes import Said
from landmark_annotator.projects.store.rows.records import ActionKind, Exclusion, InstanceState
from landmark_annotator.projects.store.schema.tables import InstanceTable, LandmarkTable, MaskTable
from landmark_annotator.projects.vocabulary import Provenance
from landmark_annotator.projects.vocabulary.errors import NotAllowed
from landmark_annotator.projects.vocabulary.provenance import EVIDENCE

_BY_HAND = {mark.value for mark in EVIDENCE}
OF_LEADS = {
    ActionKind.FILL: "fill shapes",
    ActionKind.MASKS: "import masks",
    ActionKind.BOXES: "import boxes",
    ActionKind.RULE: "accept shapes by rule",
    ActionKind.SCHEME: "change the landmarks of the project",
    ActionKind.FILE: "import labels",
    ActionKind.TAKE_BACK: "take back an import",
}
"""What they do, by the kind of its entries; a server's own rules refuse these kinds as well."""
IMPORT, IMPORT_PROPOSALS = "import images or labels", "import images or proposals"
RELATE = "say which images are related"
SCALE = "say what a pixel of all images measures"
"""What leads do besides and is asked about in several places, before it begins."""
JUDGE, CERTIFY = "give verdicts", "certify labels"
"""What reviewers do, and are asked about before they write or choose anything."""
_OF_ALL = (ActionKind.FLAG, ActionKind.RESOLVE, ActionKind.FIND)


def refuse_below(connection: Connection, who: str, needed: Role, deed: str | ActionKind) -> None:
    """Raises NotAllowed where the person's role is not enough for the deed, such as "plan" or a
    kind of entries that only leads make."""
    words = OF_LEADS[deed] if isinstance(deed, ActionKind) else deed
    _refuse_below(role_of(connection, who), who, needed, words)


def _refuse_below(role: Role | None, who: str, needed: Role, deed: str) -> None:
    if role is not None and not role.includes(needed):
        who_may = f"a {Role.LEAD}" if needed is Role.LEAD else f"a {needed} or a {Role.LEAD}"
        raise NotAllowed(
            f"{who} is here as {_as(role)} and cannot {deed}.",
            kept="Nothing was changed.",
            remedy=f"Ask {who_may} of this project: annotator people PROJECT tells who that is.",
        )


def _as(role: Role) -> str:
    return f"{'an' if role is Role.ANNOTATOR else 'a'} {role}"


def refuse_change(
    role: Role | None,
    who: str,
    kind: ActionKind,
    before: StoredInstance,
    after: StoredInstance,
    accepted_by: Callable[[], str | None],
) -> None:
    """Raises NotAllowed where this person may not do this to an instance.

    role: of the person, None where the project is everybody's.
    accepted_by: whose labels an accepted shape holds; asked only where it matters.
    """
    if kind in OF_LEADS:
        _refuse_below(role, who, Role.LEAD, OF_LEADS[kind])
        return
    if not _own_only(role) or kind in _OF_ALL:
        return
    if kind is ActionKind.REVIEW or (after.review != before.review and after.review is not None):
        _refuse_below(role, who, Role.REVIEWER, JUDGE)
        if kind is ActionKind.REVIEW:
            return
    if replace(before, flag=None, review=None) == replace(after, flag=None, review=None):
        return
    whose = whose_accepted(role, who, accepted_by) if before.accepted else None
    if whose is None:
        whose = _others(who, kind, before, after)
    if whose is not None:
        raise NotAllowed(
            f"These labels are {whose}'s: {who} is here as {_as(role)} and changes own ones only.",
            kept="The shape stays as it is.",
            remedy=f"Flag it, and say what is wrong; {whose}, or a lead, can correct it.",
        )


def whose_accepted(
    role: Role | None, who: str, accepted_by: Callable[[], str | None]
) -> str | None:
    """Whose labels an accepted shape holds, where that keeps this person from changing any of it;
    None where it does not. accepted_by: as in `refuse_change`."""
    if not _own_only(role):
        return None
    owner = accepted_by()
    return None if owner == who else owner


def _own_only(role: Role | None) -> TypeGuard[Role]:
    return role is not None and role is not Role.LEAD


def _others(
    who: str, kind: ActionKind, before: StoredInstance, after: StoredInstance
) -> str | None:
    """Who said any of what the change is about, where that is another person; None where nobody
    else did."""
    accepts = kind.accepts
    beside = before.box != after.box or before.excluded != after.excluded
    for region, drawn in before.masks.items():
        if drawn.who != who and (beside or after.masks.get(region) != drawn):
            return drawn.who
    for number, row in before.landmarks.items():
        if row.who == who or not said(row):
            continue
        now = after.landmarks.get(number)
        # Whoever accepts may have it spaced evenly along its contour, and moves it nowhere else.
        spaced = accepts and now is not None and now.provenance == Provenance.TRACED.value
        if beside or (now != row and not spaced):
            return row.who
    return None


def refused_second_labels(who: str) -> NotAllowed:
    """To be raised where somebody would label an object of which another labelling is hidden."""
    return NotAllowed(
        "Two people label this object without seeing each other's labels, and one of them is done "
        f"or at work; {who} is not the other one here.",
        kept="Both labellings stay as they are.",
        remedy="Go on with the next image; once both are done, all of it is shown.",
    )


def refused_after_both(who: str, where: str) -> NotAllowed:
    """To be raised where an annotator would change labels after having seen the other ones. where:
    the image; to undo does not need that it is the open one."""
    return NotAllowed(
        f"Two people have labelled this object in {where}, and {who} sees now what the other one "
        "did.",
        kept="Both labellings stay as they are: they are compared as each was made.",
        remedy="Flag it, and say what is wrong: a reviewer can send it back, a lead correct it.",
    )


def refuse_exclusion(
    connection: Connection, who: str, image_id: int, before: Exclusion | None
) -> None:
    """Of a whole image, or taking it in again where it was excluded before: an annotator does
    either only where no labels of others are in it."""
    role = role_of(connection, who)
    if role is None or role.includes(Role.REVIEWER):
        return
    whose = before.who if before is not None else None
    if whose is None:
        by_hand = or_(LandmarkTable.x.is_(None), LandmarkTable.provenance.in_(_BY_HAND))
        accepted = InstanceTable.state == InstanceState.ACCEPTED.value
        placed, drawn = (
            select(table.who)
            .join(InstanceTable, InstanceTable.id == table.instance_id)
            .where(InstanceTable.image_id == image_id, table.who != who)
            for table in (LandmarkTable, MaskTable)
        )
        query = union_all(placed.where(or_(by_hand, accepted)), drawn)
        whose = connection.execute(query.limit(1)).scalar()
    if whose is not None and whose != who:
        done = "was excluded by" if before is not None else "has labels of"
        raise NotAllowed(
            f"This image {done} {whose}, and {who} is here as {_as(role)}.",
            kept="Nothing was changed.",
            remedy="Flag an object in it, and say why; or ask a reviewer or a lead.",
        )


def refuse_scale(
    connection: Connection, who: str, image_id: int | None, before: Said | None
) -> None:
    """Where somebody would say what a pixel measures: of all images (None) a lead does, of one
    whoever has it in hands, where no other person has said it before."""
    role = role_of(connection, who)
    if role is None or role.includes(Role.LEAD):
        return
    if image_id is None:
        _refuse_below(role, who, Role.LEAD, SCALE)
    elif before is not None and before.who != who:
        raise NotAllowed(
            f"{before.who} has said that a pixel of this image measures "
            f"{before.mm_per_pixel:.4g} mm, and {who} is here as {_as(role)}.",
            kept="It stays so.",
            remedy=f"Ask {before.who}, or a lead of this project, to measure it again.",
        )


def said(row: LandmarkRow) -> bool:
    """Whether a person has said this of the landmark: where it is, that it is absent or hidden."""
    return row.position is None or row.provenance in _BY_HAND
