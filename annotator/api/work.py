"""What is done to a whole project: which landmarks to click, the rest filled in, a certificate."""

from landmark_annotator.annotator.session.filling.project_fill import Filled, fill_project
from landmark_annotator.annotator.session.planning.offer import project_affinity
from landmark_annotator.annotator.session.review.certification import Certification, check_demand
from landmark_annotator.projects.budgets import SparseFormat, sparse_formats
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Progress
from landmark_annotator.projects.vocabulary.arguments import told


@told
def sparse_format(project: Project, points: int, *, seconds: float = 30.0) -> SparseFormat:
    """The landmarks that so many clicks are best spent on, by the shapes that are labelled
    completely. seconds: after which the best one found must do. Raises TooFewLabels."""
    [found] = sparse_formats(project_affinity(project).matrix, [points], seconds=seconds)
    return found


@told
def fill(
    project: Project,
    *,
    who: str,
    inferred: bool = False,
    seed: int = 0,
    progress: Progress = SILENT,
) -> Filled:
    """Fills in all landmarks where only some were clicked, in the way that proves best, as one step
    for undo. inferred: also places anew what a model has placed in accepted shapes. Raises
    TooFewLabels, ActionableError where nothing is sparsely labelled, Cancelled."""
    return fill_project(project, who=who, inferred=inferred, seed=seed, progress=progress)


@told
def certify(
    project: Project,
    *,
    who: str,
    visible: float = 7.0,
    share: float = 2.0,
    confidence: float = 95.0,
    seed: int = 0,
) -> Certification:
    """Draws a batch of all accepted shapes, of which at most `share` percent are to be visibly off
    by more than `visible` percent of the normaliser, with this confidence in percent. Its `drawn()`
    is the id of the instance to look at, None once enough are checked; `judge()` passes that one as
    it now stands, and `standing.sentence` says what is certain by now. Raises
    ProjectError where nothing is accepted."""
    check_demand(visible, share, confidence)
    session = Certification(project, who=who)
    session.start(visible=visible, share=share / 100, confidence=confidence / 100, seed=seed)
    return session
