"""The backends that can propose shapes, best first. Importing this imports none of them."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, is_dataclass
from functools import partial
from importlib import import_module, util
from pathlib import Path
from typing import Any, Protocol, cast, runtime_checkable

from landmark_annotator.backends.learning.model_cards import CARD, read_card
from landmark_annotator.backends.learning.settings import OfScheme, SettingCard, cards_of
from landmark_annotator.backends.learning.torch_library import load_torch_library
from landmark_annotator.backends.plugged_backend import PluggedBackend
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.vocabulary import (
    Box,
    Evidence,
    LabelledInstance,
    Mask,
    Progress,
    RegionClick,
    RegionMap,
    Scheme,
    UnlabelledInstance,
)
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.errors import (
    ActionableError,
    MissingPackage,
    PluginFailed,
    closest,
)
from landmark_annotator.projects.vocabulary.plugins import BACKENDS as PLUGGED
from landmark_annotator.projects.vocabulary.plugins import Plugin, plugins


class TrainedModel(Protocol):
    """A model read from its folder, ready to propose. Used from one thread at a time."""

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        """The distribution over shapes for the object in the box, in image pixels."""
        ...


@runtime_checkable
class Reconsidering(Protocol):
    """A model that sees more of an object once people have placed some of its landmarks."""

    def reconsider(
        self, pixels: Pixels, proposal: Proposal, evidence: Sequence[Evidence]
    ) -> Proposal:
        """What it proposes in place of its own first proposal for this object, for the evidence to
        be heeded by once more. evidence: in image pixels, in any order. Without any it is the
        first proposal."""
        ...


@runtime_checkable
class Embedding(Protocol):
    """A model whose classes are linear in features of the image, and whose boxes are refined."""

    def propose(
        self, pixels: Pixels, box: Box, refinements: int = ..., regression: bool = ...
    ) -> Proposal:
        """As `TrainedModel.propose`, with at most so many corrections of the box, and with or
        without the regressors that refine the shape."""
        ...

    def embed(self, pixels: Pixels, box: Box) -> tuple[Floats, Box, Floats]:
        """Features (F,) of the crop along the refined box, that box, and the scores (K,)."""
        ...

    def class_weights(self) -> tuple[Floats, Floats]:
        """What the features are multiplied with (K, F), and the classes (K, L, 2)."""
        ...


@runtime_checkable
class Remembering(Protocol):
    """A model that keeps proposals made in its training by networks that had not seen them."""

    def unseen(self) -> Mapping[str, Proposal]:
        """By the key of the instance; one each."""
        ...


@runtime_checkable
class Staged(Protocol):
    """A model that comes to its answer in several steps, which can be looked at one by one."""

    def stages(self, pixels: Pixels, box: Box) -> Mapping[str, Floats]:
        """Where the landmarks (L, 2) are, in image pixels, after each step, by its name."""
        ...


@runtime_checkable
class Readable(Protocol):
    """A model whose maps of single landmarks may be read by their maximum or their barycentre."""

    def readings(self, pixels: Pixels, box: Box) -> Mapping[str, Floats]:
        """Where the landmarks (L, 2) are, in image pixels: `proposal`, as of `propose`, and by the
        name of each reading, where there are such maps."""
        ...


@runtime_checkable
class Ablatable(Protocol):
    """A model whose answer can be had without some of its parts."""

    def ablations(self, pixels: Pixels, box: Box) -> Mapping[str, Proposal]:
        """By the name of what is left; the last one is the whole."""
        ...


@runtime_checkable
class Segmenting(Protocol):
    """A model that says which region each pixel belongs to."""

    def regions(self) -> tuple[str, ...]:
        """The names of the regions that it knows."""
        ...

    def segment(
        self,
        pixels: Pixels,
        box: Box,
        landmarks: Floats,
        previous: Mapping[str, Mask],
        clicks: Sequence[RegionClick],
        covariances: Floats | None = None,
    ) -> RegionMap:
        """Of the object in the box, over a box of the model's own choice around it.

        landmarks: (L, 2) image pixels, NaN rows where unknown; covariances: (L, 2, 2) of those, in
        squared pixels, None where a person knows them. previous: the masks that there are,
        drawn or proposed, by region. clicks: what a person said about single pixels, in order.
        Without any of these three it proposes from nothing.
        """
        ...


@runtime_checkable
class Exact(Protocol):
    """A model that computes in reduced precision, and can do without."""

    def exactly(self) -> TrainedModel:
        """The same in single precision: slower, and the same on every machine."""
        ...


@runtime_checkable
class Portable(Protocol):
    """A backend's module that can write what it has trained as an ONNX file."""

    def onnx_file(self, folder: Path, scheme: Scheme) -> bytes:
        """Of the model in the folder. Inputs: `image` (H, W, 3) uint8, `box` (5,) float64. Outputs:
        `points` (L, 2), `covariances` (L, 2, 2), `hidden` (L,). Raises MissingPackage where `onnx`
        is not installed."""
        ...


Train = Callable[
    [Sequence[LabelledInstance], Scheme, Path, Mapping[str, Any], Progress], Mapping[str, Any]
]
"""(instances, scheme, model folder, settings, progress) to the card that was written."""


class TrainBeside(Protocol):
    """`train` of a backend whose card says `unlabelled`: it learns from objects without labels too.

    They are read one by one, by their own readers, and what a training keeps of them is its own to
    bound: there may be far more than fit into memory, and all of them may be unreadable. Its card
    says under "unlabelled" how many it has learned from ("used") and how many could not be read
    ("unreadable"); nought where its settings ask for none.
    """

    def __call__(
        self,
        instances: Sequence[LabelledInstance],
        scheme: Scheme,
        folder: Path,
        settings: Mapping[str, Any],
        progress: Progress,
        /,
        *,
        unlabelled: Sequence[UnlabelledInstance] = (),
    ) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Backend:
    """What is known of a backend before it is imported.

    needs: packages it imports. module: has `load(folder, scheme, device) -> TrainedModel` and
    `train`, see `Train`; and, to tell people, `Settings`: a dataclass of what can be set about a
    training. sparse: it learns from sparsely labelled instances too. lenient: it can weigh
    landmarks that a model placed and a person let pass; for others those are unknown.
    unlabelled: it learns from objects without labels too, see `TrainBeside`.
    from_nothing: settings that keep what came with the program out of a training, for protocols.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    citation: str
    module: str
    sparse: bool = False
    lenient: bool = True
    unlabelled: bool = False
    from_nothing: Mapping[str, Any] = field(default_factory=dict)

    def load(self, folder: Path, scheme: Scheme, device: str = "cpu") -> TrainedModel:
        """device: "cpu", or "cuda" where there is one. Raises MissingPackage, WeightsMismatch where
        the weights do not fit the scheme, or ActionableError for a device that is not there."""
        code = self._plugged or self.imported()
        return cast(TrainedModel, code.load(folder, scheme, device))

    def shipped(self, scheme: Scheme) -> Path | None:
        """The folder of the weights that come with the program for a scheme, None without any."""
        return self.weights(scheme.name)

    def weights(self, name: str) -> Path | None:
        """The folder of weights that come with the program, by their name."""
        return self._cards().get(name)

    def weights_names(self) -> list[str]:
        """Of all weights that come with the program."""
        return sorted(self._cards())

    def _cards(self) -> dict[str, Path]:
        cards = (Path(__file__).parent / self.name / "weights").glob(f"*/{CARD}")
        return {card.parent.name: card.parent for card in cards}

    def held_out(self, folder: Path) -> list[str]:
        """The keys of the labelled instances that a trained model has not learned from."""
        return list(read_card(folder).get("held_out_keys", ()))

    def learned_elsewhere(self, folder: Path) -> str:
        """What photographs a model has learned its landmarks from outside of any project, itself or
        by the weights that it started from; empty where there are none."""
        return str(read_card(folder).get("learned_elsewhere", ""))

    @property
    def train(self) -> Train:
        return cast(Train, (self._plugged or self.imported()).train)

    def train_beside(self, unlabelled: Sequence[UnlabelledInstance]) -> Train:
        """`train`, with these objects at hand; of a backend that is `unlabelled`."""
        return cast(Train, partial(self.train, unlabelled=unlabelled))  # type: ignore[call-arg]

    def failure(self, folder: Path) -> PluginFailed | None:
        """Of a plug-in's model; see `PluggedBackend.failure`."""
        return None if self._plugged is None else self._plugged.failure(folder)

    def settings(self) -> list[SettingCard]:
        """What can be set about its trainings; nothing where a plug-in does not say. Raises
        MissingPackage."""
        return self._cards_of("Settings")

    def check_settings(self, given: Mapping[str, Any], scheme: Scheme) -> None:
        """Raises ActionableError for what its trainings would refuse, whatever they learn from. A
        plug-in judges in its training."""
        chosen = None if self._plugged else self.imported().Settings.of(given)
        if isinstance(chosen, OfScheme):
            chosen.check_scheme(scheme)

    def augmentation(self) -> list[SettingCard]:
        """How its trainings change what they show at random, which cannot be set; nothing where
        that is not told. Raises MissingPackage."""
        return self._cards_of("Augmentation")

    def _cards_of(self, name: str) -> list[SettingCard]:
        with nullcontext() if self._plugged is None else self._plugged.blamed():
            cls = getattr(self.imported(), name, None)
        return cards_of(cls) if isinstance(cls, type) and is_dataclass(cls) else []

    @property
    def _plugged(self) -> PluggedBackend | None:
        """None where it came with the program."""
        package = next((p.package for p in plugged_backends() if p.card is self), "")
        return PluggedBackend(self.name, package, self.imported) if package else None

    def imported(self) -> Any:
        """The module. Raises MissingPackage where something that it needs is not installed."""
        missing = [name for name in self.needs if util.find_spec(name) is None]
        if missing:
            raise MissingPackage(
                f"The {self.title} needs {', '.join(missing)}, which is not installed.",
                kept="Everything else works without it.",
                remedy=f"Install it: pip install {' '.join(missing)}",
            )
        if "torch" in self.needs:
            load_torch_library()
        return import_module(self.module)


BACKENDS = (
    Backend(
        name="heatmap",
        title="heat-map network",
        needs=("torch", "safetensors"),
        citation="Chen, Su, Ji: Face Alignment with Kernel Density Deep Neural Network. ICCV 2019.",
        module="landmark_annotator.backends.heatmap",
        sparse=True,
        unlabelled=True,
        from_nothing={"trunk": "none"},
    ),
    Backend(
        name="exemplar",
        title="exemplar classifier",
        needs=("torch", "safetensors"),
        citation="Li, Jeni, Ramanan: Brute-Force Facial Landmark Analysis With A 140,000-Way "
        "Classifier. AAAI 2018.",
        module="landmark_annotator.backends.exemplar",
    ),
    Backend(
        name="occlusion",
        title="occlusion-adaptive network",
        needs=("torch", "safetensors"),
        citation="Zhu, Shi, Zheng, Sadiq: Robust Facial Landmark Detection via Occlusion-adaptive "
        "Deep Networks. CVPR 2019.",
        module="landmark_annotator.backends.occlusion",
        sparse=True,
    ),
    Backend(
        name="cropnet",
        title="coarse-to-fine network",
        needs=("torch", "safetensors"),
        citation="Chapter 3 of the thesis Deep face analysis: fine-grained facial landmark "
        "detection.",
        module="landmark_annotator.backends.cropnet",
        sparse=True,
    ),
    Backend(
        name="laplace",
        title="Laplace network",
        needs=("torch", "safetensors"),
        citation="Robinson, Li, Zhang, Fu, Tulyakov: Laplace Landmark Localization. ICCV 2019.",
        module="landmark_annotator.backends.laplace",
        sparse=True,
        unlabelled=True,
    ),
    # Made for filling: as a proposer it is the last choice.
    Backend(
        name="weak",
        title="weakly supervised network",
        needs=("torch", "safetensors"),
        citation="Chapter 5 of the thesis Deep face analysis: landmark correlation analysis and "
        "weakly supervised learning.",
        module="landmark_annotator.backends.weak",
        sparse=True,
        lenient=False,
    ),
)


DEFAULT_BACKEND = BACKENDS[0].name
"""What is trained where nobody names another."""


def check_device(name: str) -> None:
    """That networks are to run on. Raises ActionableError where there is no such device here,
    MissingPackage where networks cannot run at all."""
    if name != "cpu":
        load_torch_library()
        from landmark_annotator.backends.learning.device import device_named

        device_named(name)


def plugged_backends() -> tuple[Plugin, ...]:
    """Those that other packages bring."""
    return plugins(
        PLUGGED, Backend, (*(card.name for card in BACKENDS), "finder", "parsing", "hair")
    )


def all_backends() -> tuple[Backend, ...]:
    """Best first: those that came with the program, then those of other packages."""
    return (*BACKENDS, *(plugin.card for plugin in plugged_backends()))


def backend_named(name: str, beside: Sequence[Backend] = ()) -> Backend:
    """beside: others that can be meant, which propose no shapes. Raises ActionableError with the
    closest known name."""
    known = (*all_backends(), *beside)
    for backend in known:
        if backend.name == name:
            return backend
    names = [backend.name for backend in known]
    raise ActionableError(
        f'There is no backend "{name}".{closest(name, names)}',
        remedy=f"Known backends: {', '.join(names)}.",
    )
