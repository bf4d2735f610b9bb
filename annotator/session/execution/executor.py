"""What slow work is made of, and what does it: this process, others beside it, or a cluster."""

from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Protocol, Self, TypeVar

from landmark_annotator.annotator.session.execution.memory import keep_freed_memory

Task = TypeVar("Task")
Result = TypeVar("Result")
Task_contra = TypeVar("Task_contra", contravariant=True)
Result_co = TypeVar("Result_co", covariant=True)


class Work(Protocol[Task_contra, Result_co]):
    """One kind of work, small enough to be sent to whoever does it: where a model lies, and not
    the model. Never an open project: who does the work reads images and writes nothing."""

    def make(self) -> Callable[[Task_contra], Result_co]:
        """What does one task. Slow (it may load a network), so done once a process.

        Raises ActionableError where it would not do here what it does where it was sent from.
        """
        ...


class Executor(Protocol):
    """Does the same work whoever it is: results differ in nothing but how soon they are there.
    Used in a `with` statement."""

    def results(self, work: Work[Task, Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """One of each task, in their order, each as soon as it is there; leaving off early stops
        what is under way. A bounded number of them is waiting at any moment.

        Raises what the work raises, and ActionableError where those who work for it are gone.
        """
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class ThisProcess:
    """The plain loop."""

    def results(self, work: Work[Task, Result], tasks: Sequence[Task]) -> Iterator[Result]:
        if tasks:
            keep_freed_memory()
            do = work.make()
            for task in tasks:
                yield do(task)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass


THIS_PROCESS: Executor = ThisProcess()
