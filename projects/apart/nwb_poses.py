"""Poses that people have labelled in an NWB file (ndx-pose), as plain values. Run as a program, see
`serving`."""

import os
from typing import Any

import h5py
import numpy as np

from landmark_annotator.projects.apart.serving import Refusal, serve, serve_once

_OURS = "scratch/landmark_annotator"


def read(path: str) -> dict[str, Any]:
    """skeletons: their names, nodes and edges. series: of each video or list of images its files,
    and their width and height. frames: of each its series and which one of it, who labelled it, and
    its instances. ours: what this program wrote beside the labels. predicted: how many tables of
    predictions were passed over."""
    with h5py.File(path, "r") as file:
        found: dict[str, list[str]] = {}

        def keep(name: str, item: Any) -> None:
            kind = _text(item.attrs.get("neurodata_type", ""))
            found.setdefault(kind, []).append(name)

        if "processing" in file:
            file["processing"].visititems(keep)
        if "Skeleton" not in found or "TrainingFrame" not in found:
            raise Refusal("holds no poses that somebody has labelled, as ndx-pose keeps them.")
        root = file["processing"]
        skeletons = [root[name] for name in found["Skeleton"]]
        series: dict[Any, int] = {}
        frames = [_frame(root[name], skeletons, series) for name in found["TrainingFrame"]]
        return {
            "skeletons": [_skeleton(skeleton) for skeleton in skeletons],
            "series": [_series(each) for each in series],
            "frames": frames,
            "ours": _text(file[_OURS][()]) if _OURS in file else "",
            "predicted": len(found.get("PoseEstimation", [])),
        }


def _skeleton(group: Any) -> dict[str, Any]:
    edges = np.asarray(group["edges"]).reshape(-1, 2).tolist() if "edges" in group else []
    return {
        "name": group.name.rpartition("/")[2],
        "nodes": [_text(word) for word in group["nodes"][:]],
        "edges": edges,
    }


def _series(video: Any) -> dict[str, Any]:
    files = [] if video is None or "external_file" not in video else video["external_file"][:]
    return {
        "files": [_text(name) for name in files],
        "size": [] if video is None else _numbers(video.get("dimension")),
    }


def _frame(group: Any, skeletons: list[Any], series: dict[Any, int]) -> dict[str, Any]:
    """series: the number of each, which all its frames share: one of 50,000 images has as many."""
    instances = _inside(group, "SkeletonInstances")
    return {
        "series": series.setdefault(_inside(group, "ImageSeries"), len(series)),
        "number": int(group.attrs.get("source_video_frame_index", 0)),
        "annotator": _text(group.attrs.get("annotator", "")),
        "instances": [_instance(instances[name], skeletons) for name in instances or ()],
    }


def _numbers(dataset: Any) -> list[int]:
    """Whole ones; none of what is something else."""
    whole = isinstance(dataset, h5py.Dataset) and dataset.dtype.kind in "iu"
    return np.asarray(dataset[()]).ravel().tolist() if whole else []


def _instance(group: Any, skeletons: list[Any]) -> dict[str, Any]:
    places = np.asarray(group["node_locations"], dtype=np.float64)
    plain = places.astype(object)
    plain[~np.isfinite(places)] = None
    known = np.isfinite(places).all(axis=1)
    seen = np.asarray(group["node_visibility"], dtype=bool) if "node_visibility" in group else known
    skeleton = _inside(group, "Skeleton")
    return {
        "skeleton": skeletons.index(skeleton) if skeleton in skeletons else None,
        "xy": plain.tolist(),
        "visible": seen.tolist(),
    }


def _inside(group: Any, kind: str) -> Any:
    """The first member of that kind: it has the name of what it is or links to. Nothing of another
    file is opened."""
    for name in group:
        if isinstance(group.get(name, getlink=True), h5py.ExternalLink):
            continue
        item = group.get(name)
        if item is not None and _text(item.attrs.get("neurodata_type", "")) == kind:
            return item
    return None


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


if __name__ == "__main__":
    (serve if hasattr(os, "fork") else serve_once)(read)
