"""A progress that keeps what a training measures of itself, for tests of what it measures."""

from collections import defaultdict


class Curves:
    """points: of each curve its epochs and values."""

    def __init__(self) -> None:
        self.points = defaultdict[str, list[tuple[int, float]]](list)

    def start(self, stage: str, total: int | None) -> None:
        pass

    def advance(self, steps: int = 1, note: str = "") -> None:
        pass

    def cancelled(self) -> bool:
        return False

    def measured(self, curve: str, epoch: int, value: float) -> None:
        self.points[curve].append((epoch, value))
