"""What a worker process does: it makes each work once, and then one task after the other."""

import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from landmark_annotator.annotator.session.execution.memory import keep_freed_memory
from landmark_annotator.projects.vocabulary.errors import ActionableError


@dataclass(frozen=True)
class Failure:
    """In place of a result. Either what a person can act on, or the traceback of a mistake."""

    error: ActionableError | None
    trace: str = ""

    @classmethod
    def of(cls, error: Exception) -> "Failure":
        if isinstance(error, ActionableError):
            return cls(error)
        return cls(None, "".join(traceback.format_exception(error)))

    def raised(self) -> Exception:
        if self.error is not None:
            return self.error
        return RuntimeError(f"A worker process failed:\n{self.trace}")


def serve(pipe: Connection) -> None:
    """Until nobody is at the other end: a worker outlives nobody that it works for.

    It is sent either (work,), or (number, task) and answers (number, result or Failure).
    """
    keep_freed_memory()
    do: Any = None
    while True:
        try:
            message = pipe.recv()
        except (EOFError, OSError):
            return
        answer: Any
        if len(message) == 1:
            try:
                do = message[0].make()
            except Exception as error:  # noqa: BLE001 - told to who asks for the first result
                do = _failing(error)
            continue
        number, task = message
        try:
            answer = do(task)
        except Exception as error:  # noqa: BLE001 - raised where the work was sent from
            answer = Failure.of(error)
        try:
            pipe.send((number, answer))
        except OSError:
            return


def _failing(error: Exception) -> Any:
    def fail(task: object) -> Any:
        raise error

    return fail
