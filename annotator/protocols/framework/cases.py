"""Asking the measured model about one case after the other, wherever that is computed."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from typing_extensions import override

from landmark_annotator.annotator.protocols.framework.options import MeasuredModel, Options
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.annotator.session.models.model_identity import check_same
from landmark_annotator.backends.registry import TrainedModel
from landmark_annotator.projects.vocabulary import Progress

Case = TypeVar("Case")
Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class CaseWork(Generic[Case, Result]):
    """measure: a function of a module, or a `partial` of one. here: the model, loaded, which is not
    sent along: each process loads its own, once."""

    measured: MeasuredModel
    identity: str
    measure: Callable[[TrainedModel, Case], Result]
    here: TrainedModel | None = None

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        return CaseWork, (self.measured, self.identity, self.measure)

    def make(self) -> Callable[[Case], Result]:
        model = self.here
        if model is None:
            check_same(self.identity, self.measured.identity)
            model = self.measured.load()
        return lambda case: self.measure(model, case)


@dataclass(frozen=True, eq=False)
class Measuring:
    """A model that is loaded here."""

    _model: TrainedModel
    _options: Options
    _measured: MeasuredModel
    _progress: Progress

    def of(
        self,
        stage: str,
        measure: Callable[[TrainedModel, Case], Result],
        cases: Sequence[Case],
    ) -> Iterator[Result]:
        """What was found of each case, in their order. Raises Cancelled."""
        work = CaseWork(self._measured, self._measured.identity, measure, self._model)
        self._progress.start(stage, len(cases))
        for found in self._options.executor.results(work, cases):
            yield found
            step(self._progress)


@contextmanager
def measuring(options: Options, progress: Progress) -> Iterator[Measuring]:
    """What measures the model of the options, as of `Options.model`. A model that is trained for
    the protocol and not kept is there until the end."""
    with options.measured_model(progress) as measured:
        yield Measuring(measured.load(), options, measured, progress)
