"""The prior of the same labels on the same pixels is made once in a process of tests.

Most windows that tests open stand on the same dozen labelled images, and to learn from these takes
longer than most of the tests. What is learned is tested in its own room.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from copy import copy
from hashlib import sha256
from itertools import count
from threading import RLock
from typing import TypeVar
from weakref import WeakKeyDictionary

import numpy as np

from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.backends.registration import model as registration
from landmark_annotator.backends.registry import TrainedModel
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Progress, Scheme
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.progress import SILENT

_MOST = 32
_known: OrderedDict[Hashable, TrainedModel] = OrderedDict()
_blind: OrderedDict[Hashable, TrainedModel] = OrderedDict()
_proposed: WeakKeyDictionary[TrainedModel, OrderedDict[Hashable, Proposal]] = WeakKeyDictionary()
_making, _keeping = RLock(), RLock()

Known = TypeVar("Known")


def blindly(prior: PriorModel, progress: Progress = SILENT) -> TrainedModel:
    """In the place of `PriorModel.load`, what is made in no time."""
    return prior.blind()


def once(load: Callable[..., TrainedModel]) -> Callable[..., TrainedModel]:
    """`PriorModel.load` that remembers what it made, by all that it is made of."""

    def known(self: PriorModel, progress: Progress = SILENT) -> TrainedModel:
        contents = _contents(self)
        # Where two pages begin at once, each would make it, and under load wait too long for it.
        with _making:
            model = _known.get(contents)
            if model is None:
                model = load(self, progress)
            _keep(_known, contents, model)
        return model

    return known


def blind_once(blind: Callable[..., TrainedModel]) -> Callable[..., TrainedModel]:
    """The same of `PriorModel.blind`, which looks at no pixels; an object of its own each time."""

    def known(self: PriorModel, pointing: Scheme | None = None) -> TrainedModel:
        contents = self.scheme, pointing, _related(self, _labels)
        model = _blind.get(contents)
        if model is None:
            model = blind(self, pointing)
        _keep(_blind, contents, model)
        return copy(model)

    return known


def proposed_once(propose: Callable[..., Proposal]) -> Callable[..., Proposal]:
    """`propose` of a model, which remembers what it said of which pixels; an object of its own each
    time. Windows of the same project ask the same prior for the same, a tenth of a second each."""

    def known(self: TrainedModel, pixels: Pixels, box: Box) -> Proposal:
        asked = pixels.shape, sha256(np.ascontiguousarray(pixels)).digest(), box
        with _keeping:
            proposals = _proposed.setdefault(self, OrderedDict())
            proposal = proposals.get(asked)
        if proposal is None:
            proposal = propose(self, pixels, box)
        _keep(proposals, asked, proposal)
        return copy(proposal)

    return known


def _keep(known: OrderedDict[Hashable, Known], contents: Hashable, one: Known) -> None:
    with _keeping:
        known[contents] = one
        known.move_to_end(contents)  # what was asked for last is given up last
        while len(known) > _MOST:
            known.popitem(last=False)


def _contents(prior: PriorModel) -> Hashable:
    return prior.scheme, _related(prior, _content), registration._MOST_LOOKS


def _related(
    prior: PriorModel, content: Callable[[LabelledInstance], tuple[Hashable, ...]]
) -> tuple[tuple[Hashable, ...], ...]:
    """Of related instances only which of them are."""
    numbers = count()
    relations: dict[str, int] = {}
    for each in prior.labelled:
        relations.setdefault(each.split_key, next(numbers))
    return tuple((relations[each.split_key], *content(each)) for each in prior.labelled)


def _content(instance: LabelledInstance) -> tuple[Hashable, ...]:
    try:
        pixels = instance.read_pixels()
    except ActionableError:
        seen = None
    else:
        seen = pixels.shape, sha256(pixels).digest()
    return *_labels(instance), seen


def _labels(instance: LabelledInstance) -> tuple[Hashable, ...]:
    shape = instance.shape
    arrays = shape.points, shape.visibility, shape.covariances
    return instance.box, shape.provenance, *(array.tobytes() for array in arrays)
