"""Runs attacks in a process of their own: one that dies or hangs is a failure like others."""

import os
import random
import resource
import shutil
import signal
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from landmark_annotator.projects.vocabulary.errors import ActionableError
from tests.benchmarks.fuzz.mutations import attacked
from tests.benchmarks.fuzz.seeds import Target, targets

SECONDS = 20
"""Of the processor that an input may take, whatever else runs."""
_WAITING = 300
"""Seconds that it may wait for anything."""
MEMORY = 8 << 30
"""Bytes of address space, most of which no library ever uses."""
_BATCH = 20_000


@dataclass(frozen=True)
class Failure:
    """number: of the input; the same seed and number make it again."""

    target: str
    number: int
    reason: str


def run(inputs: int, seed: int, only: Sequence[str] = (), kept: Path | None = None) -> "Result":
    """kept: a folder for the inputs that failed."""
    result = Result(0, {}, [])
    for start in range(0, inputs, _BATCH):
        numbers = range(start, min(start + _BATCH, inputs))
        while numbers:
            done = _batch(numbers, seed, only, kept, result)
            numbers = numbers[done:]
    return result


@dataclass
class Result:
    inputs: int
    by_target: dict[str, int]
    failures: list[Failure]
    slowest: float = 0.0


def _batch(
    numbers: range, seed: int, only: Sequence[str], kept: Path | None, result: Result
) -> int:
    """How many of them were done: all, or those up to one that ended the process."""
    context = get_context("fork")
    here, there = context.Pipe()
    process = context.Process(target=_attack, args=(there, numbers, seed, only, kept))
    process.start()
    there.close()
    done, current = 0, ""
    try:
        while True:
            kind, *rest = here.recv()
            if kind == "begin":
                current = rest[0]
            elif kind == "done":
                done += 1
                result.inputs += 1
                result.by_target[current] = result.by_target.get(current, 0) + 1
                result.slowest = max(result.slowest, rest[1])
                if rest[0]:
                    result.failures.append(Failure(current, numbers[done - 1], rest[0]))
    except EOFError:
        pass
    process.join()
    if done < len(numbers):
        result.failures.append(Failure(current, numbers[done], f"ended by {process.exitcode}"))
        result.inputs += 1
        done += 1
    return done


def _attack(
    said: Connection, numbers: range, seed: int, only: Sequence[str], kept: Path | None
) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with TemporaryDirectory() as name:
        folder = Path(name)
        known = [t for t in targets(folder) if not only or t.name in only]
        signal.signal(signal.SIGALRM, _late)
        signal.signal(signal.SIGPROF, _late)
        for number in numbers:
            chance = random.Random(f"{seed} {number}")
            target = chance.choices(known, [t.share for t in known])[0]
            said.send(("begin", target.name))
            content = attacked(
                chance.choice(target.contents), chance.choice(target.contents), chance
            )
            start = time.process_time()
            reason = _tried(target, folder, content)
            said.send(("done", reason, time.process_time() - start))
            if reason and kept is not None:
                kept.mkdir(parents=True, exist_ok=True)
                (kept / f"{number}-{target.file}").write_bytes(content)
    said.close()
    os._exit(0)


def _tried(target: Target, folder: Path, content: bytes) -> str:
    """Why it failed; "" where it did not."""
    file = folder / target.file
    file.write_bytes(content)
    before = set(_names(folder))
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    signal.alarm(_WAITING)
    try:
        target.read(file)
    except ActionableError as error:
        if not error.happened:
            return "an error without a sentence"
    except _Late:
        return f"more than {SECONDS} s: {traceback.format_exc(limit=-4)}"
    except Exception:  # noqa: BLE001 - what nobody expected is what is looked for
        return traceback.format_exc(limit=-6)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
        file.unlink(missing_ok=True)
    new = set(_names(folder)) - before
    for name in new:
        shutil.rmtree(folder / name, ignore_errors=True)
    # Where pictures that are inside a file are put, as its reader says.
    new.discard(f"{file.name.split('.')[0]}-images")
    return f"wrote {sorted(new)}" if new else ""


def _names(folder: Path) -> Iterator[str]:
    return (entry.name for entry in os.scandir(folder))


class _Late(BaseException):
    pass


def _late(*_: object) -> None:
    raise _Late
