"""The rest of many sparsely labelled shapes, written by a model as one action."""

from collections.abc import Mapping
from dataclasses import replace

from landmark_annotator.projects.store.journal import acting, conflicts
from landmark_annotator.projects.store.journal.edits import check_fits, rows_of
from landmark_annotator.projects.store.people.roles import Role
from landmark_annotator.projects.store.project import Project
from landmark_annotator.projects.store.rows.changes import LandmarkRow, StoredInstance
from landmark_annotator.projects.store.rows.records import ActionKind
from landmark_annotator.projects.store.rows.stored_scheme import StoredScheme
from landmark_annotator.projects.vocabulary import MODELLED, Provenance, Shape
from landmark_annotator.projects.vocabulary.errors import ProjectError
from landmark_annotator.projects.vocabulary.wording import counted


def fill_shapes(
    project: Project,
    shapes: Mapping[int, Shape],
    *,
    who: str,
    seen: int | None = None,
    back_up: bool = True,
) -> list[int]:
    """Store what a model says of the landmarks that nobody has placed; return the instances.

    shapes: by instance's id, with covariances. Only landmarks without a position, or whose
    position a model gave, are written; FILLED is their provenance. A landmark said to be absent
    stays so, one said to be hidden stays hidden. seen: the journal's newest entry when the shapes
    were read that the model goes by. What somebody has changed since is left as it is: the model
    does not know of that. None: whatever was changed. back_up: a backup is made before; whoever
    calls inside a transaction has made it already. Whether a shape is accepted stays as it is. All
    in one transaction, and one step for undo. Raises SchemeError, ProjectError.
    """
    for shape in shapes.values():
        check_fits(shape, len(project.scheme))
    project.refuse_below(who, Role.LEAD, ActionKind.FILL)
    if back_up:
        project.back_up_before("fill")
    with project.transaction() as connection:
        changed = set() if seen is None else conflicts.changed(connection, shapes, seen)
        left = {i: shape for i, shape in shapes.items() if i not in changed}
        acting.act_on_all(
            connection,
            left,
            lambda stored, shape: filled(stored, project.stored_scheme, shape, who),
            kind=ActionKind.FILL,
            title=f"filling of {counted(len(left), 'shape')}",
            who=who,
        )
    return list(left)


def filled(stored: StoredInstance, scheme: StoredScheme, shape: Shape, who: str) -> StoredInstance:
    """A pure function, as those of `edits`."""
    if not shape.complete:
        raise ProjectError("A shape is filled whole.", kept="Nothing was filled.")
    new = rows_of(scheme, shape.with_provenance(Provenance.FILLED), who, Provenance.FILLED)
    landmarks = dict(stored.landmarks)
    for i, row in new.items():
        old = landmarks.get(i)
        if old is None or _open(old):
            landmarks[i] = row if old is None else replace(row, visibility=old.visibility)
    return replace(stored, landmarks=landmarks)


def _open(row: LandmarkRow) -> bool:
    """Whether a model may say where the landmark is."""
    if row.position is None:
        return row.provenance is None  # else it is absent
    return row.provenance in MODELLED
