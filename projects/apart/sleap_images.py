"""Images that are inside of a `.pkg.slp` file, as they were encoded. Run as a program, see
`serving`."""

import json
import os
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from landmark_annotator.projects.apart.serving import Refusal, serve, serve_once


def read(question: str) -> list[bool]:
    """question: as JSON, the path, a folder, and of each image its table and its frame's number.
    Each is written to the folder, named by its place in the question; whether there is such."""
    path, folder, wanted = json.loads(question)
    rows: dict[str, Any] = {}
    found = []
    with h5py.File(path, "r") as file:
        for place, (table, number) in enumerate(wanted):
            images = file.get(table)
            if not isinstance(images, h5py.Dataset) or images.attrs.get("format") == "hdf5":
                raise Refusal("has images that are not encoded as files are.", "Name its videos.")
            if table not in rows:
                rows[table] = _numbers(file, table, len(images))
            # Of all images one is asked for at a time: no table of them is made for each.
            row = next(iter(np.flatnonzero(rows[table] == number)[::-1].tolist()), None)
            if row is not None:
                content = np.asarray(images[row]).astype(np.int8).tobytes()
                # Rows are filled up with noughts; a PNG and a JPEG end otherwise.
                (Path(folder) / str(place)).write_bytes(content.rstrip(b"\0"))
            found.append(row is not None)
    return found


def _numbers(file: Any, table: str, count: int) -> Any:
    """Of each row its frame's number: its own where the file does not say."""
    numbers = file.get(table.removesuffix("/video") + "/frame_numbers")
    if not isinstance(numbers, h5py.Dataset):
        return np.arange(count)
    return np.asarray(numbers).ravel()[:count]


if __name__ == "__main__":
    (serve if hasattr(os, "fork") else serve_once)(read)
