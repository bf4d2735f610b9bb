"""What DeepLabCut found in images: its CSV of x, y and likelihood. Only read.

Coordinates are taken unchanged. The first column, or the first three (labeled-data, folder,
name), name the image; the frame numbers of a video name none. Files of several animals have one
more line at their head, `individuals`.
"""

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from projects.exchange.files import named_path
from projects.exchange.instances import Contents, ImportedInstance, Unreadable
from projects.exchange.naming import landmark_order
from projects.exchange.text import beginning, read_text
from projects.vocabulary import Scheme, Shape
from projects.vocabulary.errors import FormatError

_HEAD = ("scorer", "individuals", "bodyparts", "coords")


def sniff(source: Path) -> bool:
    if not source.is_file():
        return False
    lines = beginning(source).splitlines()[:4]
    return bool(lines) and lines[0].startswith("scorer,") and any("likelihood" in x for x in lines)


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """images: the folder that the names of the images start from; by default the file's own, or
    the project folder of DeepLabCut above it."""
    if annotator is not None:
        raise FormatError("A file of predictions has no annotators: leave the annotator out.")
    rows = [row for row in csv.reader(io.StringIO(read_text(source))) if any(row)]
    head = {row[0]: row for row in rows[:4] if row[0] in _HEAD}
    if not {"scorer", "bodyparts", "coords"} <= set(head):
        raise FormatError(f"{source} has not DeepLabCut's lines scorer, bodyparts and coords.")
    contents = Contents()
    starts = [n for n, name in enumerate(head["coords"]) if name == "x"]
    animals = head.get("individuals", [""] * len(head["coords"]))
    owners = list(dict.fromkeys(animals[n] for n in starts))
    for number, row in enumerate(rows[len(head) :], len(head) + 1):
        try:
            path = _image("/".join(row[: starts[0]]), images or source.parent)
            for owner in owners:
                columns = [n for n in starts if animals[n] == owner]
                names = [head["bodyparts"][n] for n in columns]
                order = landmark_order(names, scheme, source.name, contents.notes)
                key = f"{source.name}:{path.name}#{owner}"
                entry = _instance(row, columns, order, len(scheme), path, key)
                if entry.shape.known.any():
                    contents.instances.append(entry)
        except (ValueError, IndexError, FormatError) as error:
            contents.unreadable.append(Unreadable(source, f"Line {number}: {error}"))
    return contents


def _image(name: str, folder: Path) -> Path:
    if name.isdecimal():
        raise FormatError(
            f"frame {name} of a video names no image.", remedy="Predict on extracted images."
        )
    path = named_path(name, folder)
    above = named_path(name, folder.parent.parent)
    return path if path.exists() or not above.exists() else above


def _instance(
    row: Sequence[str],
    columns: Sequence[int],
    order: Sequence[int],
    size: int,
    path: Path,
    key: str,
) -> ImportedInstance:
    points, confidence = np.full((size, 2), np.nan), np.zeros(size)
    for column, landmark in zip(columns, order, strict=True):
        x, y, likelihood = (float(row[column + n] or math.nan) for n in range(3))
        if math.isfinite(likelihood) and math.isfinite(x) and math.isfinite(y):
            points[landmark], confidence[landmark] = (x, y), min(max(likelihood, 0.0), 1.0)
    return ImportedInstance(path, Shape(points), None, key, tuple(confidence.tolist()))
