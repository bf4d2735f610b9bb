"""Rows of a Parquet file whose images are in it, a row group at a time. Run as a program, see
`serving`.

The images are written to files, named by the number of their row, in a folder that the question
names: nothing else of what a file says reaches the disk.
"""

import json
import math
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from landmark_annotator.projects.apart.serving import Refusal, serve, serve_once

_AT_A_TIME = 16
_SAID = (
    "objects",
    "annotations",
    "keypoints",
    "bbox",
    "box",
    "id",
    "annotator",
    "labelled_at",
    "absent",
    "landmarks",
    "file_name",
    "width",
    "height",
)


def read(question: str) -> dict[str, Any]:
    """question: as JSON, the path, the number of a row group, and the folder for its images; None
    for the folder where only the file itself is asked about.

    groups: how many row groups it has. ours: what this program wrote beside the labels. rows: of
    each the image's path and the name of its file in the folder, None where its bytes are not in
    it, and what is said of it.
    """
    path, group, folder = json.loads(question)
    with pq.ParquetFile(path) as file:
        schema = file.schema_arrow
        ours = (schema.metadata or {}).get(b"landmark_annotator", b"").decode("utf-8", "replace")
        image = _image_column(schema)
        about = {"groups": file.num_row_groups, "ours": ours, "rows": []}
        if folder is None or group >= file.num_row_groups:
            return about
        columns = [image, *(name for name in _SAID if name in schema.names and name != image)]
        batches = file.iter_batches(batch_size=_AT_A_TIME, row_groups=[group], columns=columns)
        rows: list[dict[str, Any]] = []
        for batch in batches:
            for row in batch.to_pylist():
                rows.append(_row(row, image, Path(folder), len(rows)))
        return {**about, "rows": rows}


def _image_column(schema: pa.Schema) -> str:
    """Raises Refusal."""
    for field in schema:
        kind = field.type
        if pa.types.is_struct(kind) and kind.get_field_index("bytes") >= 0:
            return str(field.name)
    if "image" in schema.names and pa.types.is_binary(schema.field("image").type):
        return "image"
    raise Refusal("has no column of images.", "Import its table as csv, if it has landmarks.")


def _row(row: dict[str, Any], image: str, folder: Path, number: int) -> dict[str, Any]:
    shown = row.pop(image)
    content, path = shown, None
    if isinstance(shown, dict):
        content, path = shown.get("bytes"), shown.get("path")
    name = None
    if isinstance(content, bytes):
        name = f"{number:07d}"
        (folder / name).write_bytes(content)
    return {"path": path, "file": name, "said": _plain(row)}


def _plain(value: Any) -> Any:
    """As JSON can have it: nothing for what is no finite number, nor text, nor a list of these."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, str | int) else None


if __name__ == "__main__":
    (serve if hasattr(os, "fork") else serve_once)(read)
