"""What the images are like that an import speaks of: each is opened once."""

import json
from dataclasses import astuple
from pathlib import Path

from landmark_annotator.projects.exchange.codecs.common.entries import (
    ImportedInstance,
    Unreadable,
)
from landmark_annotator.projects.exchange.codecs.common.on_disk import Remembered
from landmark_annotator.projects.exchange.transfer.labelled_frames import LabelledFrames
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.vocabulary.errors import ImageError, SourceAway


class ExaminedImages:
    """unreadable: gets those that cannot be opened, once an image or video."""

    def __init__(self, frames: LabelledFrames, unreadable: list[Unreadable]) -> None:
        self._frames, self._unreadable = frames, unreadable
        self._examined = Remembered()
        self._refused: set[tuple[Path, str]] = set()

    def facts(self, entry: ImportedInstance) -> ImageFacts | None:
        """None where the image cannot be read. Raises SourceAway: nor can any other image of it."""
        place = f"{entry.image}\0{entry.frame}"
        known = self._examined.get(place)
        if known is not None:
            return ImageFacts(*json.loads(known)) if known else None
        try:
            facts = self._frames.facts(entry)
        except SourceAway:
            raise
        except ImageError as error:
            if (entry.image, str(error)) not in self._refused:
                self._refused.add((entry.image, str(error)))
                self._unreadable.append(Unreadable(entry.image, str(error)))
            self._examined.set(place, "")
            return None
        self._examined.set(place, json.dumps(astuple(facts)))
        return facts
