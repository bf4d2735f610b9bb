"""Where a YOLO data set has its labels and images, and what its data.yaml says of keypoints.

data.yaml
images/train/a.jpg
labels/train/a.txt      or beside the image
"""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from landmark_annotator.projects.exchange.codecs.common.entries import Unreadable
from landmark_annotator.projects.exchange.codecs.common.file_per_image import only
from landmark_annotator.projects.exchange.codecs.common.files import composed, files_below
from landmark_annotator.projects.exchange.codecs.common.taken_names import take
from landmark_annotator.projects.exchange.codecs.common.text import NUMBER, ODD, beginning
from landmark_annotator.projects.exchange.codecs.common.yaml_file import read_yaml
from landmark_annotator.projects.images import IMAGE_SUFFIXES
from landmark_annotator.projects.vocabulary.errors import FormatError

_CLASS = re.compile(r"\d{1,9}", re.ASCII)
_SPLITS = ("train", "val", "test")
_BOX_NUMBERS = 5
_MOST_FILES = 2_000_000
_MOST_KEYPOINTS = 100_000


@dataclass(frozen=True)
class Folders:
    """labels: label file to its image. unlabelled: images without a label file."""

    labels: Mapping[Path, Path]
    unlabelled: Sequence[Path]
    unreadable: Sequence[Unreadable]


@dataclass(frozen=True)
class Keypoints:
    """What a data.yaml says; nothing is known where there is none.

    count, numbers: keypoints of an object, and numbers of each (3 with visibility, else 2).
    names: of the keypoints in order, where given. classes: names of the objects by their number.
    """

    count: int | None = None
    numbers: int | None = None
    names: Sequence[str] | None = None
    classes: Mapping[int, str] = field(default_factory=dict)


def looks_like_labels(file: Path) -> bool:
    """Whether the first line is a class, a normalised box and pairs or triples of numbers, of
    triples perhaps one number more."""
    line = next((line for line in beginning(file).splitlines() if line.strip()), "")
    words = line.split()
    if len(words) < _BOX_NUMBERS + 2 or not _CLASS.fullmatch(words[0]):
        return False
    if not all(NUMBER.fullmatch(word) for word in words):
        return False
    rest = len(words) - _BOX_NUMBERS
    return (rest % 2 == 0 or rest % 3 < 2) and all(0 <= float(w) <= 1 for w in words[1:5])


def data_yaml(source: Path) -> Path | None:
    """The file itself, or the first in the folder that speaks of keypoints."""
    if source.is_dir():
        files: Iterable[Path] = sorted(source.glob("*.y*ml"))
    else:
        files = [source] if source.suffix.lower() in (".yaml", ".yml") else []
    return next((file for file in files if "kpt_shape" in beginning(file)), None)


def keypoints(file: Path) -> tuple[Keypoints, Mapping[str, Any]]:
    """And all of the file's entries. Raises FormatError where it is not one of a pose data set."""
    content = read_yaml(file)
    try:
        count, numbers = content["kpt_shape"]
        if not isinstance(count, int) or not 1 <= count <= _MOST_KEYPOINTS or numbers not in (2, 3):
            raise ValueError
    except ODD as error:
        raise FormatError(
            f"{file} does not say how many keypoints there are.",
            remedy="It needs an entry such as kpt_shape: [68, 3].",
        ) from error
    classes = _numbered(content.get("names"))
    names = next(iter(_numbered(content.get("kpt_names")).values()), None)
    if not isinstance(names, list) or len(names) != count:
        names = None
    words = {number: str(name) for number, name in classes.items()}
    return Keypoints(count, numbers, names and [str(name) for name in names], words), content


def _numbered(value: Any) -> dict[int, Any]:
    """Lists and maps from numbers both occur."""
    if isinstance(value, list):
        return dict(enumerate(value))
    entries = value.items() if isinstance(value, dict) else ()
    return {key: entry for key, entry in entries if isinstance(key, int)}


def folders_of(file: Path, content: Mapping[str, Any]) -> list[Path]:
    """The folders with the images of all splits, as far as they are there, and the file's own.

    Raises FormatError for one that is above the file: all of a disk would be searched.
    """
    bases = [file.parent]
    if isinstance(content.get("path"), str) and "\0" not in content["path"]:
        bases.insert(0, file.parent / content["path"])
    found = [file.parent]
    for split in _SPLITS:
        entries = content.get(split)
        for entry in entries if isinstance(entries, list) else [entries]:
            if isinstance(entry, str) and "\0" not in entry:
                there = [base / entry for base in bases if _is_folder(base / entry)][:1]
                if any(folder.resolve() in file.resolve().parent.parents for folder in there):
                    raise FormatError(
                        f"{file} has {split}: {entry}, a folder above its own: all of it would be "
                        "searched.",
                        remedy="Name the folder of the images.",
                    )
                found += there
    return found


def _is_folder(path: Path) -> bool:
    """Path's own raises on long names."""
    return os.path.isdir(path)  # noqa: PTH112


def arranged(roots: Iterable[Path], images: Path | None) -> Folders:
    """What is below the roots, and below the images or labels folders that belong to them.

    images: a folder with the same tree that holds the images instead.
    """
    files: dict[Path, None] = {}
    unreadable: list[Unreadable] = []
    for root in roots:
        for folder in dict.fromkeys((root, twin(root, "labels", "images"), twin(root))):
            found, bad = files_below(folder, _MOST_FILES) if folder.is_dir() else ([], [])
            files.update(dict.fromkeys(found))
            unreadable += bad
    return _paired(list(files), list(roots), images, unreadable)


def twin(path: Path, one: str = "images", other: str = "labels") -> Path:
    """With the last folder of the name `one` changed to `other`; itself where it has none."""
    parts = list(path.parts)
    for i in reversed(range(len(parts))):
        if parts[i] == one:
            return Path(*parts[:i], other, *parts[i + 1 :])
    return path


def _paired(
    files: Sequence[Path], roots: Sequence[Path], images: Path | None, unreadable: list[Unreadable]
) -> Folders:
    named: dict[Path, list[Path]] = {}
    for file in files if images is None else files_below(images)[0]:
        if file.suffix.lower() in IMAGE_SUFFIXES:
            named.setdefault(composed(file.with_suffix("")), []).append(file)
    labels: dict[Path, Path] = {}
    taken: set[Path] = set()
    owners: dict[Path, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    """Of an image, where its labels have it, and what of that is not here."""
    for file in (file for file in files if file.suffix.lower() == ".txt"):
        stems = [twin(file, "labels", "images").with_suffix(""), file.with_suffix("")]
        own: tuple[str, ...] = ()
        if images is not None:
            below = _below_root(file, roots).with_suffix("")
            own = _in_folder(below)
            stems = [images / below, images / twin(below, "labels", "images")]
            stems += [images.joinpath(*own[at:]) for at in range(1, len(own))]
        stems = [composed(stem) for stem in stems]
        at = next((at for at, stem in enumerate(stems) if stem in named), 0)
        stem = stems[at]
        try:
            if stem in named or looks_like_labels(file):  # else it is a list or a read-me
                labels[file] = only(named.get(stem, []), file, [stem.name])
                taken.add(labels[file])
                owners.setdefault(labels[file], []).append((own, own[: max(at - 1, 1)]))
        except FormatError as error:
            taken.update(named.get(stem, ()))
            unreadable.append(Unreadable(file, str(error)))
    if images is not None:
        for image, several in owners.items():
            for own, missing in several if len(several) > 1 else ():
                take(image, "/".join(own), missing, images)
    every = [image for several in named.values() for image in several]
    unlabelled = [image for image in every if image not in taken] if images is None else []
    return Folders(labels, unlabelled, unreadable)


def _in_folder(below: Path) -> tuple[str, ...]:
    """Where the image of these labels is in a folder of images that has their folders, or as many
    of the last ones as it has: train/labels/a, or labels/train/a, in images/train."""
    parts = list(below.parts)
    if "labels" in parts[:-1]:
        del parts[len(parts) - 2 - parts[-2::-1].index("labels")]
    return ("images", *parts)


def _below_root(file: Path, roots: Sequence[Path]) -> Path:
    """The path of these labels below what holds the data set. Where data.yaml says that it lies
    elsewhere, that is what the folder of labels is in."""
    file = Path(os.path.normpath(file))
    for root in map(Path, map(os.path.normpath, roots)):
        if root in file.parents:
            return file.relative_to(root)
    parts = file.parts
    labels = [at for at, part in enumerate(parts[:-1]) if part == "labels"]
    return Path(*parts[labels[-1] :]) if labels else Path(file.name)
