"""What proposes while a person labels flies, as in the window: registration to those that are
labelled until they are a dozen, then a network with registration beside it, trained anew whenever
they have grown by half."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from landmark_annotator.annotator.protocols.framework.options import Options, marked
from landmark_annotator.annotator.session.models.training_schedule import training_due
from landmark_annotator.backends.learning.model_cards import has_card, read_card
from landmark_annotator.backends.registration import Accompanied, RegistrationModel
from landmark_annotator.backends.registry import DEFAULT_BACKEND, TrainedModel, backend_named
from landmark_annotator.projects.vocabulary import LabelledInstance, Progress, Scheme


@dataclass
class FlyModels:
    """most: so many networks are trained and no more. As in the window the first one has a short
    course, while somebody waits for it, and the others a whole one; --set quick=false gives the
    first one a whole course too. learned_from: instances that the newest one has learned from;
    trainings, minutes: how many there were, and what they took together."""

    scheme: Scheme
    options: Options
    progress: Progress
    most: int
    learned_from: int = 0
    trainings: int = 0
    minutes: float = 0.0
    _newest: Accompanied | None = None
    _learned: frozenset[str] = frozenset()

    def learns(self) -> bool:
        """Whether a further network is going to be trained."""
        return self.trainings < self.most

    def due(self, labelled: int) -> bool:
        """Whether a network should learn from so many instances now."""
        return self.learns() and training_due(labelled, self.learned_from)

    def after(self, instances: Sequence[LabelledInstance]) -> Accompanied | RegistrationModel:
        """What proposes once these are labelled; trains where that is due, which is slow."""
        if self.due(len(instances)):
            network, held_out = self._trained(instances)
            learned = [each for each in instances if each.key not in held_out]
            self._newest = Accompanied(network.propose, self.registration(learned))
            self._learned = frozenset(each.key for each in learned)
            self.learned_from = len(instances)
            self.trainings += 1
        if self._newest is not None:
            return self._newest
        return self.registration(instances)

    def without(
        self, left_out: Collection[str], instances: Sequence[LabelledInstance]
    ) -> Accompanied | RegistrationModel | None:
        """What proposes and has learned nothing from those of these keys: the network, None where
        it has, and before there is one registration to the other instances."""
        if self._newest is None:
            return self.registration([each for each in instances if each.key not in left_out])
        return None if self._learned & set(left_out) else self._newest

    def registration(self, instances: Sequence[LabelledInstance]) -> RegistrationModel:
        return RegistrationModel.of(instances, self.scheme, self.options.seed)

    def _trained(self, instances: Sequence[LabelledInstance]) -> tuple[TrainedModel, set[str]]:
        """And the keys of those that it was judged by."""
        backend = backend_named(self.options.backend or DEFAULT_BACKEND)
        seed = self.options.seed
        quick = self.trainings == 0 and bool(self.options.training.get("quick", True))
        with TemporaryDirectory() as temporary:
            kept = self.options.work
            name = f"flies13-{backend.name}-{self.trainings + 1}-{len(instances)}-seed{seed}"
            # Which frames are right by now, and how far, hangs on all that was asked of the run.
            name += "-quick" * quick + marked({one.key: _label(one) for one in instances})
            folder = Path(kept or temporary) / name
            if not has_card(folder):
                settings = {"seed": seed, "quick": quick}
                backend.train(instances, self.scheme, folder, settings, self.progress)
            card = read_card(folder)
            self.minutes += float(card["minutes"])
            return backend.load(folder, self.scheme), set(card["held_out_keys"])


def _label(one: LabelledInstance) -> tuple[object, ...]:
    return one.box, one.shape.points.tolist(), one.shape.visibility.tolist()
