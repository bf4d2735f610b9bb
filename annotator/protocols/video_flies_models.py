"""What proposes while a person labels flies, as in the window: registration to those that are
labelled until they are a dozen, then a network with registration beside it, trained anew whenever
they have grown by half."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.session.models.training_schedule import training_due
from landmark_annotator.backends.learning.model_cards import has_card, read_card
from landmark_annotator.backends.registration import Accompanied, RegistrationModel
from landmark_annotator.backends.registry import DEFAULT_BACKEND, TrainedModel, backend_named
from landmark_annotator.projects.vocabulary import LabelledInstance, Progress, Scheme


@dataclass
class FlyModels:
    """networks: whether any is trained at all. A network has the short course of a first one, while
    somebody waits for it, unless --set quick=false is said. learned_from: instances that the newest
    one has learned from; trainings, minutes: how many there were, and what they took together."""

    scheme: Scheme
    options: Options
    progress: Progress
    networks: bool
    learned_from: int = 0
    trainings: int = 0
    minutes: float = 0.0
    _newest: Accompanied | None = None

    def due(self, labelled: int) -> bool:
        """Whether a network should learn from so many instances now."""
        return self.networks and training_due(labelled, self.learned_from)

    def after(self, instances: Sequence[LabelledInstance]) -> Accompanied | RegistrationModel:
        """What proposes once these are labelled; trains where that is due, which is slow."""
        if self.due(len(instances)):
            self._newest = Accompanied(
                self._trained(instances).propose, self._registration(instances)
            )
            self.learned_from = len(instances)
            self.trainings += 1
        if self._newest is not None:
            return self._newest
        return self._registration(instances)

    def _registration(self, instances: Sequence[LabelledInstance]) -> RegistrationModel:
        return RegistrationModel.of(instances, self.scheme, self.options.seed)

    def _trained(self, instances: Sequence[LabelledInstance]) -> TrainedModel:
        backend = backend_named(self.options.backend or DEFAULT_BACKEND)
        seed, quick = self.options.seed, bool(self.options.training.get("quick", True))
        with TemporaryDirectory() as temporary:
            kept = self.options.work
            name = f"flies13-{self.trainings + 1}-{len(instances)}-seed{seed}"
            folder = Path(kept or temporary) / name
            if not has_card(folder):
                settings = {"seed": seed, "quick": quick}
                backend.train(instances, self.scheme, folder, settings, self.progress)
            self.minutes += float(read_card(folder)["minutes"])
            return backend.load(folder, self.scheme)
