"""DeepLabCut's table of labels as HDF5: what pandas writes with `to_hdf`, without pandas.

The content is that of the table in CSV (see `deeplabcut`). pandas keeps parts of some files as
pickles, and unpickling runs whatever a file says; so files are read with h5py, in a
process of its own (`landmark_annotator.projects.apart`), and those whose columns are a pickle
(format="table") are refused: DeepLabCut writes a CSV file beside them.
"""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.apart.asking import Reader
from landmark_annotator.projects.exchange.codecs import deeplabcut
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import replace_file
from landmark_annotator.projects.exchange.codecs.common.hdf5 import holds
from landmark_annotator.projects.exchange.codecs.deeplabcut_table import Column, Table
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError, MissingPackage

_KEY = "df_with_missing"
_READER = Reader("deeplabcut_frame", "a table of DeepLabCut")


def sniff(source: Path) -> bool:
    """By a word that pandas writes, so that h5py is not needed for it."""
    return holds(source, b"pandas_type")


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """annotator: the scorer. images: the folder that the names of the images start from.

    Raises MissingPackage without h5py.
    """
    return deeplabcut.contents_of(_table(source), source, scheme, images, annotator)


def landmarks(source: Path) -> Scheme:
    """Raises MissingPackage without h5py."""
    return deeplabcut.landmarks_of(_table(source), source)


def _table(source: Path) -> Table:
    _h5py()
    found = _READER.read(source)
    try:
        columns: list[Column] = []
        for words in found["columns"]:
            scorer, *individual, part, coord = words
            columns.append((scorer, individual[0] if individual else "", part, coord))
        values = np.array(found["values"], dtype=np.float64).reshape(-1, len(columns))
        rows = [
            (f"Row {number}", "/".join(parts), row)
            for number, (parts, row) in enumerate(
                zip(found["rows"], values.tolist(), strict=True), 1
            )
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(
            f"{source} is no table of DeepLabCut: {error}.",
            remedy="Copy the file again, or import the .csv file beside it.",
        ) from error
    return Table(columns, rows)


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


def write(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
    """As `pandas.DataFrame.to_hdf` does. Raises MissingPackage, FormatError or DiskFull."""
    table = deeplabcut.table_of(target, instances, scheme)
    write_table(target, table)
    return deeplabcut.written(table, instances)


def write_table(target: Path, table: Table) -> None:
    """Raises MissingPackage, FormatError or DiskFull."""
    content = io.BytesIO()  # on a full disk HDF5 would end the program
    with _h5py().File(content, "w") as file:
        _fill(file.create_group(_KEY), table)
    replace_file(target, content.getvalue())


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
