"""Formats of one label file an image, of the image's name, with one complete shape in it.

They hold no boxes, no visibility and no unknown landmarks. Of an image with several objects each
has a file of its own, numbered as 300-W does: photo_1.pts, photo_2.pts.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

from landmark_annotator.projects.exchange.codecs.common.entries import (
    ExportedInstance,
    ImportedInstance,
    Stream,
    Unreadable,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import (
    also_there,
    composed,
    files_below,
    make_folder,
    replace_file,
)
from landmark_annotator.projects.exchange.codecs.common.losses import (
    in_order,
    incomplete_left_out,
    occlusion_not_marked,
)
from landmark_annotator.projects.exchange.codecs.common.staging import inside
from landmark_annotator.projects.exchange.codecs.common.text import ODD, note_open_ends, read_text
from landmark_annotator.projects.images import IMAGE_SUFFIXES
from landmark_annotator.projects.vocabulary import Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import FormatError
from landmark_annotator.projects.vocabulary.wording import counted

_NUMBER = re.compile(r"_[1-9]\d*$", re.ASCII)

Parse = Callable[[str, Path, int], Floats]
"""Text, its path for messages, and L, to (L, 2) points. Raises FormatError."""
ParseOf = Callable[[str, Path, int, Path], Floats]
"""The same, where the image has to be known too."""


def stream(
    source: Path,
    scheme: Scheme,
    suffix: str,
    parse: Parse | None,
    images: Path | None,
    parse_of: ParseOf | None = None,
) -> Stream:
    """A file, or all in a folder and its subfolders, each with the image of the same name; with
    `parse`, or else with `parse_of`. Only the names of the files are kept in memory.

    By default images are beside their labels, and those without labels are instances of which
    nothing is known yet. images: a folder with the same tree that holds the images instead; those
    without labels are passed over.
    """
    unreadable: list[Unreadable] = []
    notes: list[str] = []
    root = source if source.is_dir() else source.parent
    labels = [source]
    if source.is_dir():
        files, closed = files_below(source)
        labels = [file for file in files if file.suffix.lower() == suffix]
        unreadable.extend(closed)
    named = images_by_name(images or root, deep=source.is_dir())
    waiting: list[tuple[Path, Path | None]] = []
    """Images, each with its file of labels, if it has one."""
    taken: set[Path] = set()
    labelled: set[Path] = set()
    for file in labels:
        own = composed(file.relative_to(root).with_suffix(""))
        name = own if own in named else _unnumbered(own)
        taken.add(name)
        try:
            image = only(named.get(name, []), file, {own.name, name.name})
            labelled.add(image)
            waiting.append((image, file))
        except ODD as error:
            unreadable.append(Unreadable(file, str(error)))
    if source.is_dir() and images is None:
        for name, several in named.items():
            # All of a name for whose labels there were too many have been reported.
            if name not in taken or labelled.intersection(several):
                waiting += [(image, None) for image in several if image not in labelled]
    waiting.sort(key=lambda each: each[0])

    def instances() -> Iterator[ImportedInstance]:
        open_ended: list[str] = []
        for image, file in waiting:
            if file is None:
                empty = Shape.unknown(len(scheme))
                yield ImportedInstance(image, empty, None, f"{image.name}#0")
                continue
            try:
                text = read_text(file)
                if parse is not None:
                    points = parse(text, file, len(scheme))
                elif parse_of is not None:
                    points = parse_of(text, file, len(scheme), image)
            except ODD as error:
                unreadable.append(Unreadable(file, str(error)))
                continue
            if not text.endswith(("\n", "\r", "}")):
                open_ended.append(file.name)
            shape = Shape(points).with_provenance(Provenance.IMPORTED)
            yield ImportedInstance(image, shape, None, f"{file.name}#0")
        note_open_ends(sorted(open_ended), len(labels), notes)

    return Stream(instances(), unreadable, notes, len(waiting))


def images_by_name(root: Path, deep: bool) -> dict[Path, list[Path]]:
    """The images below `root`, or only those right in it, by their path without suffix, as
    `composed`."""
    named: dict[Path, list[Path]] = {}
    for file in files_below(root)[0] if deep else sorted(root.glob("*.*")):
        if file.suffix.lower() in IMAGE_SUFFIXES:
            named.setdefault(composed(file.relative_to(root).with_suffix("")), []).append(file)
    return named


def only(images: Sequence[Path], file: Path, names: Collection[str]) -> Path:
    """The image of a label file, which has one of these names. Raises FormatError where there is
    none, or more than one."""
    if not images:
        raise FormatError(
            f"There is no image of the name {' or '.join(sorted(names))}.",
            remedy=f"Put it beside the {file.suffix} file, or name the folder of the images.",
        )
    # Of two that differ in how an umlaut is written the file has one's very letters.
    spelt = [image for image in images if file.name.startswith(image.stem)]
    images = spelt if len(spelt) == 1 else images
    if len(images) > 1:
        raise FormatError(
            f"Several images have its name: {', '.join(image.name for image in images)}.",
            remedy="Keep the one that was labelled.",
        )
    return images[0]


def image_tree(
    instances: Sequence[ExportedInstance], target: Path, others: Iterable[Path] = ()
) -> dict[Path, Path]:
    """Each image by its path from the folder that all are below, or from `target` where all are
    below that: what the folders of an export are. It never leads out of that folder, whatever `..`
    the image's own path has. others: images that are below that folder too, and have their places
    where they are below it at all."""
    plain = {each.image: Path(os.path.abspath(each.image)) for each in instances}  # noqa: PTH100 - links stay
    nameless = next((image for image, path in plain.items() if not path.name), None)
    if nameless is not None:
        raise FormatError(f"{nameless} is no file.", remedy="Correct the image's path.")
    if not plain:
        return {}
    root = Path(os.path.commonpath([image.parent for image in plain.values()]))
    home = Path(os.path.abspath(target))  # noqa: PTH100 - links stay
    beside = {image: Path(os.path.abspath(image)) for image in others}  # noqa: PTH100
    if home == root or home in root.parents:
        root = home
    else:
        near = [path.parent for path in beside.values() if path.anchor == root.anchor]
        wider = Path(os.path.commonpath([root, *near]))
        root = root if wider == Path(root.anchor) else wider
    places = beside | plain
    return {image: path.relative_to(root) for image, path in places.items() if root in path.parents}


def write(
    target: Path,
    instances: Sequence[ExportedInstance],
    scheme: Scheme,
    suffix: str,
    formatted: Callable[[ExportedInstance], str],
) -> Written:
    """In the folder `target`, in the images' own tree of folders.

    Raises FormatError or DiskFull; every file that is there then is complete.
    """
    places = image_tree(instances, target, also_there())
    written: set[Path] = set()
    images: set[Path] = set()
    whole = Counter(each.image for each in instances if each.shape.complete)
    refuse_shared(places[image].with_suffix("") for image in whole)
    names = {place.with_suffix("") for place in places.values()}
    numbers: Counter[Path] = Counter()
    hidden = 0
    for instance in instances:
        name = places[instance.image].with_suffix("")
        if whole[instance.image] > 1 and instance.shape.complete:
            name, numbers[instance.image] = _numbered(name, numbers[instance.image] + 1, names)
        file = inside(target, name.with_name(name.name + suffix))
        if not instance.shape.complete:
            continue
        make_folder(file.parent)
        replace_file(file, formatted(instance))
        written.add(file)
        images.add(instance.image)
        hidden += int((instance.shape.visibility == 1).sum())
    notes = [in_order(len(scheme))]
    notes += incomplete_left_out(instances)
    several = sum(count > 1 for count in whole.values())
    if several:
        have = counted(several, "image has", "images have")
        notes.append(f"{have} several objects: their files are numbered from _1.")
    notes += occlusion_not_marked(hidden)
    notes.append("Boxes, provenance and uncertainty are not written.")
    return Written(len(written), len(images), notes)


def refuse_shared(names: Iterable[Path]) -> None:
    """names: of images without their endings. Raises FormatError where two are one: a file of that
    name would be taken for the labels of both."""
    same = next((name for name, count in Counter(names).items() if count > 1), None)
    if same is not None:
        raise FormatError(
            f"Two images are called {same.name}, but for their endings: they would share a file.",
            kept="Nothing was written.",
            remedy="Copy the images into the export (--images copy at a terminal), which "
            "numbers them, in a folder that they are not in.",
        )


def _numbered(name: Path, number: int, images: Collection[Path]) -> tuple[Path, int]:
    """The file with this number or the next one that is not another image's name, and which."""
    while (numbered := name.with_name(f"{name.name}_{number}")) in images:
        number += 1
    return numbered, number


def _unnumbered(name: Path) -> Path:
    """Of the image that a numbered file is of; the name itself where it has no number."""
    return name.with_name(_NUMBER.sub("", name.name) or name.name)
