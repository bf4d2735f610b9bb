"""Who proposes: a trained network, the prior, or the weights that the project started from."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from landmark_annotator.annotator.session.models.library import KeptModel, Origin
from landmark_annotator.annotator.session.models.prior_comparison import (
    Comparison,
    _margin,
    compare_with_prior,
)
from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.annotator.session.models.starting_weights import start_from_weights
from landmark_annotator.annotator.session.models.training_schedule import project_training_due
from landmark_annotator.backends.registry import BACKENDS, Backend
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import (
    Box,
    LabelledInstance,
    Provenance,
    Scheme,
    Shape,
)
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import Cancelled

COUNT = 12


def kites(scheme: Scheme) -> list[LabelledInstance]:
    random = np.random.default_rng(4)
    found = []
    for index in range(COUNT):
        points = random.normal(50, 15, (len(scheme), 2))
        pixels = np.full((100, 100, 3), index, np.uint8)
        box = Box.square_around(points)
        found.append(LabelledInstance(str(index), box, Shape(points), lambda p=pixels: p))
    return found


@dataclass(frozen=True)
class Knows:
    """A model that is far off on so many landmarks, and right on the others."""

    truths: Sequence[LabelledInstance]
    off: int

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        points = box.to_frame(self.truths[int(pixels[0, 0, 0])].shape.points)
        points[: self.off] += 0.4
        residual = np.eye(2 * len(points)) * 1e-4
        mixture = ShapeMixture(np.zeros(1), points[None], residual)
        return Proposal(box, mixture, "knows", novelty=float(self.off))


@dataclass(frozen=True)
class Models:
    """Stands for a backend: a model is off on as many landmarks as its folder is called."""

    truths: Sequence[LabelledInstance]

    def held_out(self, folder: Path) -> list[str]:
        return ["0", "1", "2"]

    def load(self, folder: Path, scheme: Scheme, device: str = "cpu") -> Knows:
        return Knows(self.truths, int(folder.name))


def wrong_at(
    landmarks: int, instances: Sequence[LabelledInstance], scheme: Scheme, folder: Path
) -> KeptModel:
    """A network that was trained, and is off on so many landmarks."""
    own = folder / str(landmarks)
    own.mkdir()
    return KeptModel(cast(Backend, Models(instances)), own, Origin.TRAINED, scheme)


@pytest.mark.usefixtures("blind_priors")
@pytest.mark.parametrize(("start", "helps"), [(None, True), (0, False), (4, True)])
def test_a_network_proposes_only_where_it_beats_what_it_started_from(
    tmp_path: Path, start: int | None, helps: bool
) -> None:
    scheme = Scheme("kite", tuple("abcde"))
    instances = kites(scheme)
    kept = wrong_at(2, instances, scheme, tmp_path)
    found = compare_with_prior(
        kept, instances, start=None if start is None else tmp_path / str(start)
    )
    assert found is not None
    # The shapes are random, so the prior knows nothing: only the start can stand in the way.
    found = Comparison(found.instances, found.network, found.network + 1, found.start)
    assert found.network_helps is helps
    assert (start is None) is ("started from" not in found.sentence)
    assert Comparison.read(kept) is not None


class Watched:
    """How far it was said to be. stop: after how many steps it is stopped."""

    def __init__(self, stop: int | None = None) -> None:
        self.stages: list[tuple[str, int | None]] = []
        self.steps, self.stop = 0, stop

    def start(self, stage: str, total: int | None) -> None:
        self.stages.append((stage, total))

    def advance(self, steps: int = 1, note: str = "") -> None:
        self.steps += steps

    def cancelled(self) -> bool:
        return self.stop is not None and self.steps >= self.stop


@pytest.fixture
def learned() -> None:
    """The prior of those that are not held out is known already: that it is learned is told too."""
    scheme = Scheme("kite", tuple("abcde"))
    PriorModel(tuple(kites(scheme)[3:]), scheme).load()


@pytest.mark.usefixtures("learned")
@pytest.mark.parametrize("stop", [0, 1, 5, 11])
def test_a_comparison_is_stopped_between_images(tmp_path: Path, stop: int) -> None:
    scheme = Scheme("kite", tuple("abcde"))
    instances = kites(scheme)
    kept, watched = wrong_at(2, instances, scheme, tmp_path), Watched(stop)
    with pytest.raises(Cancelled, match="new model is kept"):
        compare_with_prior(kept, instances, progress=watched)
    assert watched.steps == stop
    assert Comparison.read(kept) is None


@pytest.mark.usefixtures("learned")
def test_how_far_the_comparison_is_can_be_seen(tmp_path: Path) -> None:
    scheme = Scheme("kite", tuple("abcde"))
    instances = kites(scheme)
    watched = Watched()
    compare_with_prior(wrong_at(2, instances, scheme, tmp_path), instances, progress=watched)
    # Of three held-out kites: proposed, and clicked at by the network, the prior and both together.
    assert watched.stages == [("Comparing with the prior", 12)]
    assert watched.steps == 12


@pytest.mark.usefixtures("blind_priors")
def test_images_that_the_starting_weights_had_never_seen_the_like_of_are_told(
    tmp_path: Path,
) -> None:
    scheme = Scheme("kite", tuple("abcde"))
    instances = kites(scheme)
    kept = wrong_at(0, instances, scheme, tmp_path)
    familiar = compare_with_prior(kept, instances, start=tmp_path / "1")
    assert familiar is not None
    assert "never seen" not in familiar.sentence
    compare_with_prior(kept, instances, start=tmp_path / "4")
    strange = Comparison.read(kept)
    assert strange is not None
    assert strange.start_unfamiliar == 3
    assert "(of 3 they had never seen the like)" in strange.sentence


@pytest.mark.usefixtures("blind_priors")
def test_a_start_that_proposed_the_labels_has_no_advantage_of_that(tmp_path: Path) -> None:
    """The start is off by 15 % at the three landmarks that had to be clicked, the network nowhere
    by more than 5."""
    count, random = 40, np.random.default_rng(0)
    scheme = Scheme("many", tuple(f"p{n}" for n in range(count)), normaliser=(0, 1))
    frame = random.uniform(-0.4, 0.4, (count, 2))
    frame[:2] = [[-0.5, 0.0], [0.5, 0.0]]
    truths = [frame + random.normal(0, 0.02, (count, 2)) for _ in range(COUNT)]
    off = {
        name: [truth + random.normal(0, error / 1.2533, (count, 2)) for truth in truths]
        for name, error in {"start": 0.023, "network": 0.014}.items()
    }
    # Models of the same images err alike.
    for own, others, truth in zip(off["network"], off["start"], truths, strict=True):
        own += 0.7 * (others - truth)
    instances = []
    for index, truth in enumerate(truths):
        label = np.where(np.arange(count)[:, None] < 3, truth, off["start"][index])
        off["start"][index][:3] = truth[:3] + np.array([0.15, 0.0])
        marks = [Provenance.CLICKED if j < 3 else Provenance.INFERRED for j in range(count)]
        pixels, box = np.full((100, 100, 3), index, np.uint8), Box(50, 50, 100, 100)
        shape = Shape(box.to_image(label), None, marks)
        instances.append(LabelledInstance(str(index), box, shape, lambda p=pixels: p))

    class Named(Models):
        def load(self, folder: Path, scheme: Scheme, device: str = "cpu") -> Knows:
            shapes = [Shape(Box(50, 50, 100, 100).to_image(p)) for p in off[folder.name]]
            known = zip(instances, shapes, strict=True)
            return Knows([replace(each, shape=shape) for each, shape in known], 0)

    (tmp_path / "network").mkdir()
    backend = cast(Backend, Named(instances))
    kept = KeptModel(backend, tmp_path / "network", Origin.TRAINED, scheme)
    found = compare_with_prior(kept, instances, start=tmp_path / "start")
    assert found is not None
    assert found.start is not None
    assert found.network <= 1 < 2 < found.start


@pytest.mark.usefixtures("blind_priors")
def test_a_network_that_has_proposed_goes_back_only_for_a_clear_difference(tmp_path: Path) -> None:
    scheme = Scheme("kite", tuple("abcde"))
    instances = kites(scheme)
    kept = wrong_at(2, instances, scheme, tmp_path)
    at_first = compare_with_prior(kept, instances, start=tmp_path / "0")
    assert at_first is not None
    assert not at_first.network_helps
    assert at_first.margin == 0

    write(kept, Comparison(3, 1.0, 2.0))
    clear = compare_with_prior(kept, instances, start=tmp_path / "0")
    assert clear is not None
    assert not clear.network_helps  # Two clicks more in each case: that is no chance.

    chance = Comparison(3, 2.0, 1.5, margin=0.6)
    assert chance.network_helps
    assert "stays" in chance.sentence
    assert not Comparison(3, 2.0, 1.3, margin=0.6).network_helps
    write(kept, chance)
    assert Comparison.read(kept) == chance


def write(kept: KeptModel, comparison: Comparison) -> None:
    kept.comparison_file.write_text(json.dumps(asdict(comparison)))


@pytest.mark.parametrize(
    ("network", "margin"), [([3.0, 3.0, 3.0], 0.0), ([0.0, 3.0, 6.0], 2 * 3 / 3**0.5), ([4.0], 3.0)]
)
def test_the_margin_is_two_standard_errors(network: list[float], margin: float) -> None:
    assert _margin(np.array(network), np.ones(len(network))) == pytest.approx(margin)


def test_a_comparison_from_before_there_were_starting_weights_is_understood(tmp_path: Path) -> None:
    model = KeptModel(BACKENDS[0], tmp_path, Origin.TRAINED, Scheme("kite", ("a",)))
    kept = {"instances": 3, "network": 1.0, "prior": 2.0}
    (tmp_path / "clicks_against_prior.json").write_text(json.dumps(kept))
    found = Comparison.read(model)
    assert found is not None
    assert found.network_helps


@pytest.mark.usefixtures("shipped_weights")
def test_weights_to_start_from_are_trained_on_beside_the_labelling(
    tmp_path: Path, face68: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Project, "count_of", lambda self, state: 12)
    with Project.create(tmp_path / "heads", face68) as project:
        assert not project_training_due(project)
        start_from_weights(project, "heads68")
        assert project_training_due(project)


@pytest.mark.parametrize(("together", "network_helps"), [(1.0, True), (2.0, False), (None, False)])
def test_a_network_counts_as_it_proposes_with_labelled_images_beside_it(
    together: float | None, network_helps: bool
) -> None:
    found = Comparison(8, 2.0, 1.5, together=together)
    assert found.network_helps is network_helps
    assert found.registration_helps is (together is not None)
    said = "1.0 clicks" if together == 1.0 else "2.0 clicks"
    assert said in found.sentence


def test_labelled_images_that_do_harm_do_not_stand_beside_it() -> None:
    found = Comparison(8, 1.0, 1.5, together=1.25)
    assert found.network_helps
    assert not found.registration_helps
    assert "1.0 clicks" in found.sentence
    assert "beside" not in found.sentence


@dataclass(frozen=True)
class NearMiss(Models):
    """A model that is off by so many pixels at each landmark."""

    pixels: float

    def load(self, folder: Path, scheme: Scheme, device: str = "cpu") -> "NearMiss":
        return self

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        truth = self.truths[int(pixels[0, 0, 0])].shape.points
        points = box.to_frame(truth + np.array([0.0, self.pixels]))
        points = np.where(np.isfinite(points), points, 0.0)
        residual = np.eye(2 * len(points)) * 1e-6
        return Proposal(box, ShapeMixture(np.zeros(1), points[None], residual), "near")


@pytest.mark.usefixtures("blind_priors")
@pytest.mark.parametrize("lacking", [False, True])
def test_shapes_without_the_normaliser_are_to_be_as_good(tmp_path: Path, lacking: bool) -> None:
    """Off by 6 % of the normaliser: by the diagonal of their boxes it was 2 %, and good enough."""
    scheme = Scheme("kite", tuple("abcde"), normaliser=(0, 1))
    places = np.array([[40.0, 50.0], [70.0, 50.0], [20.0, 20.0], [80.0, 80.0], [25.0, 75.0]])
    random, instances = np.random.default_rng(1), []
    for index in range(COUNT):
        points = places + random.normal(0, 1, places.shape)
        box = Box.square_around(points)
        if lacking and index < 3:  # those that are held out
            points[0] = np.nan
        pixels = np.full((100, 100, 3), index, np.uint8)
        instances.append(LabelledInstance(str(index), box, Shape(points), lambda p=pixels: p))
    own = tmp_path / "own"
    own.mkdir()
    kept = KeptModel(cast(Backend, NearMiss(instances, 1.8)), own, Origin.TRAINED, scheme)
    found = compare_with_prior(kept, instances)
    assert found is not None
    assert found.network >= 1
