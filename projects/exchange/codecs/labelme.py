"""labelme: one JSON file an image, of the image's name, with a `point` shape for each landmark.

labelme draws on a canvas whose origin is the image's corner, so the centre of the first pixel is
at 0.5: that is added on writing and subtracted on reading. Points are matched by their label; the
points of one `group_id` are one instance, and so are all points without one. An occluded point
has the flag `occluded`. The pixels (`imageData`) are not embedded; those in a file that labelme
wrote are not looked at, the image itself has to be there.

| Not carried | Instead |
|---|---|
| landmarks that are not labelled | they are left out; of an absent one the `rectangle` has the \
flag `absent NAME` |
| provenance, uncertainty | nothing |
| a turned box | the upright rectangle around it, a `rectangle` of the same `group_id` |
| the box of an instance without one | the square around its points |
| scheme, keys of instances, whose labels they are and since when | entries `scheme`, \
`scheme_version`, `sources`, `annotators`, `labelled_at`, `states`: labelme keeps them |
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.projects.exchange.codecs.common import pixel_corners
from landmark_annotator.projects.exchange.codecs.common.declared import declared
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    ImportedInstance,
    Stream,
    Unreadable,
    Written,
    size_said,
)
from landmark_annotator.projects.exchange.codecs.common.file_per_image import image_tree
from landmark_annotator.projects.exchange.codecs.common.files import (
    files_below,
    make_folder,
    named_path,
    replace_file,
    written_path,
)
from landmark_annotator.projects.exchange.codecs.common.labelling import (
    absent_names,
    imported,
    is_started,
    refuse_annotator,
    time_read,
    time_text,
)
from landmark_annotator.projects.exchange.codecs.common.losses import labelled, losses, upright_box
from landmark_annotator.projects.exchange.codecs.common.passed_over import PassedOver
from landmark_annotator.projects.exchange.codecs.common.staging import inside
from landmark_annotator.projects.exchange.codecs.common.text import (
    ODD,
    beginning,
    readable,
    size_of,
)
from landmark_annotator.projects.vocabulary import (
    SILENT,
    Box,
    Progress,
    Scheme,
    Shape,
    Visibility,
)
from landmark_annotator.projects.vocabulary.errors import FormatError

_VERSION = "5.5.0"
"""Of the labelme whose files these look like."""
_SHORT = 1 << 16
_ABSENT = "absent "
"""What the flag of a landmark that is not in the image begins with."""


def sniff(source: Path) -> bool:
    if source.is_dir():
        return any(_is_labelme(file) for file in _label_files(source))
    return _is_labelme(source)


def _label_files(folder: Path) -> list[Path]:
    return [file for file in files_below(folder)[0] if file.suffix.lower() == ".json"]


def _is_labelme(file: Path) -> bool:
    text = beginning(file).lstrip()
    marks = ('"flags"', '"imagePath"')
    known = '"shapes"' in text and any(mark in text for mark in marks)
    # Of keys in alphabetical order the picture comes first, which is longer than what is looked at.
    return text.startswith("{") and (known or '"imageData"' in text)


def _refuse_damaged(file: Path) -> None:
    """Raises FormatError for what is no JSON at all; what a longer file is, its beginning says."""
    with readable(file):
        short = size_of(file) <= _SHORT
    if short or not beginning(file).lstrip().startswith(("{", "[")):
        pixel_corners.read_json(file)


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """A file, or all in a folder and its subfolders. images: the folder that the names of the
    images start from; by default that of each file. Shapes other than points and rectangles are
    passed over and counted.
    """
    return stream(source, scheme, images=images, annotator=annotator).whole()


def stream(
    source: Path,
    scheme: Scheme,
    *,
    images: Path | None = None,
    annotator: str | None = None,
    progress: Progress = SILENT,
) -> Stream:
    """Only the names of the files are kept in memory."""
    refuse_annotator(annotator, "labelme files")
    files = _label_files(source) if source.is_dir() else [source]
    unreadable, notes, passed = list[Unreadable](), list[str](), PassedOver()

    def instances() -> Iterator[ImportedInstance]:
        for file in files:
            try:
                if source.is_dir() and not _is_labelme(file):
                    _refuse_damaged(file)
                    continue
                yield from _instances(file, scheme, images or file.parent, unreadable, passed)
            except ODD as error:
                unreadable.append(Unreadable(file, str(error)))
        notes.extend(passed.notes(source, scheme))

    return Stream(instances(), unreadable, notes, len(files))


def landmarks(source: Path) -> Scheme:
    """The labels of points in all files: those of the object that has most in its order, then what
    else there is. Raises FormatError where there are none."""
    objects, name = list[list[str]](), None
    for file in _label_files(source) if source.is_dir() else [source]:
        try:
            content = pixel_corners.read_json(file)
        except ODD:
            continue  # the import says why
        if not isinstance(content, dict) or not isinstance(content.get("shapes"), list):
            continue
        name = name or content.get("scheme")
        groups: dict[Any, list[str]] = {}
        for shape in content["shapes"]:
            if isinstance(shape, dict) and shape.get("shape_type") == "point":
                groups.setdefault(_group(shape), []).append(str(shape.get("label")))
        objects += groups.values()
    objects.sort(key=lambda labels: -len(set(labels)))
    return declared(source, name, list(dict.fromkeys(chain.from_iterable(objects))))


def _instances(
    file: Path, scheme: Scheme, folder: Path, unreadable: list[Unreadable], passed: PassedOver
) -> list[ImportedInstance]:
    content = pixel_corners.read_json(file)
    shapes = content.get("shapes") if isinstance(content, dict) else None
    name = content.get("imagePath") if isinstance(content, dict) else None
    if not isinstance(shapes, list) or not isinstance(name, str) or not name:
        raise FormatError(f"{file} has no shapes or no imagePath: it is not a labelme file.")
    image = named_path(name, folder)
    size = size_said(content.get("imageWidth"), content.get("imageHeight"))
    found: list[ImportedInstance] = []
    groups: dict[Any, list[Mapping[str, Any]]] = {}
    for shape in shapes:
        if isinstance(shape, dict) and shape.get("shape_type") in ("point", "rectangle"):
            groups.setdefault(_group(shape), []).append(shape)
        elif isinstance(shape, dict):
            passed[str(shape.get("shape_type"))] += 1
    for number, (group, members) in enumerate(groups.items()):
        key, person, at, state = (
            said.get(str(group)) if isinstance(said, dict) else None
            for said in map(content.get, ("sources", "annotators", "labelled_at", "states"))
        )
        try:
            shape, box, labelled_at = _shape(members, scheme), _box(members), time_read(at)
        except ODD as error:
            unreadable.append(Unreadable(file, f"Group {group}: {error}"))
        else:
            key = str(key or f"{file.name}#{number}")
            found.append(
                ImportedInstance(
                    image,
                    shape,
                    box,
                    key,
                    annotator=str(person or ""),
                    at=labelled_at,
                    size=size,
                    started=is_started(state),
                )
            )
    if not groups:
        empty = Shape.unknown(len(scheme))
        found.append(ImportedInstance(image, empty, None, f"{file.name}#0"))
    return found


def _group(shape: Mapping[str, Any]) -> Any:
    group = shape.get("group_id")
    return group if isinstance(group, int | str) else None


def _shape(members: list[Mapping[str, Any]], scheme: Scheme) -> Shape:
    points = np.full((len(scheme), 2), np.nan)
    visibility = np.zeros(len(scheme), dtype=np.int8)
    absent: list[int] = []
    for member in members:
        if member["shape_type"] != "point":
            absent += _absent(member, scheme)
            continue
        name = str(member.get("label"))
        landmark = scheme.index(name)
        if visibility[landmark]:
            raise FormatError(
                f'"{name}" is there twice.',
                remedy="Give the points of each instance a group_id of their own.",
            )
        points[landmark] = _positions(member, 1)[0]
        flags = member.get("flags")
        hidden = isinstance(flags, dict) and flags.get("occluded") is True
        visibility[landmark] = Visibility.OCCLUDED if hidden else Visibility.VISIBLE
    return imported(points, visibility, absent)


def _absent(rectangle: Mapping[str, Any], scheme: Scheme) -> list[int]:
    flags = rectangle.get("flags")
    if not isinstance(flags, dict):
        return []
    set_ones = [str(name) for name, value in flags.items() if value is True]
    names = [name.removeprefix(_ABSENT) for name in set_ones if name.startswith(_ABSENT)]
    return [scheme.index(name) for name in names]


def _box(members: list[Mapping[str, Any]]) -> Box | None:
    rectangles = [member for member in members if member["shape_type"] == "rectangle"]
    if len(rectangles) != 1:
        return None
    # Two opposite corners; newer versions write all four.
    points = rectangles[0].get("points")
    corners = 4 if isinstance(points, list) and len(points) == 4 else 2
    positions = np.array(_positions(rectangles[0], corners))
    left, top = positions.min(axis=0).tolist()
    right, bottom = positions.max(axis=0).tolist()
    return Box.from_corner(left, top, right - left, bottom - top)


def _positions(member: Mapping[str, Any], count: int) -> list[tuple[float, float]]:
    pairs = member.get("points")
    right = isinstance(pairs, list) and len(pairs) == count
    if not right or not all(isinstance(p, list) and len(p) == 2 for p in pairs or ()):
        raise FormatError(f'the {member["shape_type"]} "{member.get("label")}" has no position.')
    return [(pixel_corners.to_centre(x), pixel_corners.to_centre(y)) for x, y in pairs or ()]


def write(target: Path, instances: Iterable[ExportedInstance], scheme: Scheme) -> Written:
    """One file an image in the folder `target`, in the images' own tree of folders.

    Raises FormatError or DiskFull; every file that is there then is complete.
    """
    instances = list(instances)
    places = image_tree(instances, target)
    images: dict[Path, list[ExportedInstance]] = {}
    for instance in instances:
        images.setdefault(instance.image, []).append(instance)
    names = Counter(places[image].with_suffix("") for image in images)
    for image, several in images.items():
        place = places[image]
        # a.png and a.jpg are two images.
        alone = names[place.with_suffix("")] == 1
        place = place.with_suffix(".json") if alone else place.with_name(f"{place.name}.json")
        file = inside(target, place)
        make_folder(file.parent)
        replace_file(file, pixel_corners.dump_json(_content(file, image, several, scheme)))
    return Written(len(instances), len(images), losses(instances))


def _content(
    file: Path, image: Path, instances: list[ExportedInstance], scheme: Scheme
) -> dict[str, Any]:
    shapes: list[dict[str, Any]] = []
    for group, instance in enumerate(instances):
        x, y, width, height = upright_box(instance)
        corners = [(x, y), (x + width, y + height)]
        absent = {f"{_ABSENT}{name}": True for name in absent_names(instance.shape, scheme)}
        shapes.append(_drawn(scheme.name, "rectangle", group, corners, **absent))
        for landmark in np.flatnonzero(labelled(instance.shape)).tolist():
            hidden = bool(instance.shape.visibility[landmark] == Visibility.OCCLUDED)
            position = [tuple(instance.shape.points[landmark].tolist())]
            name = scheme.landmarks[landmark]
            shapes.append(_drawn(name, "point", group, position, occluded=hidden))
    return {
        "version": _VERSION,
        "flags": {},
        "shapes": shapes,
        "imagePath": written_path(image, file.parent),
        "imageData": None,
        "imageHeight": instances[0].height,
        "imageWidth": instances[0].width,
        "scheme": scheme.name,
        "scheme_version": scheme.version,
        "sources": {str(group): one.source for group, one in enumerate(instances)},
        "annotators": {str(n): one.annotator for n, one in enumerate(instances) if one.annotator},
        "labelled_at": {str(n): time_text(one.at) for n, one in enumerate(instances) if one.at},
        "states": {str(n): one.state for n, one in enumerate(instances) if one.state},
    }


def _drawn(
    label: str, kind: str, group: int, positions: Iterable[tuple[float, ...]], **flags: bool
) -> dict[str, Any]:
    return {
        "label": label,
        "points": [[pixel_corners.from_centre(value) for value in pair] for pair in positions],
        "group_id": group,
        "description": "",
        "shape_type": kind,
        "flags": flags,
        "mask": None,
    }
