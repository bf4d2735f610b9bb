"""Masks of regions as indexed PNG files, one an image, in the folders of Pascal VOC.

    labelmap.txt                            which index is which region, see `label_map`
    SegmentationClass/NAME.png              of each pixel the region
    SegmentationObject/NAME.png             of each pixel the object, counted from 1
    SegmentationOverlapping/3 hat/NAME.png  of a region that may lie on others, the object
    ImageSets/Segmentation/default.txt      the names
    JPEGImages/NAME.jpg                     the images

CVAT, Datumaro and whatever else reads Pascal VOC's segmentation take the class and object files.
Each object file keeps in a text of PNG's own what no pixel can say: the key of every object, and
regions that are not to be seen. Of files by others, an image without an object file has one object;
their class files may also have the legend's colours without indices, as CVAT writes them. Pixels of
an index that is no region of the scheme, such as Pascal's 255, are of none.

There are no landmarks and no boxes in it.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, PngImagePlugin

from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    ImportedInstance,
    Stream,
    Unreadable,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.file_per_image import images_by_name, only
from landmark_annotator.projects.exchange.codecs.common.files import (
    composed,
    files_below,
    make_folder,
    replace_file,
)
from landmark_annotator.projects.exchange.codecs.common.image_places import place_images
from landmark_annotator.projects.exchange.codecs.common.staging import inside
from landmark_annotator.projects.exchange.codecs.common.text import ODD
from landmark_annotator.projects.exchange.codecs.label_map import (
    MOST,
    NAME,
    LabelMap,
    pascal_palette,
)
from landmark_annotator.projects.images import upright_size
from landmark_annotator.projects.vocabulary import (
    SILENT,
    Mask,
    MaskProvenance,
    Progress,
    RegionMask,
    Scheme,
    Shape,
)
from landmark_annotator.projects.vocabulary.errors import FormatError
from landmark_annotator.projects.vocabulary.wording import counted

_CLASSES, _OBJECTS, _OVERLAPPING = (
    f"Segmentation{kind}" for kind in ("Class", "Object", "Overlapping")
)
_IMAGES = "JPEGImages"
_LIST = "ImageSets/Segmentation/default.txt"
_TEXT = "landmark-annotator"
_OPEN = 255

Indices = npt.NDArray[np.uint8]


def sniff(source: Path) -> bool:
    classes = source / _CLASSES
    return classes.is_dir() and any(f.suffix == ".png" for f in files_below(classes)[0])


# Writing


@dataclass
class _Lost:
    shared: int = 0
    """Pixels of one object that lie on another."""
    without: int = 0
    many: int = 0
    missing: int = 0
    written: int = 0
    names: list[str] = field(default_factory=list)

    def notes(self) -> list[str]:
        counts = (
            (
                self.without,
                "object without masks was left out.",
                "objects without masks were left out.",
            ),
            (
                self.many,
                f"object was left out: an image has more than {MOST}.",
                f"objects were left out: an image has more than {MOST}.",
            ),
            (
                self.shared,
                "pixel that two objects share is of the later one alone.",
                "pixels that two objects share are of the later one alone.",
            ),
            (
                self.missing,
                "image was not copied: it is gone, cannot be read, or has changed since.",
                "images were not copied: they are gone, cannot be read, or have changed since.",
            ),
        )
        told = [counted(count, one, several) for count, one, several in counts if count]
        return ["Masks alone are written: neither landmarks nor boxes.", *told]


def write(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
    """Into the folder `target`. Images are copied to its folder JPEGImages, unless they are there.

    Raises FormatError or DiskFull; every file that is there then is complete.
    """
    legend = LabelMap.of(scheme)
    make_folder(target)
    masked = [each for each in instances if any(name in each.masks for name in legend.names)]
    placed, missing = place_images(target / _IMAGES, masked)
    lost = _Lost(without=len(instances) - len(masked), missing=missing)
    of_image: dict[Path, list[ExportedInstance]] = {}
    for each in masked:
        of_image.setdefault(each.image, []).append(each)
    for image, objects in of_image.items():
        name = placed[image].with_suffix(".png")
        lost.names.append(placed[image].with_suffix("").as_posix())
        _write_image(target, name, objects, scheme, legend, lost)
    _put(target, Path(_LIST), "".join(f"{name}\n" for name in lost.names))
    replace_file(target / NAME, legend.text)
    return Written(lost.written, len(of_image), lost.notes())


def _write_image(
    target: Path,
    name: Path,
    objects: Sequence[ExportedInstance],
    scheme: Scheme,
    legend: LabelMap,
    lost: _Lost,
) -> None:
    size = objects[0].height, objects[0].width
    lost.many += max(len(objects) - MOST, 0)
    objects = objects[:MOST]
    classes, owners = np.zeros(size, np.uint8), np.zeros(size, np.uint8)
    above: dict[int, Indices] = {}
    for number, each in enumerate(objects, 1):
        before = owners > 0
        for index, region in enumerate(scheme.regions, 1):
            found = each.masks.get(region.name)
            if found is None or not found.mask:
                continue
            inside_it = found.mask.array(*size)
            if region.overlaps:
                mine = above.setdefault(index, np.zeros(size, np.uint8))
                lost.shared += int(np.count_nonzero(mine[inside_it]))
                mine[inside_it] = number
            else:
                lost.shared += int(np.count_nonzero(before & inside_it))
                classes[inside_it], owners[inside_it] = index, number
    lost.written += len(objects)
    _put(target, Path(_CLASSES) / name, _png(classes, legend.palette))
    _put(target, Path(_OBJECTS) / name, _png(owners, pascal_palette(), _said(objects)))
    for index, mine in above.items():
        folder = Path(_OVERLAPPING) / _folder(index, legend.names[index])
        _put(target, folder / name, _png(mine, pascal_palette()))


def _folder(index: int, region: str) -> str:
    """Its number says which region it is; the name is for people."""
    return f"{index} {''.join(c if c.isalnum() or c in ' -_' else '_' for c in region)}".strip()


def _said(objects: Sequence[ExportedInstance]) -> str:
    """What no pixel can say."""
    said = []
    for each in objects:
        not_seen = [name for name, one in each.masks.items() if not one.mask]
        said.append({"source": each.source, "not seen": not_seen})
    return json.dumps(said)


def _png(indices: Indices, palette: list[int], said: str = "") -> bytes:
    picture, about, stream = Image.fromarray(indices), PngImagePlugin.PngInfo(), io.BytesIO()
    picture.putpalette(palette)
    if said:
        about.add_itxt(_TEXT, said)
    picture.save(stream, "PNG", pnginfo=about, optimize=True)
    return stream.getvalue()


def _put(target: Path, name: Path, content: str | bytes) -> None:
    file = inside(target, name)
    make_folder(file.parent)
    replace_file(file, content)


# Reading


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    return stream(source, scheme, images=images, annotator=annotator).whole()


def stream(
    source: Path,
    scheme: Scheme,
    *,
    images: Path | None = None,
    annotator: str | None = None,
    progress: Progress = SILENT,
) -> Stream:
    """A folder as above, or one of class files alone. images: their folder, in the same tree; by
    default JPEGImages, else the folder itself. Raises FormatError where it names no region."""
    if annotator is not None:
        raise FormatError("Indexed masks do not say who made them: leave out the annotator.")
    if not source.is_dir():
        raise FormatError(f"{source} is no folder of masks.", remedy="Name the folder.")
    classes = source / _CLASSES if (source / _CLASSES).is_dir() else source
    notes: list[str] = []
    reader = _Reader(source, _legend(source, classes, scheme, notes), scheme)
    files, unreadable = files_below(classes)
    files = [f for f in files if f.suffix.lower() == ".png" and _is_mask(f, source)]
    root = images or (source / _IMAGES if (source / _IMAGES).is_dir() else source)
    named = images_by_name(root, deep=True)

    def instances() -> Iterator[ImportedInstance]:
        for file in files:
            name = composed(file.relative_to(classes).with_suffix(""))
            try:
                beside = [image for image in named.get(name, []) if image != file]
                yield from reader.instances(name, file, only(beside, file, [name.name]))
            except (*ODD, OSError, SyntaxError, Image.DecompressionBombError) as error:
                unreadable.append(Unreadable(file, str(error)))

    return Stream(instances(), unreadable, notes, len(files))


def _is_mask(file: Path, source: Path) -> bool:
    """Whether it is none of the other files of such a folder."""
    first = file.relative_to(source).parts[0]
    return first not in (_OBJECTS, _OVERLAPPING, _IMAGES)


def _legend(source: Path, classes: Path, scheme: Scheme, notes: list[str]) -> LabelMap:
    file = next((f / NAME for f in (source, classes, source.parent) if (f / NAME).is_file()), None)
    if file is None:
        notes.append(f"There is no {NAME}: index 1 is the first region of the scheme, and so on.")
        return LabelMap.of(scheme)
    legend, own = LabelMap.read(file), {region.name for region in scheme.regions}
    others = [name for name in legend.names[1:] if name not in own]
    if len(others) == len(legend.names[1:]):
        raise FormatError(
            f"None of the labels of {file} is a region of the scheme: {', '.join(others)}.",
            remedy="Add them: annotator scheme PROJECT --add-region NAME.",
        )
    if others:
        notes.append(f"No regions of the scheme, and left out: {', '.join(others)}.")
    return legend


@dataclass(frozen=True)
class _Reader:
    source: Path
    legend: LabelMap
    scheme: Scheme

    def instances(self, name: Path, file: Path, image: Path) -> Iterator[ImportedInstance]:
        size = upright_size(image)
        classes = self._classes(file, size)
        objects = self.source / _OBJECTS / name.with_suffix(".png")
        owners, said = (classes != 0).astype(np.uint8), list[Mapping[str, Any]]()
        if objects.is_file():
            owners, said = _opened(objects, size)
        above = {region: _opened(path, size)[0] for region, path in self._above(name)}
        last = max(int(a.max()) for a in (_closed(owners), *map(_closed, above.values())))
        for number in range(1, max(last, len(said)) + 1):
            about = said[number - 1] if number <= len(said) else {}
            masks = self._masks(np.where(owners == number, classes, 0), about)
            masks |= {
                region: RegionMask(Mask.of(mine == number), MaskProvenance.IMPORTED)
                for region, mine in above.items()
                if (mine == number).any()
            }
            if masks:
                source = str(about.get("source") or f"{name.as_posix()}.png#{number}")
                yield ImportedInstance(
                    image, Shape.unknown(len(self.scheme)), None, source, masks=masks
                )

    def _masks(self, classes: Indices, about: Mapping[str, Any]) -> dict[str, RegionMask]:
        names = {region.name for region in self.scheme.regions}
        not_seen = set(about.get("not seen", ())) & names
        found = {name: Mask() for name in not_seen}
        for index in np.unique(classes).tolist():
            name = self.legend.names[index] if index < len(self.legend.names) else ""
            if index and name in names:
                found[name] = Mask.of(classes == index)
        return {name: RegionMask(m, MaskProvenance.IMPORTED) for name, m in found.items()}

    def _classes(self, file: Path, size: tuple[int, int]) -> Indices:
        """(height, width) indices of the legend. Of a file with a palette its colours count, where
        the legend has them: others number their labels otherwise."""
        with Image.open(file) as picture:
            _check_size(file, picture, size)
            indexed = picture.mode in ("1", "L", "P")
            plain = np.asarray(picture).astype(np.uint8) if indexed else None
            if plain is not None and picture.mode != "P":
                return plain
            found = self.legend.indices(np.asarray(picture.convert("RGB")))
        if plain is not None:
            unknown = (found < 0) & (plain != _OPEN)
            return plain if unknown.any() else np.where(found < 0, 0, found).astype(np.uint8)
        if (found < 0).any() and (found <= 0).all():
            raise FormatError(f"None of its colours is one of {NAME}.")
        return np.where(found < 0, 0, found).astype(np.uint8)

    def _above(self, name: Path) -> Iterator[tuple[str, Path]]:
        overlapping = {region.name for region in self.scheme.regions}
        for folder in sorted((self.source / _OVERLAPPING).glob("[0-9]*")):
            index = folder.name.partition(" ")[0]
            file = folder / name.with_suffix(".png")
            known = index.isascii() and index.isdigit() and 0 < int(index) < len(self.legend.names)
            if known and file.is_file() and self.legend.names[int(index)] in overlapping:
                yield self.legend.names[int(index)], file


def _closed(indices: Indices) -> Indices:
    """Without what Pascal VOC leaves open."""
    return np.where(indices == _OPEN, 0, indices)


def _opened(file: Path, size: tuple[int, int]) -> tuple[Indices, list[Mapping[str, Any]]]:
    """(height, width) numbers of objects, and what the file says of each."""
    with Image.open(file) as picture:
        _check_size(file, picture, size)
        if picture.mode in ("1", "L", "P"):
            found = np.asarray(picture).astype(np.uint8)
        else:
            found = _numbered(np.asarray(picture.convert("RGB")))
        text = getattr(picture, "text", {}).get(_TEXT, "[]")
    said = json.loads(text)
    if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
        raise FormatError(f"{file} says something else of its objects than it should.")
    return found, said[:MOST]


def _numbered(colours: npt.NDArray[np.uint8]) -> Indices:
    """Objects by their colours, from 1; black is none."""
    whole = colours.astype(np.int64) @ np.array([1 << 16, 1 << 8, 1])
    there = np.unique(whole)
    there = there[there > 0]
    if len(there) > MOST:
        raise FormatError(f"It has {len(there):,} colours: more objects than {MOST}.")
    return np.asarray(np.where(whole > 0, np.searchsorted(there, whole) + 1, 0).astype(np.uint8))


def _check_size(file: Path, picture: Image.Image, size: tuple[int, int]) -> None:
    if picture.size != size:
        raise FormatError(
            f"{file.name} has {picture.size[0]} x {picture.size[1]} pixels, its image "
            f"{size[0]} x {size[1]}.",
            remedy="Enlarge the masks without smoothing, or name the images that they are of.",
        )
