"""What the registry knows of a label format before any of its code is loaded."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from landmark_annotator.projects.exchange import format_code
from landmark_annotator.projects.exchange.capabilities import Carries
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance, Written
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError


@dataclass(frozen=True)
class Format:
    """The card of a format. Its code is loaded when it is first used.

    writer is None where the format can only be read. stream_writer: where it takes instances as
    they come, so that memory does not grow with their number. stream_reader: where it gives them as
    they are asked for, for the same reason; others are read whole. writes_folder: the target is a
    folder; else suffix is that of the file. carries: what of an instance it holds; None where it
    is not written. frames: it names frames of videos themselves and keeps their tracks, or it holds
    their pictures: none has to be written as an image. names_images: its files name images by a
    path that can be relative. images_in: for a folder, its folder that images are put into.
    one_level: there each in one folder, and in none below that. holds_images: its files hold the
    images themselves, which are needed nowhere else; upright_inside: turned upright. shards: it is
    written as several files of about one size. merges: the name of the file of its folder in which
    it keeps what its own program has set there since. scores: it has a place for how sure a model
    is of each landmark, which tells predictions from labels. predictions: reads what a program
    predicted, where the reader passes that over; stream_predictions: as they are asked for, where
    all that the file holds are predictions.
    """

    name: str
    title: str
    reader: Callable[[], format_code.Reader]
    writer: Callable[[], format_code.Writer] | None = None
    stream_writer: Callable[[], format_code.StreamWriter] | None = None
    writes_folder: bool = False
    suffix: str = ""
    carries: Carries | None = None
    predictions: Callable[[], format_code.Reader] | None = None
    stream_predictions: Callable[[], format_code.StreamReader] | None = None
    stream_reader: Callable[[], format_code.StreamReader] | None = None
    frames: bool = False
    names_images: bool = True
    images_in: str = ""
    one_level: bool = False
    holds_images: bool = False
    upright_inside: bool = False
    shards: bool = False
    merges: str = ""
    scores: bool = False

    def write(self, target: Path, instances: Iterable[ExportedInstance], scheme: Scheme) -> Written:
        """As they come, where it can. Raises FormatError where it is only read."""
        if self.stream_writer is not None:
            return self.stream_writer().write(target, instances, scheme)
        if self.writer is None:
            raise FormatError(f"{self.title} cannot be written.", remedy="Use csv or coco.")
        return self.writer().write(target, list(instances), scheme)
