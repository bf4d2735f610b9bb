"""Proposals that a rule accepts, as one action: labels that no person has looked at."""

from collections.abc import Mapping

from landmark_annotator.projects.store.journal import acting, edits
from landmark_annotator.projects.store.people.roles import Role
from landmark_annotator.projects.store.project import Project
from landmark_annotator.projects.store.rows.changes import StoredInstance
from landmark_annotator.projects.store.rows.records import ActionKind, InstanceState
from landmark_annotator.projects.store.rows.stored_scheme import StoredScheme
from landmark_annotator.projects.vocabulary import Provenance, Shape
from landmark_annotator.projects.vocabulary.errors import ProjectError
from landmark_annotator.projects.vocabulary.wording import counted


def accept_by_rule(project: Project, shapes: Mapping[int, Shape], *, who: str) -> int:
    """Store these shapes as accepted, RULED in provenance; return how many.

    shapes: by the id of instances that nobody has touched. All in one transaction, and one step
    for undo of the person `who` has the rule applied. Raises SchemeError, ProjectError.
    """
    for shape in shapes.values():
        edits.check_fits(shape, len(project.scheme))
        if not edits.finished(shape).all():
            raise ProjectError("A shape is accepted whole.", kept="Nothing was accepted.")
    project.refuse_below(who, Role.LEAD, ActionKind.RULE)
    project.back_up_before("rule")
    count = len(shapes)
    with project.transaction() as connection:
        acting.act_on_all(
            connection,
            shapes,
            lambda stored, shape: _ruled(stored, project.stored_scheme, shape, who),
            kind=ActionKind.RULE,
            title=f"acceptance of {counted(count, 'shape')} by rule",
            who=who,
        )
    return count


def _ruled(stored: StoredInstance, scheme: StoredScheme, shape: Shape, who: str) -> StoredInstance:
    """A pure function, as those of `edits`."""
    if stored.state is not InstanceState.UNTOUCHED:
        raise ProjectError(
            "Somebody has begun to label a shape that was to be accepted by rule.",
            kept="Nothing was accepted.",
        )
    marks = [Provenance.RULED] * len(shape)  # of what is not in the image too
    ruled = Shape(shape.points, shape.visibility, marks, shape.covariances)
    return edits.accepted(stored, scheme, ruled, who)
