"""The search for wrong labels in a project: every shape that people accepted, filled ones too."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from landmark_annotator.annotator.session.models.free_heading import pointing_scheme
from landmark_annotator.annotator.session.models.library import KeptModel, Origin
from landmark_annotator.annotator.session.models.proposers import best_proposer
from landmark_annotator.annotator.session.models.related_instances import judging, related
from landmark_annotator.annotator.session.models.training import labelled_instances
from landmark_annotator.annotator.session.review.suspicions import Suspicion, keep, kept, revision
from landmark_annotator.backends.audit.label_audit import FEWEST, audited
from landmark_annotator.backends.registry import Remembering
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import LabelledInstance, Progress, Provenance
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError, Cancelled, ImageError

MANY_CHANGED = 0.02
"""Share of the shapes that have changed, from which on they are searched without being told to."""
_KNOWN = 3
"""Landmarks from which on a shape says where its others should be."""


def changed_since(project: Project) -> float:
    """The share of the shapes that was accepted or changed since the last search for wrong labels;
    nought where there are too few to search."""
    return _changed(project, _revisions(project))


def _changed(project: Project, now: Mapping[int, str]) -> float:
    """now: of the shapes that are judged."""
    if len(now) < FEWEST:
        return 0.0
    before = {i: at for i, (at, _) in kept(project).items()}
    return sum(before.get(i) != at for i, at in now.items()) / len(now)


def audit_labels(project: Project, progress: Progress) -> dict[int, Suspicion]:
    """Searches where something has changed, keeps what it finds, and returns it by the instance's
    id; nothing with too few shapes.

    Slow: every image is read. Raises Cancelled.
    """
    with project.snapshot():
        now = _revisions(project)
        due = _changed(project, now) > 0
        instances = labelled_instances(project) if due else []
    if not due:
        return {i: one for i, (at, one) in kept(project).items() if now.get(i) == at}
    instances = [each for each in instances if each.shape.known.sum() >= _KNOWN]
    predicted = _predicted(project, instances, progress)
    # A mistake that was made in all frames of a scene is none to the others of them.
    groups = [each.split_key for each in related(project, instances).instances]
    found = {}
    scheme = pointing_scheme(project.scheme, [each.shape for each in instances])
    for i, one in zip(now, audited(instances, predicted, groups, scheme, progress), strict=True):
        found[i] = Suspicion(one.score, one.kind.value, one.landmarks, one.percent)
    keep(project, {i: (now[i], one) for i, one in found.items()})
    return found


def _revisions(project: Project) -> dict[int, str]:
    """Of the shapes that are judged, by the instance's id, in the order of their images: a rule has
    no label of its own, and what is hidden until both of two people are done is shown to nobody."""
    hidden = project.blind_instances()
    return {
        record.id: revision(record.box, shape)
        for record, shape in project.shapes()
        if record.box is not None
        and record.id not in hidden
        and shape.known.sum() >= _KNOWN
        and Provenance.RULED not in shape.provenance
    }


def _predicted(
    project: Project, instances: Sequence[LabelledInstance], progress: Progress
) -> list[Floats | None]:
    """(L, 2) of each by the project's network, where it has not learned from the instance; the
    prior judges anyhow."""
    found: list[Floats | None] = [None] * len(instances)
    kept = _judge(project)
    if kept is None:
        return found
    model = kept.load()
    unseen = judging(project, kept, instances)
    remembered = model.unseen() if isinstance(model, Remembering) else {}
    progress.start("predicting", len(instances))
    for i, each in enumerate(instances):
        if progress.cancelled():
            raise Cancelled("The search for wrong labels was stopped.", kept="Nothing was changed.")
        progress.advance()
        proposal = remembered.get(each.key)
        try:
            if proposal is None and each.key in unseen:
                proposal = model.propose(each.read_pixels(), each.box)
        except ImageError:
            continue
        if proposal is not None:
            found[i] = proposal.given([]).points
    return found


def _judge(project: Project) -> KeptModel | None:
    """The network that proposes; in the place of one that may have learned from these very
    photographs elsewhere, weights of the same kind that have learned from none."""
    kept = best_proposer(project).source
    if not isinstance(kept, KeptModel) or not kept.too_small():
        return kept if isinstance(kept, KeptModel) else None
    for name in kept.backend.weights_names():
        folder = kept.backend.weights(name)
        if folder is not None and not kept.backend.learned_elsewhere(folder):
            with suppress(ActionableError):  # of another scheme
                other = KeptModel(kept.backend, folder, Origin.TOLD, kept.scheme)
                other.load()
                return other
    return None
