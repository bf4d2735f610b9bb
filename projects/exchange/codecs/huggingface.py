"""Hugging Face datasets: Parquet files that hold the images too, and a data card.

    README.md                    what it holds, and how it is loaded
    data/train-00000.parquet     500 MB each, or what --shard-size says

    datasets.load_dataset("FOLDER")

A row an image: `image`, its bytes and its path, `width`, `height`, and `objects`, one for each, as
of `object_records`: keypoints are x, y and visibility as in COCO, counted from 0 at the first
pixel's centre. The images are as they are, byte for byte; a frame of a video is a PNG. The schema
says what `datasets` has to know to show images as images. An export with --split has a folder for
each part, which `datasets` takes for its splits.

Read are files of others too, with a column of images and one of `objects` or `annotations`, a list
of objects or an object of lists, or with `keypoints` of a single one. Images are put beside the
file, into NAME-images, or into the folder named with --images. Files are read a row group at a time
in a process of its own (`landmark_annotator.projects.apart`). Needs pyarrow.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from typing_extensions import override

from landmark_annotator.projects.apart.asking import Reader
from landmark_annotator.projects.exchange.codecs.common.data_card import data_card, split_of
from landmark_annotator.projects.exchange.codecs.common.declared import declared
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    ImportedInstance,
    Stream,
    Unreadable,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import (
    make_folder,
    named_path,
    replace_file,
)
from landmark_annotator.projects.exchange.codecs.common.image_contents import (
    ImageContents,
    by_image,
    image_names,
)
from landmark_annotator.projects.exchange.codecs.common.labelling import refuse_chosen_annotator
from landmark_annotator.projects.exchange.codecs.common.object_records import (
    ObjectReader,
    record_of,
)
from landmark_annotator.projects.exchange.codecs.common.shards import in_shards
from landmark_annotator.projects.exchange.codecs.common.text import ODD
from landmark_annotator.projects.exchange.codecs.common.unpacked_images import (
    MOST_BYTES,
    UnpackedImages,
)
from landmark_annotator.projects.vocabulary import SILENT, Progress, Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError, MissingPackage

_SUFFIX, _MAGIC = ".parquet", b"PAR1"
_OURS = b"landmark_annotator"
_IN_A_GROUP = 100
"""Rows: Hugging Face's viewer reads no part of a group."""
_READER = Reader("parquet_rows", "a Parquet file of images")


def sniff(source: Path) -> bool:
    """By the first bytes, so that pyarrow is not needed for it."""
    try:
        with _files(source)[0].open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except (OSError, IndexError):
        return False


def _files(source: Path) -> list[Path]:
    """A file, all in a folder, or all in its folder data."""
    if source.is_file():
        return [source] if source.suffix.lower() == _SUFFIX else []
    return sorted([*source.glob(f"*{_SUFFIX}"), *(source / "data").glob(f"*{_SUFFIX}")])


def _pyarrow() -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MissingPackage(
            "Parquet files need pyarrow, which is not installed.",
            kept="All other formats work without it; webdataset holds images, too.",
            remedy="Install it: pip install pyarrow",
        ) from error
    return pyarrow


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
    """images: the folder that images are put into. Raises MissingPackage without pyarrow."""
    refuse_chosen_annotator(annotator)
    files = _files(source)
    if not files:
        raise FormatError(f"There are no Parquet files in {source}.")
    _pyarrow()
    unreadable, notes = list[Unreadable](), list[str]()
    # Of all files, before the first row of any.
    readers = [
        ObjectReader(file, scheme, notes, unreadable, _about(file).get("landmarks"))
        for file in files
    ]
    for reader in readers:
        reader.order()
    unpacked = UnpackedImages(source, images)

    def instances() -> Iterator[ImportedInstance]:
        for reader in readers:
            try:
                for key, row, folder in _rows(reader.file):
                    try:
                        image = _image(row, key, folder, images or reader.file.parent, unpacked)
                        yield from reader.instances(row["said"], image, key)
                    except ODD as error:
                        unreadable.append(Unreadable(reader.file, f"{key}: {error}"))
            except FormatError as error:
                unreadable.append(Unreadable(reader.file, str(error)))

    return Stream(instances(), unreadable, notes)


def landmarks(source: Path) -> Scheme:
    """Of files of this program: others do not name them. Raises MissingPackage without pyarrow."""
    _pyarrow()
    about = _about(_files(source)[0])
    if not isinstance(about.get("landmarks"), list):
        raise FormatError(f"{source} names no landmarks.", remedy="Write a scheme file.")
    return declared(source, about.get("scheme"), about["landmarks"], about.get("edges") or [])


def _about(file: Path) -> Mapping[str, Any]:
    """What this program wrote beside the rows."""
    try:
        found = json.loads(_asked(file, 0, None)["ours"])
    except (ValueError, RecursionError, KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _asked(file: Path, group: int, folder: str | None) -> dict[str, Any]:
    """Raises FormatError."""
    question = json.dumps([str(file.absolute()), group, folder])
    found: dict[str, Any] = _READER.read(file, question)
    return found


def _rows(file: Path) -> Iterator[tuple[str, dict[str, Any], Path]]:
    """The key of each, what it says, and the folder that its image is in until the next. Raises
    FormatError."""
    group = groups = 0
    while group <= groups:
        with TemporaryDirectory(prefix="landmark-rows-", ignore_cleanup_errors=True) as place:
            found = _asked(file, group, place)
            for number, row in enumerate(found["rows"]):
                yield f"{file.name}:{group}.{number}", row, Path(place)
        group, groups = group + 1, int(found["groups"]) - 1


def _image(
    row: Mapping[str, Any], key: str, folder: Path, beside: Path, unpacked: UnpackedImages
) -> Path:
    """Raises FormatError where the row has none."""
    path = row["path"] if isinstance(row["path"], str) else None
    if row["file"] is None:
        if path is None:
            raise FormatError("it has no image.")
        return named_path(path, beside)
    file = folder / str(row["file"])
    if file.stat().st_size > MOST_BYTES:
        raise FormatError(f"its image has more than {MOST_BYTES // 1_000_000} MB.")
    return unpacked.put(path or key.replace(":", "-"), file.read_bytes())


def write(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
    """Into the folder `target`. Raises MissingPackage without pyarrow, FormatError or DiskFull."""
    pyarrow = _pyarrow()
    make_folder(target)
    images = by_image(instances)
    names = image_names(images, target)
    contents = ImageContents(images)

    def rows() -> Iterator[tuple[dict[str, Any], int]]:
        for place, objects, content in contents:
            row = {
                "image": {"bytes": content, "path": names[place]},
                "width": objects[0].width,
                "height": objects[0].height,
                "objects": [record_of(each, scheme) for each in objects],
            }
            yield row, len(content) + 24 * len(scheme) * len(objects)

    schema, split = _schema(pyarrow, scheme), split_of(target)
    for number, shard in enumerate(in_shards(rows())):
        file = target / "data" / f"{split}-{number:05d}{_SUFFIX}"
        make_folder(file.parent)
        replace_file(file, _table(pyarrow, schema, shard))
    done = contents.report()
    card = data_card(scheme, contents.written, done.instances, [(split, f"data/{split}-*")])
    replace_file(target / "README.md", card)
    return done


def _schema(pyarrow: Any, scheme: Scheme) -> Any:
    """With what `datasets` reads of its columns, and what this program does."""
    text, number = pyarrow.string(), pyarrow.float64()
    objects = {
        "id": text,
        "keypoints": pyarrow.list_(pyarrow.list_(number)),
        "bbox": pyarrow.list_(number),
        "box": pyarrow.list_(number),
        "annotator": text,
        "labelled_at": text,
        "absent": pyarrow.list_(text),
        "state": text,
    }
    fields = {
        "image": pyarrow.struct({"bytes": pyarrow.binary(), "path": text}),
        "width": pyarrow.int32(),
        "height": pyarrow.int32(),
        "objects": pyarrow.list_(pyarrow.struct(objects)),
    }
    features = {name: _feature(pyarrow, kind) for name, kind in fields.items()}
    features["image"] = {"_type": "Image"}
    about = {
        "scheme": scheme.name,
        "scheme_version": scheme.version,
        "landmarks": list(scheme.landmarks),
        "edges": [list(edge) for edge in scheme.edges],
    }
    metadata = {
        b"huggingface": json.dumps({"info": {"features": features}}),
        _OURS: json.dumps(about),
    }
    return pyarrow.schema(fields, metadata=metadata)


def _feature(pyarrow: Any, kind: Any) -> Any:
    """As `datasets` says it: lists as lists of one, which all of its versions read."""
    if pyarrow.types.is_list(kind):
        return [_feature(pyarrow, kind.value_type)]
    if pyarrow.types.is_struct(kind):
        return {field.name: _feature(pyarrow, field.type) for field in kind}
    name = {"double": "float64"}.get(str(kind), str(kind))
    return {"dtype": name, "_type": "Value"}


def _table(pyarrow: Any, schema: Any, rows: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    """The bytes of a file, a row group at a time."""
    out = _Bytes()
    with pyarrow.parquet.ParquetWriter(out, schema, compression="snappy") as writer:
        while some := list(islice(rows, _IN_A_GROUP)):
            writer.write_table(pyarrow.Table.from_pylist(some, schema))
            yield out.taken()
    yield out.taken()


class _Bytes(io.RawIOBase):
    """What is written to it, to be taken away."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._length = 0

    @override
    def writable(self) -> bool:
        return True

    @override
    def write(self, content: Any) -> int:
        part = bytes(content)
        self._parts.append(part)
        self._length += len(part)
        return len(part)

    @override
    def tell(self) -> int:
        return self._length

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)
