"""What is to be searched: a list of a million of which no more is in memory than is at hand."""

from typing_extensions import override

from landmark_annotator.annotator.session.execution.paged import Waiting
from landmark_annotator.annotator.session.finding.find_work import Gone, Task


class WaitingImages(Waiting[Task]):
    """Each read when its turn comes."""

    @override
    def read(self, start: int, end: int) -> list[Task]:
        ids = self._ids[start:end].tolist()
        images = self._project.some_images(ids)
        return [images.get(number) or Gone(number) for number in ids]
