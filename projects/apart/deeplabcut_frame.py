"""A table that pandas has written as HDF5, without pandas: columns, rows and numbers.

Run as a program, see `serving`. pandas keeps parts of some files as pickles, and unpickling runs
whatever a file says: these are refused.
"""

import os
from typing import Any

import h5py
import numpy as np

from landmark_annotator.projects.apart.serving import Refusal, serve, serve_once

_KEY = "df_with_missing"
_CSV = "Import the .csv file beside it, or write it again with to_hdf(..., format='fixed')."


def read(path: str) -> dict[str, Any]:
    """columns: for each column the words of its levels. rows: for each row those of its own.
    values: (rows, columns), None where it is no finite number."""
    with h5py.File(path, "r") as file:
        frame = _frame(file)
        rows = _axis(frame, "axis1")
        columns: list[list[str]] = []
        blocks = []
        for number in range(int(frame.attrs["nblocks"])):
            items = _axis(frame, f"block{number}_items")
            columns += items
            values = np.asarray(frame[f"block{number}_values"])
            if values.dtype.kind not in "fiu":
                raise Refusal("has values that are no numbers.", _CSV)
            blocks.append(values.astype(np.float64).reshape(len(rows), len(items)))
    together = np.concatenate(blocks, axis=1)
    plain = together.astype(object)
    plain[~np.isfinite(together)] = None
    return {"rows": rows, "columns": columns, "values": plain.tolist()}


def _frame(file: Any) -> Any:
    kinds = {name: bytes(group.attrs.get("pandas_type", b"")) for name, group in file.items()}
    for name in sorted(kinds, key=lambda name: name != _KEY):
        if kinds[name] == b"frame":
            return file[name]
    if b"frame_table" in kinds.values():
        raise Refusal("keeps its columns as a pickle, which is not read.", _CSV)
    raise Refusal("holds no table of DeepLabCut.", _CSV)


def _axis(frame: Any, name: str) -> list[list[str]]:
    """For each row or column the words of its levels."""
    if frame.attrs[f"{name}_variety"] != b"multi":
        return [[word] for word in _words(frame[name])]
    levels = []
    for level in range(int(frame.attrs[f"{name}_nlevels"])):
        words = _words(frame[f"{name}_level{level}"])
        labels = np.asarray(frame[f"{name}_label{level}"], dtype=np.int64)
        levels.append([words[label] for label in labels])
    return [list(words) for words in zip(*levels, strict=True)]


def _words(array: Any) -> list[str]:
    if array.dtype.kind == "S":
        return [word.decode("utf-8", errors="replace") for word in np.asarray(array).tolist()]
    if array.dtype.kind in "iu":  # frames of a video
        return [str(word) for word in np.asarray(array).tolist()]
    raise Refusal("keeps its names as a pickle, which is not read.", _CSV)


if __name__ == "__main__":
    (serve if hasattr(os, "fork") else serve_once)(read)
