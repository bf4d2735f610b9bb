"""What a model says of images that are in no project."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.session.deployment.boxes_to_look_at import Places
from landmark_annotator.annotator.session.deployment.named_model import NamedModel
from landmark_annotator.annotator.session.posterior.hidden_landmarks import visibility_of
from landmark_annotator.backends.registry import Exact, TrainedModel
from landmark_annotator.backends.shapes.beyond_border import with_border
from landmark_annotator.projects.exchange.codecs.common.files import files_below
from landmark_annotator.projects.images import IMAGE_SUFFIXES
from landmark_annotator.projects.images.elsewhere import refuse_video
from landmark_annotator.projects.images.source import recorded_source
from landmark_annotator.projects.remote import address_of, place_of
from landmark_annotator.projects.remote.listing import named_by
from landmark_annotator.projects.video import is_video
from landmark_annotator.projects.vocabulary import Box, Progress
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints
from landmark_annotator.projects.vocabulary.errors import ActionableError, ImageError


@dataclass(frozen=True, eq=False)
class PredictedObject:
    """box: as it was found or told; score: of what found it, None where nothing did. points: (L, 2)
    image pixels, covariances: (L, 2, 2) of their errors in squared pixels. predicted_error: the
    mean distance that is expected, in percent of the scheme's normaliser. hidden: (L,) the
    probability that the image does not show the landmark, None where the model says nothing.
    unfamiliar: whether the model has never seen the like."""

    box: Box
    score: float | None
    points: Floats
    covariances: Floats
    predicted_error: float
    hidden: Floats | None = None
    unfamiliar: bool = False

    @property
    def visibility(self) -> Ints:
        """(L,) as in COCO: 1 where it is probably hidden."""
        return visibility_of(np.zeros(len(self.points)) if self.hidden is None else self.hidden)


@dataclass(frozen=True, eq=False)
class PredictedImage:
    path: Path
    width: int
    height: int
    objects: tuple[PredictedObject, ...]


@dataclass
class Predicting:
    """Goes through images; what it counts is true of those it has come by. unfamiliar: objects of
    which the model has never seen the like. unreadable: the images that could not be read, each
    with a sentence why."""

    model: NamedModel
    proposes: TrainedModel
    places: Places
    images: int = 0
    objects: int = 0
    empty: int = 0
    unfamiliar: int = 0
    unreadable: list[tuple[Path, str]] = field(default_factory=list)
    stopped: bool = False

    def over(self, paths: Sequence[Path], progress: Progress) -> Iterator[PredictedImage]:
        """In this order, without those that cannot be read. Ends early where it is cancelled.
        Raises ImageError where none of them can: who goes on with an empty file takes it for
        images without objects."""
        progress.start("predicting", len(paths))
        for path in paths:
            if progress.cancelled():
                self.stopped = True
                return
            try:
                found = self._of(path)
            except ImageError as error:
                self.unreadable.append((path, error.happened))
            else:
                self.images += 1
                self.objects += len(found.objects)
                self.empty += not found.objects
                self.unfamiliar += sum(each.unfamiliar for each in found.objects)
                yield found
            progress.advance()
        if self.unreadable and not self.images:
            raise ImageError(
                f"None of the images can be read. {self.unreadable[0][1]}",
                kept="No file was written.",
                remedy="Name images, or folders that hold some.",
            )

    def _of(self, path: Path) -> PredictedImage:
        pixels = recorded_source(path, None).pixels()
        found = []
        for box, score in self.places.boxes(path, pixels):
            proposal = self.proposes.propose(pixels, box)
            proposal = with_border(proposal, pixels.shape[1], pixels.shape[0])
            believed = proposal.given([])
            found.append(
                PredictedObject(
                    box,
                    score,
                    believed.points,
                    believed.covariances,
                    believed.predicted_error(self.model.scheme, box),
                    proposal.hidden,
                    proposal.unfamiliar,
                )
            )
        return PredictedImage(path, pixels.shape[1], pixels.shape[0], tuple(found))


def exact(model: TrainedModel) -> TrainedModel:
    """The same in single precision, where it can be had in that."""
    return model.exactly() if isinstance(model, Exact) else model


def images_in(places: Sequence[Path]) -> list[Path]:
    """Files as they are named, and the images in folders and their subfolders; each once. At an
    address the places of their copies, which are fetched when they are read.

    Raises ActionableError where there are none and for a video, ImageError where a server does not
    answer.
    """
    found: dict[Path, None] = {}
    for place in places:
        address = address_of(place)
        if address is not None:
            refuse_video(address)
            named = named_by(address)
            below = [place] if named == [address] else _images(map(place_of, named))
        elif is_video(place) and place.is_file():
            raise ActionableError(
                f"{place} is a video, and here images are predicted.",
                kept="Nothing was written.",
                remedy="Add its frames to a project that has the model (annotator frames PROJECT "
                "VIDEO --every 1), where annotator track follows the objects through them.",
            )
        else:
            below = _images(files_below(place)[0]) if place.is_dir() else [place]
        found |= dict.fromkeys(below)
    if not found:
        named_all = ", ".join(address_of(place) or str(place) for place in places)
        raise ActionableError(
            f"There are no images in {named_all}.",
            remedy="Name a folder of images, or image files.",
        )
    return list(found)


def _images(files: Iterable[Path]) -> list[Path]:
    return [file for file in files if file.suffix.lower() in IMAGE_SUFFIXES]
