"""The rest of a shape from what the labelled images show of it, without any training."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from landmark_annotator.annotator.session.filling.dense import Clicked, Dense
from landmark_annotator.annotator.session.models.prior_model import PriorModel, looks_at_images
from landmark_annotator.backends.registry import TrainedModel
from landmark_annotator.projects.vocabulary import Shape


@dataclass(frozen=True, eq=False)
class ByLabelledImages:
    """The posterior of what proposes in the window before a network is trained. Of objects that
    point anywhere or face either way it knows which way each one does; methods that fit one line or
    one mean to all of them take some for a shape between.
    """

    dense: Dense
    name: str = "labelled_images"
    title: str = "posterior of what the labelled images show"
    _models: dict[int | None, TrainedModel] = field(default_factory=dict)

    def fill(self, clicked: Clicked) -> Shape:
        return self._filled(clicked, None)

    def judged(self) -> Sequence[int]:
        """None where the images say nothing, or cannot be read: then it is the prior."""
        return range(len(self.dense.instances)) if looks_at_images(self._model(None)) else ()

    def unseen(self, index: int, clicked: Clicked) -> Shape:
        return self._filled(clicked, int(self.dense.folds[index]))

    def _filled(self, clicked: Clicked, without: int | None) -> Shape:
        model = self._model(without)
        return clicked.given(model.propose(clicked.read_pixels(), self.dense.box(clicked)))

    def _model(self, without: int | None) -> TrainedModel:
        if without not in self._models:
            labelled = tuple(self.dense.outside(without))
            self._models[without] = PriorModel(labelled, self.dense.scheme).load()
        return self._models[without]
