"""A training that somebody stops."""


class StopsAfter:
    """A user who stops the training after a number of batches of a stage."""

    def __init__(self, batches: int, stage: str = "training") -> None:
        self.left, self.counted = batches, stage
        self.stage = ""

    def start(self, stage: str, total: int | None) -> None:
        self.stage = stage

    def advance(self, steps: int = 1, note: str = "") -> None:
        if self.stage == self.counted:
            self.left -= steps

    def cancelled(self) -> bool:
        return self.left <= 0
