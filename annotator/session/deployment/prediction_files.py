"""Predictions as files: one of this program's own with all that it knows, a table, or any label
format that can be written.

The own one (JSON) has a line an image; the table is read by `annotator import --as-proposals`,
which passes over the columns of uncertainty. Both name images relative to the file. Label formats
have no place for covariances; what is probably hidden has there the visibility of what is. Those
that can say so say that nobody has looked at it, and how sure the model is of each landmark.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.annotator.session.deployment.prediction import (
    PredictedImage,
    PredictedObject,
    Predicting,
)
from landmark_annotator.annotator.session.posterior.hidden_landmarks import probably_hidden
from landmark_annotator.projects.exchange.capabilities import NOT_WRITTEN
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.exchange.codecs.common.files import replace_file, written_path
from landmark_annotator.projects.exchange.codecs.common.staging import rehearsal, staged
from landmark_annotator.projects.exchange.codecs.common.text import cell, image_cell
from landmark_annotator.projects.exchange.codecs.csv_cells import row_of
from landmark_annotator.projects.exchange.codecs.csv_rows import PREDICTED_ERROR
from landmark_annotator.projects.exchange.format_card import Format
from landmark_annotator.projects.exchange.registry import by_name, formats
from landmark_annotator.projects.exchange.transfer.export_place import root_of
from landmark_annotator.projects.exchange.transfer.import_proposals import confidences
from landmark_annotator.projects.store import InstanceState
from landmark_annotator.projects.vocabulary import Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

OWN, TABLE = "json", "csv"
_FORM = "landmark-annotator predictions 1"
_BOX = ("box_centre_x", "box_centre_y", "box_width", "box_height", "box_angle")
_PARTS = ("x", "y", "visibility", "var_x", "cov_xy", "var_y", "hidden")


@dataclass(frozen=True)
class PredictionFile:
    """card: of the label format, None for the two that are of this program alone."""

    target: Path
    card: Format | None
    kind: str

    @classmethod
    def of(cls, target: Path, kind: str | None, *, overwrite: bool) -> "PredictionFile":
        """kind: json, csv or a label format; None goes by the file's ending.

        Raises FormatError where there is no such format or it cannot be written, where the target
        cannot be, or is there already.
        """
        kind = kind or _by_ending(target)
        card = None if kind in (OWN, TABLE) else by_name(kind)
        if card is not None and card.writer is None:
            raise FormatError(f"{card.title} cannot be written.", remedy="Use json or csv.")
        if card is None or not card.writes_folder:
            folder = target.parent
            if target.is_dir() or not folder.is_dir():
                wrong = "it is a folder" if target.is_dir() else f"there is no folder {folder}"
                raise FormatError(f"{target} cannot be written: {wrong}.", kept="Nothing was done.")
        if target.exists() and not overwrite and not _is_empty_folder(target):
            raise FormatError(
                f"{target} is there already.",
                kept="It was left as it is.",
                remedy="Name another file, or say --overwrite.",
            )
        return cls(target, card, kind)

    def rehearse(self, images: Iterable[Path], scheme: Scheme) -> None:
        """What the format says of images of these names, and of labels of this scheme, is said
        before anything is predicted, and not after. Raises FormatError or MissingPackage."""
        if self.card is None or self.card.holds_images:
            return
        shape = Shape(np.zeros((len(scheme), 2)))
        each = [ExportedInstance(image.absolute(), 1, 1, shape, None, "") for image in images]
        with rehearsal():
            try:
                self.card.write(self.target, each, scheme)
            except FormatError as error:
                raise FormatError(
                    error.happened,
                    kept="Nothing was predicted.",
                    remedy="Write json, csv or coco; or rename the images, if it is their names.",
                ) from error

    def write(self, predicting: Predicting, images: Iterable[PredictedImage]) -> list[str]:
        """Goes through the images once. What a person should know of what was not written. Where it
        was stopped, what was predicted until then is written. Raises FormatError or DiskFull; the
        old file is then as it was."""
        if self.card is not None:
            return _as_labels(self.target, self.card, predicting.model.scheme, images)
        lines = _own if self.kind == OWN else _table
        replace_file(self.target, lines(self.target, predicting, images))
        return []


def _own(target: Path, predicting: Predicting, images: Iterable[PredictedImage]) -> Iterator[str]:
    model = predicting.model
    head = {
        "format": _FORM,
        "model": {"name": model.name, "backend": model.backend.name},
        "scheme": model.scheme.to_dict(),
        "units": "pixels of the upright image from 0 at the centre of the first, y down; box: "
        "centre, sides, angle in radians; covariances in squared pixels: xx, xy, yy; "
        f"predicted_error in percent of {model.scheme.divisor}; hidden_probabilities: that the "
        "image does not show a landmark, one each; hidden: the numbers of those above one half, "
        "from 0; both null where the model says nothing of it; unfamiliar: whether the model has "
        "never seen the like, so that its landmarks are a guess",
    }
    yield json.dumps(head)[:-1] + ', "images": ['
    between = "\n"
    for image in images:
        entry = {
            "image": written_path(image.path, target.parent),
            "width": image.width,
            "height": image.height,
            "objects": [_object(each) for each in image.objects],
        }
        yield between + json.dumps(entry)
        between = ",\n"
    left = [
        {"image": written_path(path, target.parent), "reason": reason}
        for path, reason in predicting.unreadable
    ]
    end = {"unreadable": left, "complete": not predicting.stopped}
    yield "\n], " + json.dumps(end)[1:] + "\n"


def _object(found: PredictedObject) -> dict[str, Any]:
    covariances = found.covariances.reshape(-1, 4)[:, [0, 1, 3]]
    return {
        "box": list(found.box.numbers),
        "score": found.score,
        "predicted_error": round(found.predicted_error, 4),
        "unfamiliar": found.unfamiliar,
        "points": found.points.round(4).tolist(),
        "covariances": covariances.round(5).tolist(),
        "hidden": None if found.hidden is None else sorted(probably_hidden(found.hidden)),
        "hidden_probabilities": None if found.hidden is None else found.hidden.round(4).tolist(),
    }


def _table(target: Path, predicting: Predicting, images: Iterable[PredictedImage]) -> Iterator[str]:
    scheme = predicting.model.scheme
    columns = [f"{name}.{part}" for name in scheme.landmarks for part in _PARTS]
    about = ["image", "source", "scheme", "scheme_version", "score"]
    about += [PREDICTED_ERROR, "unfamiliar"]
    yield row_of([*about, *_BOX, *map(cell, columns)])
    for image in images:
        name = written_path(image.path, target.parent)
        for number, found in enumerate(image.objects):
            score = found.score
            row = [image_cell(name), f"predicted#{number}", cell(scheme.name), str(scheme.version)]
            row += ["" if score is None else f"{score:.4f}", f"{found.predicted_error:.4f}"]
            row.append(str(int(found.unfamiliar)))
            row += [repr(float(value)) for value in found.box.numbers]
            probabilities = [""] * len(scheme)
            if found.hidden is not None:
                probabilities = [f"{value:.4f}" for value in found.hidden]
            for j, point in enumerate(found.points):
                row += [f"{value:.4f}" for value in point] + [str(found.visibility[j])]
                row += [f"{value:.5f}" for value in found.covariances[j].ravel()[[0, 1, 3]]]
                row.append(probabilities[j])
            yield row_of(row)


def _as_labels(
    target: Path, card: Format, scheme: Scheme, images: Iterable[PredictedImage]
) -> list[str]:
    def instances() -> Iterator[ExportedInstance]:
        for image in images:
            for number, found in enumerate(image.objects):
                marks = [Provenance.INFERRED] * len(scheme)
                shape = Shape(found.points, found.visibility, marks, found.covariances)
                size = image.width, image.height
                key = f"predicted#{number}"
                yield ExportedInstance(
                    *(image.path.absolute(), *size, shape, found.box, key),
                    state=InstanceState.STARTED.value,
                    confidence=confidences(found.covariances, found.box),
                )

    with staged(root_of(target, card)) as whole:
        written = card.write(target, instances(), scheme)
        whole.put()
    unsure = "How sure the model is (covariances, predicted errors) is not written."
    notes = [unsure, *(note for note in written.notes if "ncertainty" not in note)]
    if card.carries is not None and card.carries.states == NOT_WRITTEN and not card.scores:
        notes.append(
            f"That nobody has looked at them {card.name} cannot say: annotator import takes them "
            "for accepted labels, unless --as-proposals is said."
        )
    return notes


def _by_ending(target: Path) -> str:
    """Raises FormatError where the ending does not say which format is meant."""
    ending = target.suffix.lower()
    if ending in (f".{OWN}", f".{TABLE}"):
        return ending[1:]
    meant = [card.name for card in formats() if card.writer and ending and card.suffix == ending]
    if len(meant) == 1:
        return meant[0]
    known = [OWN, TABLE, *(c.name for c in formats() if c.writer and c.name != TABLE)]
    raise FormatError(
        f"The name {target.name} does not say which format is meant.",
        remedy=f"Say it with --format: {', '.join(meant or known)}.",
    )


def _is_empty_folder(target: Path) -> bool:
    return target.is_dir() and next(target.iterdir(), None) is None
