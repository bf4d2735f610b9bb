"""Writes the record of a training while it goes on: a progress that keeps what is measured."""

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from itertools import count
from typing import Any

from landmark_annotator.annotator.session.models.earlier_models import keep_model
from landmark_annotator.annotator.session.models.labels_cut_short import (
    forget_labels,
    keep_labels,
)
from landmark_annotator.annotator.session.models.library import KeptModel, ModelLibrary
from landmark_annotator.annotator.session.models.training_record import (
    Outcome,
    TrainingRecord,
    path_of,
    running_mark,
    training_mark,
    trainings,
    unfinished,
)
from landmark_annotator.backends.registry import Backend
from landmark_annotator.projects.file_lock import one_at_a_time
from landmark_annotator.projects.folder_sync import discard, make_folder, write_whole
from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.errors import ActionableError, Cancelled, TooFewLabels

_EVERY_S = 1.0
"""Often enough for whoever watches a curve."""
_LOOK_S = 0.2
"""What holds a lock may be a look at it, which is over at once."""
_LOSS = "loss"
_OF_THE_CALL = "fresh"
"""A setting that says how to begin and not what is learned."""


class TrainingRecorder:
    """A `Progress` that hands everything on to another one."""

    def __init__(
        self,
        library: ModelLibrary,
        record: TrainingRecord,
        told: Progress,
        before: TrainingRecord | None,
    ) -> None:
        """before: a training without an end that this one may go on from."""
        self._library, self._told, self._before = library, told, before
        self._path = path_of(library, record.number)
        self._began = self._written = time.monotonic()
        self._curves: dict[str, list[tuple[int, float]]] = {}
        self.record = record

    def begins_with(self, keys: Iterable[str]) -> None:
        """keys: of the instances, for a training that goes on from this one."""
        if self._before is not None:
            forget_labels(path_of(self._library, self._before.number))
        keep_labels(self._path, keys)

    def start(self, stage: str, total: int | None) -> None:
        self._told.start(stage, total)

    def advance(self, steps: int = 1, note: str = "") -> None:
        self._told.advance(steps, note)

    def cancelled(self) -> bool:
        return self._told.cancelled()

    def measured(self, curve: str, epoch: int, value: float) -> None:
        """What begins anew takes the place of what was measured before under its name."""
        points = self._curves.setdefault(curve, [])
        if points and epoch <= points[-1][0]:
            points.clear()
        points.append((epoch, round(value, 5)))
        if time.monotonic() - self._written >= _EVERY_S or len(points) == 1:
            # A disk that takes no curve may yet take a model.
            with suppress(OSError):
                self.write()

    def finished(self, card: Mapping[str, Any], own: KeptModel) -> None:
        """card: of the model that it left. Raises OSError."""
        settings = card.get("settings", self.record.settings)
        changed = _changed(settings, own.backend) if "settings" in card else self.record.changed
        figures = {k: v for k, v in card.get("figures", {}).items() if isinstance(v, int | float)}
        try:
            model = own.maker(own.name)
        except OSError:
            model = ""
        self.record = replace(
            self.record, settings=settings, changed=changed, figures=figures, model=model
        )
        self._end(Outcome.FINISHED)
        self.write()
        forget_labels(self._path)

    def ended(self, outcome: Outcome, message: str) -> None:
        """Without a model."""
        self._end(outcome, message)
        with suppress(OSError):
            self.write()

    def refused(self, error: TooFewLabels) -> None:
        """Before anything was learned there was no training, and no record of it stays."""
        if self._curves:
            self.ended(Outcome.FAILED, _failure(error))
        else:
            with suppress(OSError):
                self._path.unlink()

    def write(self) -> None:
        """Raises OSError."""
        self._written = time.monotonic()
        curves = {name: tuple(points) for name, points in self._curves.items()}
        seconds = round(time.monotonic() - self._began, 1)
        self.record = self._gone_on(replace(self.record, curves=curves, seconds=seconds))
        write_whole(self._path, json.dumps(self.record.as_json(), indent=1) + "\n")

    def _end(self, outcome: Outcome, message: str = "") -> None:
        self.record = replace(self.record, outcome=outcome, message=message)

    def _gone_on(self, record: TrainingRecord) -> TrainingRecord:
        """With what the stopped training had measured that this one goes on from: of its epochs
        the losses are kept with the network, and nothing else."""
        before, losses = self._before, record.curves.get(_LOSS, ())
        known = () if before is None else before.curves.get(_LOSS, ())
        if before is None or not known or losses[: len(known)] != known:
            return record
        curves = dict(record.curves)
        for name, points in before.curves.items():
            later = tuple(p for p in curves.get(name, ()) if p[0] > points[-1][0])
            curves[name] = (*points, *later)
        return replace(record, curves=curves, went_on_from=before.number)


@contextmanager
def recorded(
    library: ModelLibrary,
    backend: Backend,
    settings: Mapping[str, Any],
    learned_from: Sequence[str],
    who: str,
    progress: Progress,
) -> Iterator[TrainingRecorder]:
    """For a training inside, which says `finished` at its end. learned_from: the group of each
    instance. Raises OSError where nothing can be written, and ActionableError for wrong settings,
    or where the backend is trained in this folder already; of those nothing is recorded, as of too
    few labels. What else is raised inside says so where the backend has a model from before."""
    backend.check_settings(settings, library.scheme)
    given = {name: value for name, value in settings.items() if name != _OF_THE_CALL}
    chosen = {card.name: card.default for card in backend.settings()} | given
    device = str(chosen.get("device", "cpu"))
    record = TrainingRecord(
        number=0,
        begun=datetime.now(UTC),
        backend=backend.name,
        labels=len(learned_from),
        groups=len(set(learned_from)),
        who=who,
        program=metadata.version("landmark-annotator"),
        device=_title(device),
        start=" ".join(str(chosen[name]) for name in backend.from_nothing if name in chosen),
        settings=chosen,
        changed=_changed(chosen, backend),
        outcome=Outcome.RUNNING,
    )
    with _alone(library, backend), ExitStack() as held:
        records = trainings(library)
        earlier = [] if settings.get(_OF_THE_CALL) else unfinished(records, backend.name)
        record = _numbered(library, record, records)
        path = path_of(library, record.number)
        recorder = TrainingRecorder(library, record, progress, next(iter(earlier), None))
        mark = running_mark(path)
        try:
            held.enter_context(one_at_a_time(mark))
            recorder.write()
        except BaseException:
            # A full disk takes names of files and nothing in them: no training was begun.
            discard(path)
            discard(mark)
            raise
        own = library.own(backend)
        keep_model(library, own)
        try:
            yield recorder
        except Cancelled as stopped:
            recorder.ended(Outcome.STOPPED, stopped.happened)
            raise _beside(own, stopped) from stopped.__cause__
        except TooFewLabels as error:
            recorder.refused(error)
            raise
        except ActionableError as error:
            recorder.ended(Outcome.FAILED, _failure(error))
            raise _beside(own, error) from error.__cause__
        except KeyboardInterrupt:
            recorder.ended(Outcome.STOPPED, "Training was stopped at once.")
            raise
        except BaseException as error:
            recorder.ended(Outcome.FAILED, f"{type(error).__name__}: {error}")
            raise
        finally:
            with suppress(OSError):
                mark.unlink()


@contextmanager
def _alone(library: ModelLibrary, backend: Backend) -> Iterator[None]:
    """Two that train a backend in one folder would write over each other's epochs and model. Raises
    ActionableError where somebody does, and OSError."""
    make_folder(library.trainings_folder)
    with one_at_a_time(training_mark(library, backend.name), _LOOK_S, stays=False) as alone:
        if not alone:
            running = [one for one in trainings(library) if one.outcome is Outcome.RUNNING]
            same = [one for one in running if one.backend == backend.name]
            by = "".join(f", by {one.who} (training {one.number})" for one in same[-1:])
            raise ActionableError(
                f"The {backend.title} is being trained in this folder already{by}.",
                kept="What that leaves is for everybody who works in this folder.",
                remedy="Wait for its end, or stop it where it runs; annotator trainings PROJECT "
                "tells how far it is.",
            )
        yield


def _beside(own: KeptModel, error: ActionableError) -> ActionableError:
    """The same, with what else is kept: no backend knows whether it had a model before."""
    if not own.is_there:
        return error
    kept = f"{error.kept} The {own.backend.title} from before is kept.".strip()
    return type(error)(error.happened, kept=kept, remedy=error.remedy)


def _numbered(
    library: ModelLibrary, record: TrainingRecord, before: Iterable[TrainingRecord]
) -> TrainingRecord:
    """With a number that no other has, whoever else begins to train at this moment. before: those
    that there are."""
    for number in count(1 + max((one.number for one in before), default=0)):
        try:
            path_of(library, number).touch(exist_ok=False)
        except FileExistsError:
            continue
        return replace(record, number=number)
    raise AssertionError("numbers do not end")


def _failure(error: ActionableError) -> str:
    return f"{error.happened} {error.remedy}".strip()


def _changed(settings: Mapping[str, Any], backend: Backend) -> tuple[str, ...]:
    """The settings that are not as they are by default."""
    defaults = {card.name: card.default for card in backend.settings()}
    return tuple(
        name
        for name, value in settings.items()
        if name != _OF_THE_CALL and _plain(value) != _plain(defaults.get(name))
    )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple | list) else value


def _title(device: str) -> str:
    # Loads torch, which whatever is trained now needs anyway.
    from landmark_annotator.backends.learning.device import device_title

    try:
        return device_title(device)
    except ActionableError:
        return device
