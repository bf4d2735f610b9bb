"""How slow work reports where it is, without knowing who watches."""

from typing import Protocol


class Progress(Protocol):
    """Slow work calls `start` once a stage, `advance` as it goes, and asks `cancelled` often.

    Work that finds `cancelled()` true stops at the next safe point and keeps what is done.
    """

    def start(self, stage: str, total: int | None) -> None: ...

    def advance(self, steps: int = 1, note: str = "") -> None: ...

    def cancelled(self) -> bool: ...


class _Silent:
    def start(self, stage: str, total: int | None) -> None:
        pass

    def advance(self, steps: int = 1, note: str = "") -> None:
        pass

    def cancelled(self) -> bool:
        return False


SILENT: Progress = _Silent()
