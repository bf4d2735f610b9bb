"""What sleap-io reads of a `.slp` file, as plain values. Run as a program, see `serving`."""

import os
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import sleap_io

from landmark_annotator.projects.apart.serving import Refusal, serve, serve_once

sleap_io.load_slp  # noqa: B018 - loaded once, here, and not in every fork


def read(path: str) -> dict[str, Any]:
    """skeletons: their names, nodes and edges. frames: of each the image's name, or that of its
    video, the table that has it inside, its width and height, and what was labelled by hand and
    predicted. ours: what this program wrote beside the labels."""
    _refuse_overlapping(path)
    try:
        labels = sleap_io.load_slp(path, open_videos=False)
    except ValueError as error:
        if "newer than this version" not in str(error):
            raise
        happened = "is of a newer SLEAP than the installed sleap-io can read."
        raise Refusal(happened, "Install a newer one: pip install --upgrade sleap-io") from error
    numbers = {id(skeleton): number for number, skeleton in enumerate(labels.skeletons)}
    ours = labels.provenance.get("landmark_annotator")
    return {
        "skeletons": [
            {
                "name": skeleton.name,
                "nodes": list(skeleton.node_names),
                "edges": [[int(a), int(b)] for a, b in skeleton.edge_inds],
            }
            for skeleton in labels.skeletons
        ],
        "ours": ours,
        "frames": [
            {
                "number": int(frame.frame_idx),
                "name": _name(frame),
                "video": _video(frame),
                "inside": _inside(frame),
                "size": _size(frame, of_all=ours is not None),
                "user": [_instance(one, numbers) for one in frame.user_instances],
                "predicted": [_instance(one, numbers) for one in frame.predicted_instances],
            }
            for frame in labels
        ],
    }


def _refuse_overlapping(path: str) -> None:
    """Fields of a row that share bytes are none that any program writes: HDF5 then converts them
    beyond the row's end."""
    with h5py.File(path, "r") as file:
        for name, item in file.items():
            fields = item.dtype.fields if isinstance(item, h5py.Dataset) else None
            end = 0
            for kind, start, *_ in sorted((fields or {}).values(), key=lambda field: field[1]):
                if start < end:
                    raise Refusal(f"is damaged: fields of its table {name} overlap.")
                end = start + kind.itemsize


def _original(frame: Any) -> Any:
    """The video that a packed one was made of, else the frame's own."""
    source = getattr(frame.video, "source_video", None)
    # Not by its truth, which is its length: that of a video of which no shape is said is 0.
    return frame.video if source is None else source


def _name(frame: Any) -> str | None:
    original = _original(frame)
    names = original.filename
    if isinstance(names, list):
        return str(names[frame.frame_idx]) if frame.frame_idx < len(names) else None
    single = Path(str(names)).suffix.lower() in (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")
    return str(names) if single else None


def _video(frame: Any) -> str | None:
    """Of frames that are packed into the file itself, the video that they are of."""
    original = _original(frame)
    name = original.filename
    return None if isinstance(name, list) else str(name)


def _inside(frame: Any) -> str | None:
    about = frame.video.backend_metadata
    table = about.get("dataset") if isinstance(about, dict) else None
    return str(table) if table and about.get("has_embedded_images", True) else None


def _size(frame: Any, *, of_all: bool) -> list[int] | None:
    """Its width and height. Of a list of images SLEAP keeps those of the first. of_all: the images
    of each list are of one size, as in a file of this program."""
    original = _original(frame)
    if isinstance(original.filename, list) and frame.frame_idx > 0 and not of_all:
        return None
    about = frame.video.backend_metadata
    shape = about.get("shape") if isinstance(about, dict) else None
    if not isinstance(shape, list | tuple) or len(shape) != 4:
        return None
    sides = [shape[2], shape[1]]
    return list(map(int, sides)) if all(isinstance(s, int | np.integer) for s in sides) else None


def _instance(instance: Any, numbers: dict[int, int]) -> dict[str, Any]:
    points = instance.points
    scores = points["score"] if "score" in (points.dtype.names or ()) else None
    return {
        "track": "" if instance.track is None else str(instance.track.name),
        "skeleton": numbers.get(id(instance.skeleton)),
        "xy": _plain(np.asarray(points["xy"], dtype=np.float64)),
        "visible": np.asarray(points["visible"], dtype=bool).tolist(),
        "scores": None if scores is None else _plain(np.asarray(scores, dtype=np.float64)),
    }


def _plain(values: Any) -> Any:
    """None for what is no finite number."""
    plain = values.astype(object)
    plain[~np.isfinite(values)] = None
    return plain.tolist()


if __name__ == "__main__":
    (serve if hasattr(os, "fork") else serve_once)(read)
