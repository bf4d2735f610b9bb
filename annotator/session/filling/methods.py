"""The methods by which the rest of a sparsely labelled shape can be found, each judged alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from landmark_annotator.annotator.session.filling.dense import Clicked, Dense
from landmark_annotator.backends.fill.linear import LinearFill
from landmark_annotator.backends.metrics.errors import nme
from landmark_annotator.backends.registry import TrainedModel
from landmark_annotator.backends.shapes import Proposal, ShapeMixture, shape_prior
from landmark_annotator.backends.shapes.fitting.prior import PRIOR
from landmark_annotator.projects.vocabulary import SILENT, Progress, Shape
from landmark_annotator.projects.vocabulary.errors import Cancelled
from landmark_annotator.projects.vocabulary.numbering import numbered

if TYPE_CHECKING:
    from landmark_annotator.backends.fill.appearance import AppearanceFill


class FillMethod(Protocol):
    """name: for scripts. title: for people."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    def fill(self, clicked: Clicked) -> Shape:
        """All landmarks, with covariances."""
        ...

    def judged(self) -> Sequence[int]:
        """The densely labelled instances of which it can be asked what it says unseen."""
        ...

    def unseen(self, index: int, clicked: Clicked) -> Shape:
        """`fill` as by a model that has not learned from this densely labelled instance."""
        ...


@dataclass(frozen=True, eq=False)
class ByRegression:
    """Linear regression from the clicked landmarks; looks at no image."""

    dense: Dense
    seed: int
    name: str = "linear"
    title: str = "linear regression from the clicked points"
    _fitted: dict[tuple[tuple[int, ...], int | None], LinearFill] = field(default_factory=dict)

    def fill(self, clicked: Clicked) -> Shape:
        return self._filled(clicked, None)

    def judged(self) -> Sequence[int]:
        return range(len(self.dense.instances))

    def unseen(self, index: int, clicked: Clicked) -> Shape:
        return self._filled(clicked, int(self.dense.folds[index]))

    def _filled(self, clicked: Clicked, without: int | None) -> Shape:
        key = clicked.landmarks, without
        if key not in self._fitted:
            others = self.dense.outside(without)
            shapes, boxes = [i.shape.points for i in others], [i.box for i in others]
            related = [i.split_key for i in others]
            self._fitted[key] = LinearFill.fitted(
                shapes, boxes, clicked.landmarks, self.seed, related
            )
        points, covariances = self._fitted[key].fill(clicked.points, clicked.box)
        return Shape(points, covariances=covariances)


@dataclass(frozen=True, eq=False)
class ByPrior:
    """The posterior of the prior from the dense shapes; looks at no image."""

    dense: Dense
    name: str = PRIOR
    title: str = "posterior of the shapes labelled so far"
    _priors: dict[int | None, ShapeMixture] = field(default_factory=dict)

    def fill(self, clicked: Clicked) -> Shape:
        return self._filled(clicked, None)

    def judged(self) -> Sequence[int]:
        return range(len(self.dense.instances))

    def unseen(self, index: int, clicked: Clicked) -> Shape:
        return self._filled(clicked, int(self.dense.folds[index]))

    def _filled(self, clicked: Clicked, without: int | None) -> Shape:
        if without not in self._priors:
            labelled = [(i.box, i.shape) for i in self.dense.outside(without)]
            self._priors[without] = shape_prior(labelled)
        return clicked.given(Proposal(self.dense.box(clicked), self._priors[without], self.name))


@dataclass(frozen=True, eq=False)
class ByAppearance:
    """Regression from the clicked landmarks, corrected by what the image shows around each.

    usual: the landmarks that most instances have; further ones that an instance has only stay
    where they are, so that not every set of clicks needs regressors of its own. Needs Torch, as
    all that stands beside networks does.
    """

    dense: Dense
    usual: tuple[int, ...]
    seed: int
    name: str = "appearance"
    title: str = "regression from the clicked points and the image"
    _fitted: "dict[tuple[int, ...], AppearanceFill]" = field(default_factory=dict)

    def fill(self, clicked: Clicked) -> Shape:
        fitted = self._for(clicked)
        found, doubts = fitted.fill(clicked.points, clicked.box, clicked.read_pixels())
        return clicked.kept_in(Shape(found, covariances=doubts))

    def judged(self) -> Sequence[int]:
        from landmark_annotator.backends.fill.appearance import learned_from

        return learned_from(len(self.dense.instances))

    def unseen(self, index: int, clicked: Clicked) -> Shape:
        """From its training, by regressors that had not seen the instance; the clicks in that had
        errors of their own."""
        fitted = self._for(clicked)
        found = fitted.unseen[index]
        return clicked.kept_in(Shape(found, covariances=fitted.covariances_of(found)))

    def _for(self, clicked: Clicked) -> "AppearanceFill":
        from landmark_annotator.backends.fill.appearance import AppearanceFill

        own = clicked.landmarks
        key = self.usual if set(self.usual) <= set(own) else own
        if key not in self._fitted:
            self._fitted[key] = AppearanceFill.fitted(
                self.dense.instances, self.dense.scheme, key, self.seed
            )
        return self._fitted[key]


@dataclass(frozen=True, eq=False)
class ByModel:
    """The posterior of a trained model's proposal.

    held_out: the dense instances that it has not learned from. remembered: its proposals for some
    of those from its training, where networks were trained without them.
    """

    dense: Dense
    model: TrainedModel
    name: str
    title: str
    held_out: Sequence[int]
    remembered: Mapping[int, Proposal] = field(default_factory=dict)

    def fill(self, clicked: Clicked) -> Shape:
        frame = self.dense.frame(clicked)
        return clicked.given(self.model.propose(clicked.read_pixels(), frame))

    def judged(self) -> Sequence[int]:
        return self.held_out

    def unseen(self, index: int, clicked: Clicked) -> Shape:
        if index in self.remembered:
            return clicked.given(self.remembered[index])
        return self.fill(clicked)


@dataclass(frozen=True)
class Judgement:
    """error: NME in percent on densely labelled instances that a method had not learned from, None
    where there are none. instances: how many of them. between: what it lies between with 95 %
    confidence, as far as so many can tell; None where nothing tells."""

    name: str
    title: str
    error: float | None
    instances: int
    between: tuple[float, float] | None = None

    @property
    def range(self) -> str:
        """`between`, for people."""
        return "" if self.between is None else "{:.2f} to {:.2f}".format(*self.between)


def judgement(
    method: FillMethod, dense: Dense, errors: Mapping[int, float], level: float | None
) -> Judgement:
    """errors: of the method, by dense instance; level: its error as of `compared`."""
    # Imported late: the dialog knows the methods, and is not to wait for scipy.
    from landmark_annotator.backends.learning.held_out import mean_range

    between = None
    if errors and level is not None:
        own = np.array(list(errors.values()))
        between = mean_range(own, numbered([dense.instances[i].split_key for i in errors]))
        if between is not None:
            scale = level / float(own.mean())
            between = between[0] * scale, between[1] * scale
    return Judgement(method.name, method.title, level, len(errors), between)


def errors_of(
    method: FillMethod,
    dense: Dense,
    landmarks: Sequence[int],
    seed: int,
    most: int,
    progress: Progress = SILENT,
    *,
    boxed: float = 1.0,
) -> dict[int, float]:
    """NME in percent by dense instance, after these clicks; of at most so many instances. boxed:
    the share that is in a box as a person draws it, see `Dense.clicked`. Raises Cancelled: a method
    may learn for a minute from all but a few of them."""
    judged = list(method.judged())
    chosen = judged[:: -(-len(judged) // most)] if judged else []
    errors = {}
    for index in chosen:
        refuse_cancelled(progress)
        clicked, length = dense.clicked(index, landmarks, seed, boxed)
        found = method.unseen(index, clicked)
        errors[index] = nme(found.points, dense.instances[index].shape.points, length)
    return errors


def refuse_cancelled(progress: Progress) -> None:
    """Raises Cancelled where a person has stopped a fill."""
    if progress.cancelled():
        raise Cancelled("Filling was stopped.", kept="Nothing was changed.")


def compared(errors: Mapping[str, Mapping[int, float]], common: str) -> dict[str, float]:
    """The mean error of each method, as if all had been judged on the instances of the common one.

    Ways can be judged on different instances, some of them hard ones: what is compared is how far
    each is from the common method on the same instances.
    """
    base = errors[common]
    level = float(np.mean(list(base.values())))
    found = {}
    for name, own in errors.items():
        shared = [i for i in own if i in base]
        if shared:
            found[name] = level + float(np.mean([own[i] - base[i] for i in shared]))
    return found
