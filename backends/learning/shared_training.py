"""One training by several processes, each of which learns from its part of every batch.

All of them run the same program with the same seeds, as under torchrun: the course is that of one
process up to rounding, for gradients, the statistics of batches and losses are added up. The first
one is the process that was asked; it alone writes into the model's folder, and the others end with
it.
"""

import io
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar, cast

import torch
from torch import Tensor, distributed, nn

from landmark_annotator.backends.learning.batches import Batch
from landmark_annotator.backends.learning.checkpoints import GO_ON
from landmark_annotator.backends.learning.training_state import TrainingState
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.interrupts import not_for_helpers
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.progress import SILENT
from landmark_annotator.projects.vocabulary.scheme import Scheme

PATIENCE = timedelta(days=7)
"""Somebody may have paused the first one; who is dead is noticed without it."""

_UNTIL_TOLD_S = 5.0

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Lesson:
    """What a training is called with, besides where it writes and who watches."""

    train: Callable[..., Mapping[str, Any]]
    instances: Sequence[LabelledInstance]
    scheme: Scheme
    settings: Mapping[str, Any]


def processes() -> int:
    """That learn together; 1 where this one is alone."""
    return distributed.get_world_size() if distributed.is_initialized() else 1


def is_first() -> bool:
    return not distributed.is_initialized() or distributed.get_rank() == 0


def of_the_first(value: _Value) -> _Value:
    """What the first process has, in all of them."""
    if processes() == 1:
        return value
    sent: list[Any] = [value]
    distributed.broadcast_object_list(sent)
    return cast(_Value, sent[0])


def own_part(batch: Batch) -> Batch:
    """Raises ActionableError where there is not one sample for each."""
    count = processes()
    if count == 1:
        return batch
    if len(batch[0]) < count:
        raise ActionableError(
            f"{count} processes cannot share a batch of {len(batch[0])}.",
            kept="Nothing was trained.",
            remedy="Take fewer --processes.",
        )
    rank = distributed.get_rank()
    return tuple(part.tensor_split(count)[rank] for part in batch)


def over_all(value: Tensor) -> Tensor:
    """The sum over all processes; nothing is learned through it."""
    total = value.detach().clone()
    if processes() > 1:
        distributed.all_reduce(total)
    return total


def add_gradients(learned: Sequence[nn.Parameter]) -> None:
    """Each becomes the sum over all processes."""
    if processes() == 1:
        return
    gradients = [each.grad for each in learned if each.grad is not None]
    flat = torch.cat([each.flatten() for each in gradients])
    distributed.all_reduce(flat)
    sizes = [each.numel() for each in gradients]
    for each, summed in zip(gradients, torch.split(flat, sizes), strict=True):
        each.copy_(summed.view_as(each))


def agree(state: TrainingState[Any]) -> None:
    """All go on from the state of the first one, which alone has a checkpoint."""
    if processes() == 1:
        return
    told = None
    if is_first():
        file = io.BytesIO()
        parts = (state.network, state.average, state.optimiser)
        torch.save([part.state_dict() for part in parts], file)
        told = (file.getvalue(), state.losses, state.seconds)
    told = of_the_first(told)
    if told is not None and not is_first():
        content, losses, seconds = told
        kept = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
        for part, values in zip((state.network, state.average, state.optimiser), kept, strict=True):
            part.load_state_dict(values)
        state.losses[:], state.seconds = losses, seconds


@contextmanager
def helped(count: int, lesson: Lesson) -> Iterator[Mapping[str, Any]]:
    """count - 1 processes beside this one train with it inside. Gives the settings that this one
    trains with: on several cards each has one of its own.

    Raises ActionableError where there are not as many cards, or where one of the processes ends
    before the training does.
    """
    devices = _devices(str(lesson.settings.get("device", "cpu")), count)
    # One machine: nothing needs to be heard outside of it.
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo0" if sys.platform == "darwin" else "lo")
    threads = max(torch.get_num_threads() // count, 1)
    before = torch.get_num_threads()
    helpers: list[tuple[BaseProcess, Connection]] = []
    with tempfile.TemporaryDirectory() as folder:
        meeting = f"file://{Path(folder) / 'meeting'}"
        try:
            for rank in range(1, count):
                (own := Path(folder) / str(rank)).mkdir()
                part = _Part(rank, count, meeting, threads, lesson, devices[rank], own)
                helpers.append(_started(part))
            _all_are_there(helpers)
            torch.set_num_threads(threads)
            distributed.init_process_group(
                "gloo", meeting, timeout=PATIENCE, rank=0, world_size=count
            )
            yield with_device(devices[0], lesson.settings)
        except RuntimeError as error:
            # What has ended is told a little later than its connection is closed.
            if not wait([process.sentinel for process, _ in helpers], _UNTIL_TOLD_S):
                raise
            raise ActionableError(
                "A process of the training was ended.",
                kept="The epochs so far are kept.",
                remedy=f"{GO_ON} Where memory was short, take fewer --processes.",
            ) from error
        finally:
            for process, pipe in helpers:
                process.kill()
                process.join()
                pipe.close()
            if distributed.is_initialized():
                distributed.destroy_process_group()
            torch.set_num_threads(before)


def with_device(device: str, settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is not asked for need not be a setting of the backend."""
    return {**settings, "device": device} if "device" in settings else settings


def _devices(name: str, count: int) -> list[str]:
    if name == "cpu":
        return [name] * count
    cards = torch.cuda.device_count()
    if name != "cuda" or cards < count:
        raise ActionableError(
            f"{count} processes need as many graphics cards; there are {cards}."
            if name == "cuda"
            else f"{count} processes cannot share {name}.",
            kept="Nothing was trained.",
            remedy="Take fewer --processes, or leave --device at cpu.",
        )
    return [f"cuda:{rank}" for rank in range(count)]


@dataclass(frozen=True)
class _Part:
    """What one helper of `count` processes does. meeting: where they find each other. folder: its
    own, in that of the first one, which may end it in the middle of what it does."""

    rank: int
    count: int
    meeting: str
    threads: int
    lesson: Lesson
    device: str
    folder: Path


def _started(part: _Part) -> tuple[BaseProcess, Connection]:
    # A forked process would inherit the threads' locks of this one's libraries.
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_help, args=(part, theirs), daemon=True)
    with not_for_helpers():
        process.start()
    theirs.close()
    return process, ours


def _all_are_there(helpers: Sequence[tuple[BaseProcess, Connection]]) -> None:
    for process, pipe in helpers:
        wait([pipe, process.sentinel])
        if not pipe.poll():
            raise RuntimeError("A process of the training did not start.")


def _help(part: _Part, first: Connection) -> None:
    """The same training, of which nothing is kept."""
    threading.Thread(target=_end_with, args=(first,), daemon=True).start()
    torch.set_num_threads(part.threads)
    first.send("there")
    distributed.init_process_group(
        "gloo", part.meeting, timeout=PATIENCE, rank=part.rank, world_size=part.count
    )
    lesson = part.lesson
    settings = with_device(part.device, lesson.settings)
    # What is wrong with the labels or the settings the first one says.
    with suppress(ActionableError):
        lesson.train(lesson.instances, lesson.scheme, part.folder, settings, SILENT)
    threading.Event().wait()  # Until the first one is done, which ends this one.


def _end_with(first: Connection) -> None:
    with suppress(EOFError, OSError):
        first.recv()
    os._exit(0)
