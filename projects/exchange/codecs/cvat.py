"""CVAT for images 1.1: one XML file, each instance a skeleton whose points name their landmark.

CVAT counts pixels from the corner of the first one (its canvas ends at the image's width and
height), so 0.5 is added on writing and subtracted on reading. CVAT itself rounds to hundredths.

A point that is not labelled is `outside`, an occluded one `occluded`. Points are matched by
their labels; their order in a skeleton means nothing, for CVAT keeps none (its issue 5048).
Read are also `<points>` of one landmark each, together by their `group_id`, and `<points>` with
all landmarks in one list, in the scheme's order.

| Not carried | Instead |
|---|---|
| provenance, uncertainty | nothing |
| which landmarks are absent, and which not labelled yet | both are `outside`; an absent one has \
the attribute `absent` |
| the scheme | its names and edges are labels in `meta`, its version beside them |
| the box of an instance | a `box`, also a turned one, with the `group_id` of its skeleton |
| the key of an instance | the attribute `source` |
| whose labels they are, since when, what is accepted | the attributes `annotator`, `labelled_at` \
and `state` |
| that a region is not to be seen | nothing; masks of regions are `mask`, in the group of their \
skeleton |
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np

from landmark_annotator.projects.exchange.codecs.common import pixel_corners
from landmark_annotator.projects.exchange.codecs.common.declared import declared
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
from landmark_annotator.projects.exchange.codecs.common.labelling import (
    imported,
    is_started,
    refuse_annotator,
    time_read,
    time_text,
)
from landmark_annotator.projects.exchange.codecs.common.landmark_names import landmark_order
from landmark_annotator.projects.exchange.codecs.common.losses import labelled, losses_of_points
from landmark_annotator.projects.exchange.codecs.common.passed_over import PassedOver
from landmark_annotator.projects.exchange.codecs.common.text import ODD, beginning, read_bytes
from landmark_annotator.projects.exchange.codecs.cvat_labels import (
    add_labels,
    box_label,
    label_names,
)
from landmark_annotator.projects.exchange.codecs.cvat_masks import (
    add_mask_labels,
    add_masks,
    attach_masks,
)
from landmark_annotator.projects.exchange.codecs.cvat_objects import objects_of
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape, Visibility
from landmark_annotator.projects.vocabulary.errors import FormatError
from landmark_annotator.projects.vocabulary.wording import counted

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
_MOST_DIGITS = 10
_BY_MODEL = "auto"


def sniff(source: Path) -> bool:
    return source.is_file() and "<annotations" in beginning(source, 4096)


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """images: the folder that the names of the images start from; by default the file's own.

    An image without shapes is an instance of which nothing is known yet.
    """
    refuse_annotator(annotator, "CVAT files")
    root = parsed_root(source)
    if root.find("track") is not None:
        raise FormatError(
            f"{source} is CVAT for video.", remedy="Import it as that: --format cvat-video."
        )
    contents, passed = Contents(), PassedOver()
    declared = label_names(root)
    empty = Shape.unknown(len(scheme))
    for image in root.iter("image"):
        name = image.get("name", "")
        path = named_path(name, images or source.parent)
        found = 0
        groups: list[tuple[str, int]] = []
        objects, others = objects_of(image, scheme)
        for number, (element, box) in enumerate(objects):
            found += 1
            key = attribute(element, "source") or f"{source.name}:{name}#{number}"
            try:
                if element.tag == "skeleton":
                    shape = skeleton_shape(element, scheme, declared, contents.notes)
                elif element.tag == "points":
                    shape = _list_of_points(element, scheme, contents.notes)
                else:
                    shape = empty
                instance = ImportedInstance(
                    path,
                    shape,
                    box_of(box),
                    key,
                    annotator=attribute(element, "annotator"),
                    at=time_read(attribute(element, "labelled_at")),
                    size=size_said(image.get("width"), image.get("height")),
                    started=is_unseen(element),
                )
            except ODD as error:
                contents.unreadable.append(Unreadable(source, f"{name}, shape {number}: {error}"))
            else:
                groups.append((element.get("group_id", "0"), len(contents.instances)))
                contents.instances.append(instance)
        found += attach_masks(
            image, path, scheme, contents.instances, groups, source, contents.unreadable
        )
        if not found:
            key = f"{source.name}:{name}"
            contents.instances.append(ImportedInstance(path, empty, None, key))
        passed.update(others)
    contents.notes.extend(passed.notes(source, scheme))
    return contents


def parsed_root(source: Path) -> Xml.Element:
    try:
        root = Xml.fromstring(read_bytes(source))
    except (Xml.ParseError, LookupError, ValueError) as error:
        raise FormatError(
            f"{source} is not XML, or cut short: {error}.", remedy="Copy the file again."
        ) from error
    if root.tag != "annotations":
        raise FormatError(f"{source} is XML, but not of CVAT.")
    return root


def landmarks(source: Path) -> Scheme:
    """Of the first skeleton that the file declares."""
    for name, points in label_names(parsed_root(source)).items():
        return declared(source, name, points)
    raise FormatError(f"{source} declares no skeleton.", remedy="Write a scheme file.")


def skeleton_shape(
    element: Xml.Element, scheme: Scheme, declared: dict[str, list[str]], notes: list[str]
) -> Shape:
    points, visibility = np.full((len(scheme), 2), np.nan), np.zeros(len(scheme), dtype=np.int8)
    elements = {point.get("label", ""): point for point in element.iter("points")}
    if len(elements) != len(element.findall("points")):
        raise FormatError("a label is there twice in one skeleton.")
    # Names that the scheme does not know are in the order of their declaration, or in none.
    names = declared.get(element.get("label", ""), [])
    names = names if set(elements) <= set(names) else list(elements)
    if not set(elements) <= set(scheme.landmarks) and names == list(elements) and len(names) > 1:
        names = sorted(elements, key=_number)
    label = element.get("label", "")
    order = landmark_order(names, scheme, f'The skeleton "{label}"', notes)
    absent = []
    for name, landmark in zip(names, order, strict=True):
        point = elements.get(name)
        if point is not None and point.get("outside", "0") != "1":
            points[landmark] = _pair(point.get("points", ""))
            visibility[landmark] = _seen(point)
        elif point is not None and attribute(point, "absent") == "true":
            absent.append(landmark)
    return imported(points, visibility, absent)


def _number(name: str) -> tuple[bool, int, str]:
    """Points without declared labels are usually numbered."""
    number = name.isdecimal() and len(name) < _MOST_DIGITS
    return (not number, int(name) if number else 0, name)


def _list_of_points(element: Xml.Element, scheme: Scheme, notes: list[str]) -> Shape:
    pairs = [_pair(pair) for pair in element.get("points", "").split(";")]
    if len(pairs) != len(scheme):
        size = counted(len(scheme), "landmark")
        raise FormatError(f"it has {counted(len(pairs), 'point')}; the scheme has {size}.")
    note = "Lists of points, which have no names, were taken in the scheme's order."
    if note not in notes:
        notes.append(note)
    seen = np.full(len(scheme), _seen(element), dtype=np.int8)
    return Shape(np.array(pairs), seen).with_provenance(Provenance.IMPORTED)


def _seen(element: Xml.Element) -> Visibility:
    return Visibility.OCCLUDED if element.get("occluded") == "1" else Visibility.VISIBLE


def _pair(text: str) -> tuple[float, float]:
    numbers = text.split(",")
    if len(numbers) != 2:
        raise FormatError(f'"{text[:40]}" is not the two numbers of a point.')
    return pixel_corners.to_centre(numbers[0]), pixel_corners.to_centre(numbers[1])


def box_of(element: Xml.Element | None) -> Box | None:
    if element is None:
        return None
    left, top, right, bottom = (
        pixel_corners.to_centre(element.get(name, "")) for name in ("xtl", "ytl", "xbr", "ybr")
    )
    angle = math.radians(pixel_corners.number(element.get("rotation", "0")))
    return Box((left + right) / 2, (top + bottom) / 2, right - left, bottom - top, angle)


def is_unseen(element: Xml.Element) -> bool:
    """Whether nobody has accepted the shape yet: this tool says so, or CVAT, whose models make what
    is `auto` until a person changes it (`semi-auto` then)."""
    return is_started(attribute(element, "state")) or element.get("source") == _BY_MODEL


def source_of(instance: ExportedInstance) -> str:
    return "manual" if instance.confidence is None else _BY_MODEL


def attribute(element: Xml.Element, name: str) -> str:
    found = (a.text for a in element.findall("attribute") if a.get("name") == name)
    return next(found, None) or ""


def write(target: Path, instances: Iterable[ExportedInstance], scheme: Scheme) -> Written:
    """Raises FormatError or DiskFull."""
    instances = list(instances)
    images: dict[Path, list[tuple[int, ExportedInstance]]] = {}
    for number, instance in enumerate(instances, 1):
        images.setdefault(instance.image, []).append((number, instance))
    root = Xml.Element("annotations")
    Xml.SubElement(root, "version").text = "1.1"
    add_labels(root, instances, scheme)
    add_mask_labels(root, scheme)
    replace_file(target, _document(root, images, target.parent, scheme))
    return Written(len(instances), len(images), losses_of_points(instances))


def _document(
    root: Xml.Element,
    images: Mapping[Path, Sequence[tuple[int, ExportedInstance]]],
    folder: Path,
    scheme: Scheme,
) -> Iterator[str]:
    """The text of a file in parts: as elements an image takes ten times the room of its text. root:
    what stands before the images. images: the instances of each, with their numbers."""
    Xml.indent(root)
    end = f"</{root.tag}>"
    yield f"{_DECLARATION}{_text(root).removesuffix(end)}"
    for place, (path, several) in enumerate(images.items()):
        first = several[0][1]
        about = {"id": str(place), "name": written_path(path, folder)}
        about |= {"width": str(first.width), "height": str(first.height)}
        image = Xml.Element("image", about)
        for number, instance in several:
            _add_instance(image, instance, scheme, str(number))
        Xml.indent(image, level=1)
        yield f"  {_text(image)}\n"
    yield f"{end}\n"


def replace_with(target: Path, root: Xml.Element) -> None:
    """Raises FormatError or DiskFull."""
    Xml.indent(root)
    replace_file(target, f"{_DECLARATION}{_text(root)}\n")


def _text(element: Xml.Element) -> str:
    """Raises FormatError."""
    text = Xml.tostring(element, encoding="unicode")
    wrong = _NOT_IN_XML.search(text)
    if wrong:
        raise FormatError(
            f"A name holds the character U+{ord(wrong[0]):04X}, which XML cannot hold.",
            remedy="Rename the landmark or the image.",
        )
    return text


def _add_instance(
    image: Xml.Element, instance: ExportedInstance, scheme: Scheme, group: str
) -> None:
    common = {"source": source_of(instance), "z_order": "0", "group_id": group}
    carried = labelled(instance.shape)
    add_masks(image, instance, scheme, common)
    if instance.box is not None:
        about = {"label": box_label(scheme), "occluded": "0", **common}
        box = add_box(image, instance.box, about)
        if not (carried | instance.shape.absent).any():
            add_attributes(box, instance)
            return
    skeleton = add_skeleton(image, instance, scheme, {"label": scheme.name, **common})
    add_attributes(skeleton, instance)


def add_box(parent: Xml.Element, box: Box, about: dict[str, str]) -> Xml.Element:
    element = Xml.SubElement(parent, "box", about)
    half = box.width / 2, box.height / 2
    for name, value in (
        ("xtl", box.centre_x - half[0]),
        ("ytl", box.centre_y - half[1]),
        ("xbr", box.centre_x + half[0]),
        ("ybr", box.centre_y + half[1]),
    ):
        element.set(name, pixel_corners.text(pixel_corners.from_centre(value)))
    if box.angle:
        element.set("rotation", repr(math.degrees(box.angle)))
    return element


def add_skeleton(
    parent: Xml.Element, instance: ExportedInstance, scheme: Scheme, about: dict[str, str]
) -> Xml.Element:
    """Points that are not labelled are outside."""
    carried = labelled(instance.shape)
    skeleton = Xml.SubElement(parent, "skeleton", about)
    known = instance.shape.points[carried]
    # CVAT wants a position even of points that are outside.
    somewhere = known.mean(axis=0) if len(known) else np.zeros(2)
    for landmark, name in enumerate(scheme.landmarks):
        x, y = instance.shape.points[landmark] if carried[landmark] else somewhere
        occluded = carried[landmark] and instance.shape.visibility[landmark] == 1
        point = Xml.SubElement(
            skeleton,
            "points",
            label=name,
            source=source_of(instance),
            outside=str(int(not carried[landmark])),
            occluded=str(int(occluded)),
            points=",".join(
                pixel_corners.text(pixel_corners.from_centre(float(v))) for v in (x, y)
            ),
        )
        if instance.shape.absent[landmark]:
            Xml.SubElement(point, "attribute", name="absent").text = "true"
    return skeleton


def add_attributes(element: Xml.Element, instance: ExportedInstance) -> None:
    Xml.SubElement(element, "attribute", name="source").text = instance.source
    if instance.annotator:
        Xml.SubElement(element, "attribute", name="annotator").text = instance.annotator
    if instance.at is not None:
        Xml.SubElement(element, "attribute", name="labelled_at").text = time_text(instance.at)
    if instance.state:
        Xml.SubElement(element, "attribute", name="state").text = instance.state
