"""How slow work reports where it is, without knowing who watches."""

from typing import Protocol, runtime_checkable


class Progress(Protocol):
    """Slow work calls `start` once a stage, `advance` as it goes, and asks `cancelled` often.

    Work that finds `cancelled()` true stops at the next safe point and keeps what is done.
    """

    def start(self, stage: str, total: int | None) -> None: ...

    def advance(self, steps: int = 1, note: str = "") -> None: ...

    def cancelled(self) -> bool: ...


@runtime_checkable
class Measured(Protocol):
    """A progress that also keeps what a training measures of itself while it goes on."""

    def measured(self, curve: str, epoch: int, value: float) -> None:
        """curve: what it is, such as "loss". epoch: passes over the training instances so far."""
        ...


def tell_measured(progress: Progress, curve: str, epoch: int, value: float) -> None:
    """To a progress that keeps such things; others are told nothing."""
    if isinstance(progress, Measured):
        progress.measured(curve, epoch, value)


class _Silent:
    def start(self, stage: str, total: int | None) -> None:
        pass

    def advance(self, steps: int = 1, note: str = "") -> None:
        pass

    def cancelled(self) -> bool:
        return False


SILENT: Progress = _Silent()
