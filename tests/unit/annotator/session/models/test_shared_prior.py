"""The prior of the same labels is judged once for all who want it at a time."""

import gc
from collections.abc import Callable
from dataclasses import replace
from threading import Event, Thread

import numpy as np
import pytest

from landmark_annotator.annotator.session.models import proposers
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.annotator.session.models.proposers import proposer_recipe
from landmark_annotator.annotator.session.models.shared_prior import SharedPrior
from landmark_annotator.backends.registry import TrainedModel
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Box, LabelledInstance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import Cancelled, TooFewLabels

SCHEME = Scheme("kite", tuple("abcd"))
CORNERS = np.array([[20.0, 20.0], [80.0, 20.0], [80.0, 80.0], [20.0, 80.0]])
GREY = np.full((100, 100, 3), 128, np.uint8)


def labelled(number: int) -> LabelledInstance:
    """Read anew each time, as from a project."""
    random = np.random.default_rng(number)
    shape = Shape(CORNERS + random.normal(0, 2, CORNERS.shape))
    return LabelledInstance(f"{number}.png", Box(50, 50, 90, 90), shape, lambda: GREY)


def prior(count: int = 3) -> PriorModel:
    return PriorModel(tuple(map(labelled, range(count))), SCHEME)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[PriorModel]:
    """Each that was made, without a look at its images."""
    found: list[PriorModel] = []

    def load(self: PriorModel, progress: object = SILENT) -> TrainedModel:
        found.append(self)
        return self.blind()

    monkeypatch.setattr(PriorModel, "load", load)
    return found


def test_who_wants_the_prior_of_the_same_labels_has_the_same(made: list[PriorModel]) -> None:
    shared = SharedPrior()
    first = shared.loaded(prior(), SILENT)
    assert shared.loaded(prior(), SILENT) is first
    assert len(made) == 1


@pytest.mark.parametrize(
    "other",
    [
        lambda p: prior(4),
        lambda p: replace(p, scheme=Scheme("kite", tuple("abcx"))),
        lambda p: replace(p, labelled=(*p.labelled[:2], replace(p.labelled[2], group="video"))),
        lambda p: replace(p, labelled=(*p.labelled[:2], replace(p.labelled[2], key="3.png"))),
        lambda p: replace(p, labelled=(*p.labelled[:2], replace(labelled(3), key="2.png"))),
    ],
    ids=["one more", "scheme", "relation", "image", "shape"],
)
def test_other_labels_have_a_prior_of_their_own(
    made: list[PriorModel], other: Callable[[PriorModel], PriorModel]
) -> None:
    shared = SharedPrior()
    first = shared.loaded(prior(), SILENT)
    assert shared.loaded(other(prior()), SILENT) is not first
    assert len(made) == 2


def test_nothing_is_kept_for_nobody(made: list[PriorModel]) -> None:
    """An image that could not be read may be back."""
    shared = SharedPrior()
    shared.loaded(prior(), SILENT)
    gc.collect()
    shared.loaded(prior(), SILENT)
    assert len(made) == 2


def test_what_cannot_be_made_is_said_to_everybody() -> None:
    shared = SharedPrior()
    for _ in range(2):
        with pytest.raises(TooFewLabels):
            shared.loaded(prior(0), SILENT)


class Stopped:
    def start(self, stage: str, total: int | None) -> None: ...

    def advance(self, steps: int = 1, note: str = "") -> None: ...

    def cancelled(self) -> bool:
        return True


def test_of_two_threads_one_waits_and_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    shared, begun, go_on, found = SharedPrior(), Event(), Event(), list[TrainedModel]()
    times = []

    def load(self: PriorModel, progress: object = SILENT) -> TrainedModel:
        times.append(1)
        begun.set()
        assert go_on.wait(20)
        return self.blind()

    monkeypatch.setattr(PriorModel, "load", load)
    threads = [
        Thread(target=lambda: found.append(shared.loaded(prior(), SILENT))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    assert begun.wait(20)
    with pytest.raises(Cancelled):
        shared.loaded(prior(), Stopped())
    go_on.set()
    for thread in threads:
        thread.join(20)
    assert len(times) == 1
    assert found[0] is found[1]


def test_two_proposers_of_a_project_have_one(
    project: Project, made: list[PriorModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposers, "shared_prior", SharedPrior())
    first, second = (proposer_recipe(project).make() for _ in range(2))
    assert next(iter(ModelLibrary.of(project).kept()), None) is None
    assert first.model is second.model is not None
    assert len(made) == 1
