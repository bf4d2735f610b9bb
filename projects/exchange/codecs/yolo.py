"""YOLO pose: a text file an image in the folder labels, images beside it in images, a data.yaml.

    0 cx cy w h  x0 y0 v0  x1 y1 v1 ...        class, box, keypoints; one line an instance

All but class and visibility are shares of the image's width or height, counted from the corner of
the first pixel: 0 is the image's left or upper edge and 1 the other, so that 1 - x mirrors it. A
pixel's centre is half a pixel from its corner: a landmark at x of the tool is at (x + 0.5) / width.
Both ways in decimal arithmetic: a float64 comes back as it was.

Visibility is as in COCO, with 0 0 0 for a landmark that is not labelled. Programs refuse a file
with a landmark outside its image, so such landmarks are not labelled, and boxes end at the
image's border. kpt_shape, flip_idx (from the scheme's partners) and kpt_names are in data.yaml. A
class is named for the scheme; where a data set has such a class, only that is read.

Predictions of such a program have how sure it is in place of the visibility: numbers from 0 to 1.
Those that end with how sure it is of the object (save_conf) are read too.
"""

from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    ImportedInstance,
    Unreadable,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import (
    files_below,
    make_folder,
    replace_file,
)
from landmark_annotator.projects.exchange.codecs.common.image_places import place_images
from landmark_annotator.projects.exchange.codecs.common.labelling import refuse_annotator
from landmark_annotator.projects.exchange.codecs.common.landmark_names import landmark_order
from landmark_annotator.projects.exchange.codecs.common.losses import (
    labelled,
    turned_replaced,
    upright_box,
)
from landmark_annotator.projects.exchange.codecs.common.passed_over import PassedOver
from landmark_annotator.projects.exchange.codecs.common.staging import inside
from landmark_annotator.projects.exchange.codecs.common.text import (
    NUMBER,
    ODD,
    note_open_ends,
    read_text,
)
from landmark_annotator.projects.exchange.codecs.yolo_folders import (
    Keypoints,
    arranged,
    data_yaml,
    folders_of,
    keypoints,
    looks_like_labels,
)
from landmark_annotator.projects.images import upright_size
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError, ImageError
from landmark_annotator.projects.vocabulary.wording import counted

_EXACT = Context(prec=60)
# Fewer digits on the way back: of a quotient without an end, such as 0.5 / 30, the error of its
# last digit would be left over where the tool has 0.
_BACK = Context(prec=50)
_HALF = Decimal("0.5")
_DIGITS = (17, 20, 25, 40)
"""Tried one after the other, until a share gives the very coordinate back."""
_BOX_NUMBERS = 5
_SLACK = 0.01
"""How far outside of 0 to 1 a share may be, as programs that write float32 have it."""


def sniff(source: Path) -> bool:
    if data_yaml(source) is not None:
        return True
    files = files_below(source)[0] if source.is_dir() else [source]
    return any(f.suffix.lower() == ".txt" and looks_like_labels(f) for f in files)


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """A data.yaml, the folder of a data set, a folder of labels, or one label file.

    Images without a label file, or with one that has no line of the scheme's, are instances of
    which nothing is known yet. images: a folder with the same tree that holds the images instead.
    """
    refuse_annotator(annotator, "YOLO files")
    contents = Contents()
    about, roots = Keypoints(), [source if source.is_dir() else source.parent]
    file = data_yaml(source)
    if file is not None:
        about, entries = keypoints(file)
        roots = folders_of(file, entries)
    order = _order(about, scheme, source, contents)
    folders = arranged(roots, images)
    contents.unreadable.extend(folders.unreadable)
    single = source.is_file() and file is None
    open_ended, passed = list[str](), PassedOver()
    for label, image in folders.labels.items():
        if not single or label == source:
            _read_labels(label, image, about, order, scheme, contents, open_ended, passed)
    contents.notes.extend(passed.notes(source, scheme))
    note_open_ends(open_ended, len(folders.labels), contents.notes)
    empty = Shape.unknown(len(scheme))
    if not single:
        for image in folders.unlabelled:
            contents.instances.append(ImportedInstance(image, empty, None, f"{image.name}#0"))
    contents.instances.sort(key=lambda instance: instance.image)
    return contents


def _order(about: Keypoints, scheme: Scheme, source: Path, contents: Contents) -> list[int]:
    """The landmark that each keypoint is. Raises FormatError where their number does not fit."""
    if about.names is not None:
        return landmark_order(about.names, scheme, str(source), contents.notes)
    if about.count not in (None, len(scheme)):
        raise FormatError(
            f"{source} has {about.count} keypoints; scheme {scheme.name} has {len(scheme)}.",
            remedy="Import it into a project of its own scheme.",
        )
    return list(range(len(scheme)))


def _read_labels(
    label: Path,
    image: Path,
    about: Keypoints,
    order: Sequence[int],
    scheme: Scheme,
    contents: Contents,
    open_ended: list[str],
    passed: PassedOver,
) -> None:
    try:
        size = upright_size(image)
        whole = read_text(label)
        text = whole.splitlines()
    except (ImageError, FormatError) as error:
        contents.unreadable.append(Unreadable(label, str(error)))
        return
    if whole and not whole.endswith(("\n", "\r")):
        open_ended.append(label.name)
    lines = [(at, line) for at, line in enumerate(text, 1) if line.strip()]
    own = [number for number, name in about.classes.items() if name == scheme.name]
    others = 0
    for number, (at, line) in enumerate(lines):
        try:
            words = line.split()
            number_of_class = int(words[0]) if words[0].isdecimal() and len(words[0]) < 10 else -1
            if own and number_of_class >= 0 and number_of_class not in own:
                passed[about.classes.get(number_of_class, f"class {number_of_class}")] += 1
                others += 1
                continue
            shape, box, confidence = parse(words, about, order, len(scheme), size)
        except ODD as error:
            contents.unreadable.append(Unreadable(label, f"Line {at}: {error}"))
            continue
        key = f"{label.name}#{number}"
        contents.instances.append(ImportedInstance(image, shape, box, key, confidence))
    if others == len(lines):
        empty = Shape.unknown(len(scheme))
        contents.instances.append(ImportedInstance(image, empty, None, f"{label.name}#0"))


def parse(
    words: Sequence[str], about: Keypoints, order: Sequence[int], size: int, image: tuple[int, int]
) -> tuple[Shape, Box | None, tuple[float, ...] | None]:
    """Shape of `size` landmarks, box, and of a prediction how sure it is of each landmark.

    order: the landmark that each keypoint is. image: its width and height. Raises FormatError.
    """
    wrong = [word for word in words if NUMBER.fullmatch(word) is None]
    if wrong:
        raise FormatError(f'"{wrong[0][:40]}" is not a number.')
    count, rest = len(order), len(words) - _BOX_NUMBERS
    numbers = [about.numbers] if about.numbers else [3, 2]
    each = next((n for n in numbers if rest == n * count), 0)
    object_sure = None
    if not each and 3 in numbers and rest == 3 * count + 1:
        # Ultralytics' save_conf writes how sure it is of the object after all else.
        each, object_sure = 3, float(words[-1])
    if rest != 0 and not each:
        take = counted(count, "keypoint takes", "keypoints take")
        raise FormatError(
            f"it has {counted(len(words), 'number')}; {take} "
            f"{' or '.join(str(_BOX_NUMBERS + n * count) for n in numbers)}.",
            remedy="Copy the file again, or import it into a project of its own scheme.",
        )
    x, y, width, height = (_share(word) for word in words[1:_BOX_NUMBERS])
    box = None
    if width > 0 and height > 0:
        sides = (
            _times(side, extent, Decimal(0))
            for side, extent in zip((width, height), image, strict=True)
        )
        box = Box(_pixels(x, image[0]), _pixels(y, image[1]), *sides)
    points, visibility = np.full((size, 2), np.nan), np.zeros(size, dtype=np.int8)
    sure = np.zeros(size)
    thirds = [float(word) for word in words[_BOX_NUMBERS + 2 :: 3]] if each == 3 else []
    predicted = object_sure is not None or any(third not in (0, 1, 2) for third in thirds)
    if object_sure is not None and not 0 <= object_sure <= 1:
        raise FormatError(f"it is {object_sure:g} sure of the object, and not 0 to 1.")
    if predicted and not all(0 <= third <= 1 for third in thirds):
        bad = next((third for third in thirds if third not in (0, 1, 2)), None)
        if bad is None:
            raise FormatError("it says of the object how sure it is, and a visibility is 2.")
        raise FormatError(f"the visibility {bad:g} is not 0, 1 or 2.")
    for i in range(count if each else 0):
        start = _BOX_NUMBERS + each * i
        at_x, at_y = _share(words[start]), _share(words[start + 1])
        seen = thirds[i] if each == 3 else 2
        if seen == 0 or ((predicted or each == 2) and at_x <= 0 and at_y <= 0):
            continue
        landmark = order[i]
        points[landmark] = _pixels(at_x, image[0]), _pixels(at_y, image[1])
        visibility[landmark] = 2 if predicted else int(seen)
        sure[landmark] = seen
    shape = Shape(points, visibility).with_provenance(Provenance.IMPORTED)
    return shape, box, tuple(sure.tolist()) if predicted else None


def _share(word: str) -> Decimal:
    value = Decimal(word)
    if not -_SLACK <= value <= 1 + _SLACK:
        raise FormatError(
            f"{word} is not between 0 and 1.", remedy="Coordinates are shares of the image's size."
        )
    return value


def _pixels(share: Decimal, size: int) -> float:
    return _times(share, size, _HALF)


def _times(share: Decimal, size: int, offset: Decimal) -> float:
    return float(_BACK.subtract(_BACK.multiply(share, Decimal(size)), offset))


def write(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
    """Into the folder `target`. Images are copied to its folder images, unless they are there.

    Raises FormatError or DiskFull; every file that is there then is complete.
    """
    make_folder(target)
    placed, missing = place_images(target / "images", instances)
    lines: dict[Path, list[str]] = {}
    notes = ["Provenance and uncertainty are not written."]
    outside = cut = 0
    for instance in instances:
        text, out, shorter = formatted(instance)
        lines.setdefault(placed[instance.image], []).append(text)
        outside, cut = outside + out, cut + shorter
    for image, rows in lines.items():
        file = inside(target / "labels", image.with_suffix(".txt"))
        make_folder(file.parent)
        replace_file(file, "".join(f"{row}\n" for row in rows))
    replace_file(target / "data.yaml", _yaml(scheme))
    turned = sum(i.box is not None and i.box.angle != 0 for i in instances)
    if outside:
        are = counted(outside, "landmark outside its image is", "landmarks outside their image are")
        notes.append(f"{are} written as not labelled.")
    if cut:
        were = counted(cut, "box was", "boxes were")
        notes.append(f"{were} cut off at the image's border.")
    notes += turned_replaced(turned)
    if missing:
        one = "image was not copied: it is gone, cannot be read, or has changed since."
        several = "images were not copied: they are gone, cannot be read, or have changed since."
        notes.append(counted(missing, one, several))
    notes.append("data.yaml names all images for training and for validation: set other folders.")
    return Written(len(instances), len(lines), notes)


def formatted(instance: ExportedInstance) -> tuple[str, int, bool]:
    """Its line, how many landmarks are outside the image, and whether the box was cut."""
    size = instance.width, instance.height
    box, cut = _inside(instance)
    words = ["0", _written(box.centre_x, size[0], _HALF), _written(box.centre_y, size[1], _HALF)]
    words += [_written(box.width, size[0]), _written(box.height, size[1])]
    outside = 0
    seen = labelled(instance.shape)
    for i, (x, y) in enumerate(instance.shape.points.tolist()):
        within = bool(seen[i]) and all(
            -0.5 <= value <= extent - 0.5 for value, extent in zip((x, y), size, strict=True)
        )
        outside += bool(seen[i]) and not within
        if within:
            words += [_written(x, size[0], _HALF), _written(y, size[1], _HALF)]
            sure = instance.confidence  # of a prediction; Ultralytics writes its own so
            words.append(str(instance.shape.visibility[i] if sure is None else sure[i]))
        else:
            words += ["0", "0", "0"]
    return " ".join(words), outside, cut


def _inside(instance: ExportedInstance) -> tuple[Box, bool]:
    """The upright box within the image, and whether that took some of it away."""
    x, y, width, height = upright_box(instance)
    right, bottom = instance.width - 0.5, instance.height - 0.5
    if x >= -0.5 and y >= -0.5 and x + width <= right and y + height <= bottom:
        own = instance.box
        whole = Box.from_corner(x, y, width, height)
        return (own if own is not None and own.angle == 0 else whole), False
    left, top = max(x, -0.5), max(y, -0.5)
    sides = min(x + width, right) - left, min(y + height, bottom) - top
    if min(sides) <= 0:  # all of it is outside
        return Box.whole_image(instance.width, instance.height), True
    return Box.from_corner(left, top, *sides), True


def _written(value: float, size: int, offset: Decimal = Decimal(0)) -> str:
    """(value + offset) / size, with the fewest digits that give the same float64 back."""
    exact = _EXACT.divide(_EXACT.add(Decimal(repr(value)), offset), Decimal(size))
    for digits in _DIGITS:
        short = Context(prec=digits).plus(exact)
        if _times(short, size, offset) == value:
            return format(short, "f")
    return format(exact, "f")


def _yaml(scheme: Scheme) -> str:
    import yaml

    content: Mapping[str, Any] = {
        "train": "images",
        "val": "images",
        "kpt_shape": [len(scheme), 3],
        "flip_idx": list(scheme.mirror),
        "names": {0: scheme.name},
        "kpt_names": {0: list(scheme.landmarks)},
    }
    text: str = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)
    return text
