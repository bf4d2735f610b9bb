"""What is to be searched: a list of a million of which no more is in memory than is at hand."""

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from landmark_annotator.annotator.session.execution.paged import Paged
from landmark_annotator.annotator.session.finding.find_work import Gone, Task
from landmark_annotator.projects.store import Project


class WaitingImages(Paged[Task]):
    """ids: (N,) in the order in which they are searched."""

    def __init__(self, project: Project, ids: NDArray[np.int64]) -> None:
        super().__init__()
        self._project = project
        self._ids = ids

    @override
    def __len__(self) -> int:
        return len(self._ids)

    @override
    def part(self, places: slice) -> "WaitingImages":
        return WaitingImages(self._project, self._ids[places])

    @override
    def read(self, start: int, end: int) -> list[Task]:
        ids = self._ids[start:end].tolist()
        images = self._project.some_images(ids)
        return [images.get(number) or Gone(number) for number in ids]
