"""A prior that several pages of a window want at a time: judged once for the same labels.

To judge registration takes seconds, and the page to label on and the sheet each make a proposer of
their own, in threads of their own. Nothing is kept for anybody who no longer uses it: whoever opens
a project anew, perhaps with an image that could not be read before, makes it anew.
"""

from threading import Lock
from typing import TYPE_CHECKING
from weakref import ref

from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.projects.vocabulary import LabelledInstance, Progress
from landmark_annotator.projects.vocabulary.errors import Cancelled

if TYPE_CHECKING:
    from landmark_annotator.backends.registry import TrainedModel

_LOOK_S = 0.05
"""After which who waits for another thread's looks whether anybody still wants it."""


class SharedPrior:
    """The one that was made last, as long as somebody has it. What a prior loads changes nothing in
    itself, so that threads may propose by the same at a time."""

    def __init__(self) -> None:
        self._making = Lock()
        self._prior: PriorModel | None = None
        self._model: ref[TrainedModel] | None = None

    def loaded(self, prior: PriorModel, progress: Progress) -> "TrainedModel":
        """As of `PriorModel.load`. In any thread: of two that want the same, one waits."""
        while not self._making.acquire(timeout=_LOOK_S):
            if progress.cancelled():
                raise Cancelled("Nobody waits for the prior any more.", kept="Nothing was changed.")
        try:
            model = None if self._model is None else self._model()
            if model is None or self._prior is None or not _alike(self._prior, prior):
                model = prior.load(progress)
                self._prior, self._model = prior, ref(model)
            return model
        finally:
            self._making.release()


def _alike(one: PriorModel, other: PriorModel) -> bool:
    return (
        one.scheme == other.scheme
        and len(one.labelled) == len(other.labelled)
        and all(map(_same, one.labelled, other.labelled))
    )


def _same(one: LabelledInstance, other: LabelledInstance) -> bool:
    """Keys name images by their content, and groups which are related."""
    ours, theirs = ((i.key, i.group, i.box, i.shape) for i in (one, other))
    return ours == theirs


shared_prior = SharedPrior()
