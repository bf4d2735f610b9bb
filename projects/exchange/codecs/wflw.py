"""WFLW text: one line an instance, one file for all images.

    x0 y0 ... x97 y97  x_min y_min x_max y_max
        pose expression illumination make-up occlusion blur  image

98 landmarks in that data set; here as many as the scheme has. Coordinates are written and read
unchanged, 0-based pixels whose centres are at whole numbers, y down. The box is that of whole
numbers just around the instance's, as programs cut it out of the image: from the corner of the
first pixel, so 0 0 and the width and height are the whole image; where an instance has none, the
square around its landmarks. Of the six attributes (0 or 1), occlusion is 1 where a landmark is
occluded, and the others are 0; reading passes all over. Lines of landmarks and image alone are
read, too.

The format has no names, no unknown landmarks and no visibility of single ones. Instances with
unknown landmarks are left out.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from landmark_annotator.projects.exchange.codecs.common.coco_boxes import bbox_of, box_of
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    ImportedInstance,
    Unreadable,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import (
    named_path,
    replace_file,
    written_path,
)
from landmark_annotator.projects.exchange.codecs.common.labelling import refuse_annotator
from landmark_annotator.projects.exchange.codecs.common.losses import (
    in_order,
    incomplete_left_out,
    occlusion_not_marked,
)
from landmark_annotator.projects.exchange.codecs.common.text import (
    NUMBER,
    ODD,
    beginning,
    one_line,
    read_text,
)
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError
from landmark_annotator.projects.vocabulary.wording import counted

_BOX, _ATTRIBUTES = 4, 6
_BOX_AND_ATTRIBUTES = _BOX + _ATTRIBUTES
_OCCLUSION = 4


def sniff(source: Path) -> bool:
    """Numbers and then an image; the last six numbers are 0 or 1 where there is a box."""
    if not source.is_file():
        return False
    line = next((line for line in beginning(source).splitlines() if line.strip()), "")
    numbers, name = _split(line)
    an_image = re.search(r"\.\w{2,4}$", name) is not None
    return an_image and len(numbers) >= 2 and len(numbers) % 2 == 0


def _split(line: str) -> tuple[list[str], str]:
    """The numbers that a line begins with, and the rest: the image, which may hold spaces."""
    words = line.split()
    count = 0
    while count < len(words) and NUMBER.fullmatch(words[count]):
        count += 1
    rest = line.split(maxsplit=count)
    return words[:count], rest[count].strip() if len(rest) > count else ""


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """images: the folder that the names of the images start from; by default the file's own."""
    refuse_annotator(annotator, "WFLW files")
    contents = Contents()
    seen: Counter[str] = Counter()
    marked = 0
    for number, line in enumerate(read_text(source).splitlines(), 1):
        if not line.strip():
            continue
        try:
            numbers, name = _split_for(line, len(scheme))
            shape, box, attributes = _instance(numbers, len(scheme))
            path = named_path(name, images or source.parent)
        except ODD as error:
            contents.unreadable.append(Unreadable(source, f"Line {number}: {error}"))
            continue
        marked += any(attributes)
        key = f"{source.name}:{name}#{seen[name]}"
        seen[name] += 1
        contents.instances.append(ImportedInstance(path, shape, box, key))
    if marked:
        contents.notes.append(
            f"The attributes (pose, expression, ...) of {counted(marked, 'instance')} were passed "
            "over."
        )
    if not contents.instances and not contents.unreadable:
        raise FormatError(f"{source} is empty.", remedy="Copy the file again.")
    return contents


def _split_for(line: str, size: int) -> tuple[list[float], str]:
    """The name of an image can itself begin with a number, so the scheme's size decides."""
    numbers, name = _split(line)
    for count in (2 * size + _BOX_AND_ATTRIBUTES, 2 * size):
        if len(numbers) > count and (len(numbers) - count) % 2 == 0:
            continue  # one or more landmarks too many
        words = line.split(maxsplit=count)
        if len(words) == count + 1 and all(NUMBER.fullmatch(word) for word in words[:count]):
            rest = words[count].strip()
            if count > 2 * size or len(rest.split()) < _BOX_AND_ATTRIBUTES:
                return [_finite(word) for word in words[:count]], rest
    if not name:
        raise FormatError("it names no image: it is cut short.", remedy="Copy the file again.")
    wrong = line.split()[len(numbers)]
    if len(numbers) < 2 * size and len(line.split()) > len(numbers) + 1:
        raise FormatError(f'"{wrong[:40]}" is not a number.')
    raise FormatError(
        f"it has {counted(len(numbers), 'number')}; "
        f"{counted(size, 'landmark takes', 'landmarks take')} {2 * size}, and with the box and the "
        f"attributes {2 * size + _BOX_AND_ATTRIBUTES}.",
        remedy="Import it into a project of its own scheme.",
    )


def _finite(word: str) -> float:
    value = float(word)
    if not math.isfinite(value):
        raise FormatError(f"{word} is too large for a coordinate.")
    return value


def _instance(numbers: Sequence[float], size: int) -> tuple[Shape, Box | None, Sequence[float]]:
    points = np.array(numbers[: 2 * size]).reshape(-1, 2)
    shape = Shape(points).with_provenance(Provenance.IMPORTED)
    rest = numbers[2 * size :]
    if not rest:
        return shape, None, ()
    x, y, right, bottom = rest[:_BOX]
    box = box_of((x, y, right - x, bottom - y))
    attributes = rest[_BOX:]
    if any(value not in (0, 1) for value in attributes):
        raise FormatError("an attribute is neither 0 nor 1.")
    return shape, box, attributes


def write(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
    """Raises FormatError or DiskFull."""
    rows = []
    images = set()
    hidden = rounded = 0
    for instance in instances:
        if not instance.shape.complete:
            continue
        occluded = int((instance.shape.visibility == 1).sum())
        hidden += occluded
        attributes = [0] * _ATTRIBUTES
        attributes[_OCCLUSION] = int(occluded > 0)
        box = _whole_numbers(instance)
        rounded += box != _corners(instance)
        words = [repr(value) for value in instance.shape.points.ravel().tolist()]
        words += [str(value) for value in (*box, *attributes)]
        rows.append(" ".join([*words, one_line(written_path(instance.image, target.parent))]))
        images.add(instance.image)
    replace_file(target, "".join(f"{row}\n" for row in rows))
    notes = [
        in_order(len(scheme)),
        "Provenance and uncertainty are not written.",
    ]
    notes += incomplete_left_out(instances)
    if hidden:
        notes += occlusion_not_marked(hidden)
        notes.append("Instances with occluded landmarks have the attribute occlusion.")
    if rounded:
        were = counted(rounded, "box was", "boxes were")
        around = "it" if rounded == 1 else "them"
        notes.append(f"{were} replaced by the one of whole pixels around {around}.")
    return Written(len(rows), len(images), notes)


def _corners(instance: ExportedInstance) -> tuple[float, float, float, float]:
    """(x_min, y_min, x_max, y_max) in pixels, from the first one's corner."""
    x, y, width, height = bbox_of(instance)
    return x, y, x + width, y + height


def _whole_numbers(instance: ExportedInstance) -> tuple[int, int, int, int]:
    x, y, right, bottom = _corners(instance)
    return math.floor(x), math.floor(y), math.ceil(right), math.ceil(bottom)
