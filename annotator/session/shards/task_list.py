"""The tasks of a manifest: lines of a file, of which none is in memory until it is asked for."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray
from typing_extensions import override

from landmark_annotator.annotator.session.execution.paged import Paged
from landmark_annotator.annotator.session.shards.checked_lines import damaged


class TaskList(Paged[dict[str, Any]]):
    """begins: (N + 1,) where each line of the file begins, and where the last one ends. The file
    was found whole when they were read; it may be read again at any time."""

    def __init__(self, file: Path, begins: NDArray[np.int64]) -> None:
        super().__init__()
        self._file = file
        self._begins = begins

    @override
    def __len__(self) -> int:
        return len(self._begins) - 1

    @override
    def part(self, places: slice) -> "TaskList":
        start, end, step = places.indices(len(self))
        if step != 1:
            raise ValueError("tasks come in their order")
        return TaskList(self._file, self._begins[start : max(end, start) + 1])

    @override
    def read(self, start: int, end: int) -> list[dict[str, Any]]:
        """Raises ActionableError where the file has been changed meanwhile."""
        begins = self._begins[start : end + 1].tolist()
        try:
            with self._file.open("rb") as stream:
                stream.seek(begins[0])
                lines = [stream.read(following - begin) for begin, following in pairwise(begins)]
            return [orjson.loads(line) for line in lines]
        except (OSError, ValueError) as error:
            raise damaged(self._file, "it was changed while it was read") from error
