"""dlib's imglab XML: one file for all images, boxes with parts, which dlib's trainers read.

    <image file='photos/a.jpg'>
      <box top='20' left='10' width='31' height='41' exact='25.25 40.5 30.5 41.0 0.0' source='...'>
        <part name='00' x='12' y='21' exact='12.25 20.5'/>
        <part name='01' x='30' y='44' visibility='1'/>

Coordinates count pixels from 0, a pixel's centre is at whole numbers and y points down, as in the
tool; but dlib reads whole numbers only. So positions are rounded, and `exact` beside them holds
what they were (x and y; centre, sides and angle of a box): dlib passes it over, and reading takes
it as long as it agrees with the whole numbers. dlib's boxes are made of whole pixels, `width` of
them from `left` on, so a box's centre is at left + (width - 1) / 2.

Parts are numbered, because dlib sorts them by name; the `comment` names the landmarks in that
order. Files of others are read by name or by number. A part that is not there is an unknown
landmark; a `visibility` of 1 is an occluded one, and also only this tool's. Boxes of ignore='1'
are passed over.
"""

import codecs
import json
import math
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    ImportedInstance,
    Unreadable,
    Written,
    size_said,
)
from landmark_annotator.projects.exchange.codecs.common.files import (
    named_path,
    replace_file,
    written_path,
)
from landmark_annotator.projects.exchange.codecs.common.labelling import refuse_annotator
from landmark_annotator.projects.exchange.codecs.common.landmark_names import landmark_order
from landmark_annotator.projects.exchange.codecs.common.losses import (
    half_labelled,
    labelled,
    upright_box,
)
from landmark_annotator.projects.exchange.codecs.common.passed_over import PassedOver
from landmark_annotator.projects.exchange.codecs.common.text import (
    NUMBER,
    ODD,
    beginning,
    read_bytes,
)
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape, Visibility
from landmark_annotator.projects.vocabulary.errors import FormatError, closest
from landmark_annotator.projects.vocabulary.wording import counted

_NOT_IN_XML = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def sniff(source: Path) -> bool:
    if not source.is_file():
        return False
    text = beginning(source).lstrip()
    return text.startswith("<") and re.search(r"<dataset\b", text) is not None


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """images: the folder that the names of the images start from; by default the file's own.

    An image without boxes is an instance of which nothing is known yet.
    """
    refuse_annotator(annotator, "imglab files")
    root = _root(source)
    contents, passed = Contents(), PassedOver()
    landmarks = _landmarks(root, scheme, source, contents.notes)
    seen: Counter[str] = Counter()
    for image in root.iter("image"):
        name = image.get("file")
        if not name:
            contents.unreadable.append(Unreadable(source, "An image has no file."))
            continue
        path = named_path(name, images or source.parent)
        boxes = image.findall("box")
        size = size_said(image.get("width"), image.get("height"))
        for box in boxes:
            if box.get("ignore") == "1":
                passed["ignored box"] += 1
                continue
            number = seen[name]
            seen[name] += 1
            try:
                shape = _shape(box, landmarks, scheme)
                key = box.get("source") or f"{source.name}:{name}#{number}"
                instance = ImportedInstance(path, shape, _box(box), key, size=size)
            except ODD as error:
                reason = f"Box {number + 1} of {name}: {error}"
                contents.unreadable.append(Unreadable(source, reason))
            else:
                contents.instances.append(instance)
        if all(box.get("ignore") == "1" for box in boxes):
            key = f"{source.name}:{name}#0"
            empty = Shape.unknown(len(scheme))
            contents.instances.append(ImportedInstance(path, empty, None, key))
    contents.notes.extend(passed.notes(source, scheme))
    return contents


def _root(source: Path) -> ET.Element:
    try:
        content = read_bytes(source)
        # An editor that saves a file as UTF-16 leaves what its first line says of the encoding.
        marked_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        root = ET.fromstring(content.decode("utf-16") if marked_16 else content)
    except (ET.ParseError, ValueError, LookupError) as error:
        raise FormatError(
            f"{source} is not XML, or cut short: {error}.", remedy="Copy the file again."
        ) from error
    if root.tag != "dataset":
        raise FormatError(
            f"{source} is not a file of imglab: it begins with {root.tag}.",
            remedy="An imglab file is a dataset of images with boxes and parts.",
        )
    return root


def _landmarks(root: ET.Element, scheme: Scheme, source: Path, notes: list[str]) -> dict[str, int]:
    """The landmark of each part's name; parts of other names are not in it."""
    names = sorted({part.get("name", "") for part in root.iter("part")})
    numbers = {name: int(name) for name in names if re.fullmatch(r"\d{1,6}", name, re.ASCII)}
    own = _own_names(root)
    if own is not None:
        order = landmark_order(own, scheme, str(source), notes)
        return {name: order[i] for name, i in numbers.items() if i < len(order)}
    ours = set(scheme.landmarks)
    known = {name: scheme.index(name) for name in names if name in ours}
    if known or not names:
        return known
    if numbers:
        size, first = len(scheme), 0
        if min(numbers.values()) == 1 and max(numbers.values()) == size:
            first = 1
            notes.append("Its parts are numbered from 1.")
        return {name: i - first for name, i in numbers.items() if i - first < size}
    if len(names) == len(scheme):
        order = landmark_order(names, scheme, str(source), notes)
        return dict(zip(names, order, strict=True))
    return {}


def _own_names(root: ET.Element) -> list[str] | None:
    """The names that `write` puts beside the numbers."""
    try:
        content = json.loads(root.findtext("comment") or "")
    except (ValueError, RecursionError):
        return None
    names = content.get("landmarks") if isinstance(content, dict) else None
    return [str(name) for name in names] if isinstance(names, list) else None


def _shape(box: ET.Element, landmarks: Mapping[str, int], scheme: Scheme) -> Shape:
    points = np.full((len(scheme), 2), np.nan)
    visibility = np.zeros(len(scheme), dtype=np.int8)
    for part in box.findall("part"):
        name = part.get("name", "")
        if name not in landmarks:
            raise FormatError(
                f'its part "{name}" is no landmark of scheme {scheme.name}, which has '
                f"{len(scheme)}.{closest(name, scheme.landmarks)}"
            )
        i = landmarks[name]
        if visibility[i]:
            raise FormatError(f'it has the part "{name}" twice.')
        seen = part.get("visibility", str(int(Visibility.VISIBLE)))
        if seen not in ("1", "2"):
            raise FormatError(f'the visibility of its part "{name}" is "{seen}" and not 1 or 2.')
        whole = _number(part, "x"), _number(part, "y")
        exact = _exact(part, 2)
        agrees = exact and all(abs(a - b) <= 0.5 for a, b in zip(exact, whole, strict=True))
        points[i], visibility[i] = exact if agrees else whole, int(seen)
    return Shape(points, visibility).with_provenance(Provenance.IMPORTED)


def _box(element: ET.Element) -> Box | None:
    whole = tuple(_number(element, side) for side in ("left", "top", "width", "height"))
    left, top, width, height = whole
    exact = _exact(element, 5)
    if exact and exact[2] > 0 and exact[3] > 0:
        box = Box(*exact)
        if _whole_pixels(box) == whole:
            return box
    if width <= 0 or height <= 0:
        return None
    return Box(left + (width - 1) / 2, top + (height - 1) / 2, width, height)


def _number(element: ET.Element, name: str) -> float:
    text = element.get(name, "").strip()
    if NUMBER.fullmatch(text) is None or not math.isfinite(float(text)):
        part = f'part "{element.get("name")}"' if element.tag == "part" else "box"
        raise FormatError(f'{name} of the {part} is "{text}" and not a finite number.')
    return float(text)


def _exact(element: ET.Element, count: int) -> tuple[float, ...]:
    """What this tool wrote beside the whole numbers; nothing where it did not."""
    words = element.get("exact", "").split()
    if len(words) != count or not all(NUMBER.fullmatch(word) for word in words):
        return ()
    values = tuple(float(word) for word in words)
    return values if all(math.isfinite(value) for value in values) else ()


def _whole_pixels(box: Box) -> tuple[int, int, int, int]:
    """(left, top, width, height) of the upright rectangle around the box."""
    cos, sin = abs(math.cos(box.angle)), abs(math.sin(box.angle))
    width, height = box.width * cos + box.height * sin, box.width * sin + box.height * cos
    columns, rows = max(round(width), 1), max(round(height), 1)
    left, top = box.centre_x - (columns - 1) / 2, box.centre_y - (rows - 1) / 2
    return round(left), round(top), columns, rows


def write(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
    """Raises FormatError or DiskFull."""
    several: dict[Path, list[ExportedInstance]] = {}
    for instance in instances:
        several.setdefault(instance.image, []).append(instance)
    replace_file(target, _document(several, target, scheme))
    notes = [
        "dlib reads whole pixels: positions are rounded, and what they were is beside them in "
        "attributes that only this program reads, as is which landmarks are occluded.",
        "Provenance and uncertainty are not written.",
    ]
    notes += half_labelled(instances, "left out")
    strange = sum("&" in image.name or "<" in image.name for image in several)
    if strange:
        images = counted(strange, "image whose name has", "images whose names have")
        notes.append(f"dlib does not find {images} an & or a <.")
    return Written(len(instances), len(several), notes)


def _document(
    several: Mapping[Path, Sequence[ExportedInstance]], target: Path, scheme: Scheme
) -> Iterator[str]:
    about = {"scheme": scheme.name, "version": scheme.version, "landmarks": scheme.landmarks}
    yield "<?xml version='1.0' encoding='UTF-8'?>\n<dataset>\n"
    yield f"<name>{_escaped(scheme.title or scheme.name)}</name>\n"
    yield f"<comment>{_escaped(json.dumps(about))}</comment>\n<images>\n"
    digits = max(len(str(len(scheme) - 1)), 2)
    for image, instances in several.items():
        yield f"<image file={_quoted(written_path(image, target.parent))}>\n"
        for instance in instances:
            yield from _box_element(instance, digits)
        yield "</image>\n"
    yield "</images>\n</dataset>\n"


def _box_element(instance: ExportedInstance, digits: int) -> Iterator[str]:
    box = instance.box or Box.from_corner(*upright_box(instance))
    left, top, width, height = _whole_pixels(box)
    exact = " ".join(repr(float(number)) for number in box.numbers)
    yield (
        f"  <box top='{top}' left='{left}' width='{width}' height='{height}'"
        f" exact='{exact}' source={_quoted(instance.source)}>\n"
    )
    points, visibility = instance.shape.points.tolist(), instance.shape.visibility.tolist()
    for i in np.flatnonzero(labelled(instance.shape)).tolist():
        x, y = points[i]
        part = f"    <part name='{i:0{digits}}' x='{round(x)}' y='{round(y)}'"
        if (round(x), round(y)) != (x, y):
            part += f" exact='{x!r} {y!r}'"
        if visibility[i] != Visibility.VISIBLE:
            part += f" visibility='{visibility[i]}'"
        yield f"{part}/>\n"
    yield "  </box>\n"


def _escaped(text: str) -> str:
    return escape(_allowed(text))


def _quoted(text: str) -> str:
    return quoteattr(_allowed(text))


def _allowed(text: str) -> str:
    if _NOT_IN_XML.search(text):
        raise FormatError(
            f"{text!r} has a character that no XML file can hold.",
            remedy="Rename it, or export to csv.",
        )
    return text
