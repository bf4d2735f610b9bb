"""The second reader of a format whose files hold labels and predictions side by side."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from landmark_annotator.projects.exchange.codecs.common.entries import Contents
from landmark_annotator.projects.vocabulary import Scheme


@dataclass(frozen=True)
class PredictionReader:
    """Reads what a model predicted, also where somebody has labelled the same images. is_one:
    whether a file is in the format; predicted: what it holds of that, by the arguments of `read` in
    their order."""

    is_one: Callable[[Path], bool]
    predicted: Callable[[Path, Scheme, Path | None, str | None], Contents]

    def sniff(self, source: Path) -> bool:
        return self.is_one(source)

    def read(
        self,
        source: Path,
        scheme: Scheme,
        *,
        images: Path | None = None,
        annotator: str | None = None,
    ) -> Contents:
        return self.predicted(source, scheme, images, annotator)
