"""DeepLabCut's table of labels as HDF5: what pandas writes with `to_hdf`, without pandas.

The content is that of the table in CSV (see `deeplabcut`). pandas keeps parts of some files as
pickles, and unpickling runs whatever a file says; so files are read with h5py, and those whose
columns are a pickle (format="table") are refused: DeepLabCut writes a CSV file beside them.
"""

import mmap
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from projects.exchange.codecs import deeplabcut
from projects.exchange.codecs.common.entries import Contents, ExportedInstance, Written
from projects.exchange.codecs.common.files import replace_file
from projects.exchange.codecs.deeplabcut import Column, Table
from projects.vocabulary import Scheme
from projects.vocabulary.errors import FormatError, MissingPackage

_MAGIC = b"\x89HDF\r\n\x1a\n"
_KEY = "df_with_missing"
_DAMAGED: tuple[type[Exception], ...] = (
    *(ArithmeticError, AttributeError, LookupError, MemoryError),
    *(OSError, RuntimeError, TypeError, ValueError),
)
_CSV = "Import the .csv file beside it, or write it again with to_hdf(..., format='fixed')."


def sniff(source: Path) -> bool:
    """By a word that pandas writes, so that h5py is not needed for it."""
    try:
        with source.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                return False
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                return content.find(b"pandas_type") >= 0
    except (OSError, ValueError):
        return False


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """annotator: the scorer. images: the folder that the names of the images start from.

    Raises MissingPackage without h5py.
    """
    h5py = _h5py()
    try:
        with h5py.File(source, "r") as file:
            table = _table(_frame(file, source), source)
    except FormatError:
        raise
    except _DAMAGED as error:
        # What h5py raises on damaged files, and what a file that lacks a part makes of the rest.
        raise FormatError(
            f"{source} is damaged, or no table of DeepLabCut: {error}.",
            remedy="Copy the file again, or import the .csv file beside it.",
        ) from error
    return deeplabcut.contents_of(table, source, scheme, images, annotator)


def _h5py() -> Any:
    try:
        import h5py
    except ImportError as error:
        raise MissingPackage(
            "HDF5 files need h5py, which is not installed.",
            kept="All other formats work without it; the .csv file beside it holds the same.",
            remedy="Install it: pip install h5py",
        ) from error
    return h5py


def _frame(file: Any, source: Path) -> Any:
    """The group that holds the table. Raises FormatError."""
    kinds = {name: bytes(group.attrs.get("pandas_type", b"")) for name, group in file.items()}
    for name in sorted(kinds, key=lambda name: name != _KEY):
        if kinds[name] == b"frame":
            return file[name]
    if b"frame_table" in kinds.values():
        raise FormatError(
            f"{source} keeps its columns as a pickle, which is not read.", remedy=_CSV
        )
    raise FormatError(f"{source} holds no table of DeepLabCut.", remedy=_CSV)


def _table(frame: Any, source: Path) -> Table:
    rows = ["/".join(parts) for parts in _axis(frame, "axis1", source)]
    columns: list[Column] = []
    blocks: list[npt.NDArray[np.float64]] = []
    for number in range(int(frame.attrs["nblocks"])):
        items = _axis(frame, f"block{number}_items", source)
        for words in items:
            scorer, *individual, part, coord = words
            columns.append((scorer, individual[0] if individual else "", part, coord))
        values = np.asarray(frame[f"block{number}_values"])
        if values.dtype.kind not in "fiu":
            raise FormatError(f"{source} has values that are no numbers.", remedy=_CSV)
        blocks.append(values.astype(np.float64).reshape(len(rows), len(items)))
    together = np.concatenate(blocks, axis=1)
    together[~np.isfinite(together)] = np.nan
    return Table(
        columns, [(f"Row {n + 1}", rows[n], together[n].tolist()) for n in range(len(rows))]
    )


def _axis(frame: Any, name: str, source: Path) -> list[list[str]]:
    """For each row or column the words of its levels."""
    if frame.attrs[f"{name}_variety"] != b"multi":
        return [[word] for word in _words(frame[name], source)]
    levels = []
    for level in range(int(frame.attrs[f"{name}_nlevels"])):
        words = _words(frame[f"{name}_level{level}"], source)
        labels = np.asarray(frame[f"{name}_label{level}"], dtype=np.int64)
        levels.append([words[label] for label in labels])
    return [list(words) for words in zip(*levels, strict=True)]


def _words(array: Any, source: Path) -> list[str]:
    if array.dtype.kind == "S":
        return [word.decode("utf-8", errors="replace") for word in np.asarray(array).tolist()]
    if array.dtype.kind in "iu":  # frames of a video
        return [str(word) for word in np.asarray(array).tolist()]
    raise FormatError(f"{source} keeps its names as a pickle, which is not read.", remedy=_CSV)


def write(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
    """As `pandas.DataFrame.to_hdf` does. Raises MissingPackage, FormatError or DiskFull."""
    h5py = _h5py()
    table = deeplabcut.table_of(target, instances, scheme)
    with _scratch_file() as scratch:
        with h5py.File(scratch, "w") as file:
            _fill(file.create_group(_KEY), table)
        replace_file(target, scratch.read_bytes())
    return deeplabcut.written(table, instances)


@contextmanager
def _scratch_file() -> Iterator[Path]:
    handle, name = tempfile.mkstemp(suffix=".h5")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink()


def _fill(group: Any, table: Table) -> None:
    levels = list(deeplabcut.header(table))
    for name in ("axis0", "block0_items"):
        _set(group, {f"{name}_variety": b"multi", f"{name}_nlevels": np.int64(len(levels))})
        for number, (level, words) in enumerate(levels):
            unique = list(dict.fromkeys(words))
            labels = np.array([unique.index(word) for word in words], dtype=np.int16)
            _array(group, f"{name}_label{number}", labels)
            _array(group, f"{name}_level{number}", _bytes(unique), name=level.encode())
    _array(group, "axis1", _bytes([row[1] for row in table.rows]), name=b"image")
    values = np.array([row[2] for row in table.rows], dtype=np.float64)
    _array(group, "block0_values", values.reshape(len(table.rows), len(table.columns)))
    _set(group, {"pandas_type": b"frame", "encoding": b"UTF-8", "errors": b"strict"})
    _set(group, {"ndim": np.int64(2), "nblocks": np.int64(1), "axis1_variety": b"regular"})


def _bytes(words: Sequence[str]) -> npt.NDArray[np.bytes_]:
    return np.array([word.encode("utf-8") for word in words], dtype=np.bytes_)


def _array(group: Any, key: str, values: npt.NDArray[Any], name: bytes | None = None) -> None:
    array = group.create_dataset(key, data=values)
    _set(array, {"CLASS": b"ARRAY", "VERSION": b"2.4", "FLAVOR": b"numpy"})
    _set(array, {"transposed": np.uint8(1)})
    if name is not None:
        _set(array, {"kind": b"string", "name": name, "nan_rep": b"nan"})


def _set(where: Any, attributes: dict[str, Any]) -> None:
    """Text is marked as UTF-8, without which PyTables hands it to pandas as bytes."""
    utf8 = _h5py().string_dtype
    for key, value in attributes.items():
        if isinstance(value, bytes):
            where.attrs.create(key, value, dtype=utf8("utf-8", len(value)))
        else:
            where.attrs[key] = value
