"""SLEAP's `.slp`, through sleap-io: the package is optional.

Coordinates are written and read unchanged: since version 1.1 of the format the centre of the
first pixel is (0, 0) (sleap-io corrects older files). Images of one size are the frames of one
image video, with absolute paths, for sleap-io does not look for them elsewhere (`sleap-package` has
them inside). Frames of videos are frames of theirs, and tracks are kept by name; a video is found
as `NamedVideos` says. Images that are in the file are put beside it where those that they were made
of are not found. A point that is not labelled is NaN; an occluded one has a position and is not
`visible`; `complete` is what a person clicked or confirmed. Nodes are matched by name.

| Not carried | Instead |
|---|---|
| boxes, keys of instances, scheme version | `landmark_annotator` in the file's provenance |
| which landmarks are absent, who labelled and when, what nobody has accepted yet | the same |
| where images are in relation to the file | the same |
| provenance but `complete`, uncertainty | nothing |

Files are read in a process of its own (`landmark_annotator.projects.apart`), for HDF5 crashes on
damaged ones. Instances that SLEAP predicted are passed over by an ordinary import, unless a file
holds no others; their scores are kept for an import as proposals.
"""

import json
import math
import os
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.projects.apart.asking import Reader
from landmark_annotator.projects.exchange.codecs.common.declared import declared
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    ImportedInstance,
    Unreadable,
    Written,
    size_said,
)
from landmark_annotator.projects.exchange.codecs.common.files import (
    exists,
    named_path,
    replace_file,
    written_path,
)
from landmark_annotator.projects.exchange.codecs.common.hdf5 import holds
from landmark_annotator.projects.exchange.codecs.common.labelling import (
    absent_landmarks,
    absent_names,
    imported,
    is_started,
    refuse_annotator,
    time_read,
    time_text,
)
from landmark_annotator.projects.exchange.codecs.common.landmark_names import landmark_order
from landmark_annotator.projects.exchange.codecs.common.losses import labelled, losses_of_points
from landmark_annotator.projects.exchange.codecs.common.prediction_reader import PredictionReader
from landmark_annotator.projects.exchange.codecs.common.videos import NamedVideos
from landmark_annotator.projects.exchange.codecs.sleap_images import ImagesInside
from landmark_annotator.projects.vocabulary import EVIDENCE, Box, Scheme, Shape, Visibility
from landmark_annotator.projects.vocabulary.errors import (
    ActionableError,
    FormatError,
    MissingPackage,
)
from landmark_annotator.projects.vocabulary.wording import counted

_OURS = "landmark_annotator"
_READER = Reader("sleap_labels", "a SLEAP file")


def sniff(source: Path) -> bool:
    """By the names of its tables, so that neither sleap-io nor h5py is needed for it."""
    return holds(source, b"videos_json", b"instances")


def _sleap_io() -> Any:
    try:
        import sleap_io
    except ImportError as error:
        raise MissingPackage(
            "SLEAP files need sleap-io, which is not installed.",
            kept="All other formats work without it.",
            remedy="Install it: pip install sleap-io",
        ) from error
    return sleap_io


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """images: the folder where images are looked for by name that are not where the file says.

    Raises MissingPackage without sleap-io.
    """
    return _read(source, scheme, images, annotator, predictions=False)


def _read(
    source: Path, scheme: Scheme, images: Path | None, annotator: str | None, *, predictions: bool
) -> Contents:
    refuse_annotator(annotator, "SLEAP files")
    _sleap_io()
    labels = _READER.read(source)
    contents = Contents()
    orders = _orders(labels["skeletons"], scheme, source, contents.notes)
    ours = _ours(labels["ours"])
    predicted_only = predictions or not any(frame["user"] for frame in labels["frames"])
    passed_over = 0
    names = {frame["video"] for frame in labels["frames"] if frame["name"] is None}
    notes = [] if any(frame["inside"] for frame in labels["frames"]) else contents.notes
    videos = NamedVideos(source, images, len(names), notes)
    inside = ImagesInside(source, images)
    for frame in labels["frames"]:
        taken = frame["predicted" if predicted_only else "user"]
        passed_over += 0 if predicted_only else len(frame["predicted"])
        if not taken:
            continue
        name, number = frame["name"], None
        if name is not None:
            path = _image(name, source, images, ours)
        elif frame["video"] is not None:
            number = frame["number"]
            path = _video(frame["video"], videos, ours)
            name = f"{frame['video']} frame {number}"
        else:
            reason = f"Frame {frame['number']} is of no video that it names."
            contents.unreadable.append(Unreadable(source, reason))
            continue
        if frame["inside"] and not exists(path):
            try:
                path, number = inside.image(frame, name), None
            except FormatError as error:
                contents.unreadable.append(Unreadable(source, f"{name}: {error}"))
                continue
        for place, instance in enumerate(taken):
            key = f"{source.name}:{Path(name.replace(chr(92), '/')).name}#{place}"
            try:
                extra = ours.get("instances", {}).get(f"{name}#{place}", {})
                order = orders[instance["skeleton"]]
                absent = absent_landmarks(extra.get("absent"), scheme)
                shape, confidence = _shape(instance, order, len(scheme), absent)
                box = Box(*extra["box"]) if extra.get("box") else None
                key = str(extra.get("source") or key)
                entry = ImportedInstance(
                    path,
                    shape,
                    box,
                    key,
                    confidence,
                    annotator=str(extra.get("annotator") or ""),
                    at=time_read(extra.get("labelled_at")),
                    frame=number,
                    track=instance["track"],
                    size=size_said(*frame["size"]) if frame["size"] else None,
                    started=is_started(extra.get("state")),
                )
            except KeyError:
                reason = f"{name}, {place}: its skeleton is not that of scheme {scheme.name}."
                contents.unreadable.append(Unreadable(source, reason))
            except (TypeError, ValueError, AttributeError, IndexError, ActionableError) as error:
                contents.unreadable.append(Unreadable(source, f"{name}, {place}: {error}"))
            else:
                contents.instances.append(entry)
    if passed_over:
        were = counted(passed_over, "predicted instance was", "predicted instances were")
        contents.notes.append(f"{were} passed over; those made by hand were read.")
    return contents


PREDICTIONS = PredictionReader(sniff, partial(_read, predictions=True))


def landmarks(source: Path) -> Scheme:
    """Of the first skeleton. Raises MissingPackage without sleap-io."""
    _sleap_io()
    for skeleton in _READER.read(source)["skeletons"]:
        return declared(source, skeleton["name"], skeleton["nodes"], skeleton["edges"])
    raise FormatError(f"{source} has no skeleton.", remedy="Write a scheme file.")


def _orders(
    skeletons: Sequence[Mapping[str, Any]], scheme: Scheme, source: Path, notes: list[str]
) -> dict[int, list[int]]:
    """The landmark of each node, for the skeletons that fit the scheme."""
    orders: dict[int, list[int]] = {}
    misfit: FormatError | None = None
    for number, skeleton in enumerate(skeletons):
        try:
            where = f"{source.name}, skeleton {skeleton['name'] or number}"
            orders[number] = landmark_order(skeleton["nodes"], scheme, where, notes)
        except FormatError as error:
            misfit = error
    if misfit is not None and not orders:
        raise misfit
    return orders


def _ours(ours: Any) -> dict[str, Any]:
    """What an export of this tool wrote beside the labels."""
    try:
        ours = json.loads(ours) if isinstance(ours, str) else ours
    except (ValueError, RecursionError):
        return {}
    parts = ours.values() if isinstance(ours, dict) else [None]
    known = isinstance(ours, dict) and all(
        isinstance(part, dict)
        for name, part in zip(ours, parts, strict=True)
        if name in ("images", "instances")
    )
    return ours if known else {}


def _image(name: str, source: Path, images: Path | None, ours: Mapping[str, Any]) -> Path:
    """Where the file says, or else where it was in relation to the file."""
    path = named_path(name, images or source.parent)
    relative = ours.get("images", {}).get(name)
    if not exists(path) and isinstance(relative, str):
        return named_path(relative, images or source.parent)
    return path


def _video(name: str, videos: NamedVideos, ours: Mapping[str, Any]) -> Path:
    relative = ours.get("images", {}).get(name)
    path = videos.path(name)
    if not exists(path) and isinstance(relative, str):
        return videos.path(relative)
    return path


def _shape(
    instance: Mapping[str, Any], order: list[int], size: int, absent: Sequence[int]
) -> tuple[Shape, tuple[float, ...] | None]:
    points, visibility = np.full((size, 2), np.nan), np.zeros(size, dtype=np.int8)
    places = np.array(instance["xy"], dtype=np.float64).reshape(-1, 2)
    known = np.isfinite(places[:, 0]) & np.isfinite(places[:, 1])
    seen = np.where(instance["visible"], Visibility.VISIBLE, Visibility.OCCLUDED)
    points[order] = np.where(known[:, None], places, np.nan)
    visibility[order] = np.where(known, seen, Visibility.NOT_LABELLED)
    shape = imported(points, visibility, absent)
    if instance["scores"] is None:
        return shape, None
    confidence = np.zeros(size)
    scores = np.array(instance["scores"], dtype=np.float64)
    confidence[order] = np.nan_to_num(scores).clip(0, 1)
    return shape, tuple(confidence.tolist())


def write(target: Path, instances: Iterable[ExportedInstance], scheme: Scheme) -> Written:
    """Raises MissingPackage without sleap-io, FormatError or DiskFull."""
    instances = list(instances)
    labels = labels_of(target, instances, scheme)
    with saved(labels) as file:
        replace_file(target, file.read_bytes())
    return Written(len(instances), len(labels), losses_of_points(instances))


def _refuse_backslashes(instances: Iterable[ExportedInstance]) -> None:
    """sleap-io writes and reads each as a slash. Raises FormatError."""
    odd = next((i.image for i in instances if "\\" in _absolute(i.image)), None)
    if odd is not None:
        raise FormatError(
            f"{odd} has a backslash in its name, which SLEAP takes for a slash: its labels would "
            "be of another file.",
            kept="Nothing was written.",
            remedy="Rename it, or export to coco.",
        )


def labels_of(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Any:
    """As sleap-io has them. Raises MissingPackage without it, or FormatError."""
    sleap_io = _sleap_io()
    _refuse_backslashes(instances)
    nodes = [sleap_io.Node(name) for name in scheme.landmarks]
    skeleton = sleap_io.Skeleton(
        nodes=nodes,
        edges=[sleap_io.Edge(nodes[a], nodes[b]) for a, b in scheme.lines],
        symmetries=[sleap_io.Symmetry({nodes[a], nodes[b]}) for a, b in scheme.partners],
        name=scheme.name,
    )
    videos = _videos(instances, sleap_io)
    frames: dict[tuple[Path, int | None], Any] = {}
    tracks = {i.track: sleap_io.Track(i.track) for i in instances if i.track}
    beside: dict[str, Any] = {
        "scheme": scheme.name,
        "scheme_version": scheme.version,
        "images": {},
        "instances": {},
    }
    for instance in instances:
        name = _absolute(instance.image)
        file, shown = instance.place
        video, number = videos[name if shown is None else f"{name} frame {shown}"]
        frame = frames.get(instance.place)
        if frame is None:
            frame = sleap_io.LabeledFrame(video=video, frame_idx=number)
            frames[instance.place] = frame
            beside["images"][name] = written_path(file, target.parent)
        name = name if shown is None else f"{name} frame {shown}"
        entry: dict[str, Any] = {"source": instance.source}
        if instance.box is not None:
            entry["box"] = list(instance.box.numbers)
        said = {
            "annotator": instance.annotator,
            "labelled_at": time_text(instance.at),
            "absent": absent_names(instance.shape, scheme),
            "state": instance.state,
        }
        entry |= {key: value for key, value in said.items() if value}
        beside["instances"][f"{name}#{len(frame.instances)}"] = entry
        made = _instance(instance, skeleton, sleap_io)
        made.track = tracks.get(instance.track)
        frame.instances.append(made)
    labels = sleap_io.Labels(
        list(frames.values()),
        videos=list({id(video): video for video, _ in videos.values()}.values()),
        skeletons=[skeleton],
        tracks=list(tracks.values()),
    )
    labels.provenance[_OURS] = json.dumps(beside)
    return labels


def _absolute(image: Path) -> str:
    return Path(os.path.abspath(image)).as_posix()  # noqa: PTH100 - links stay as they are


def _videos(instances: Sequence[ExportedInstance], sleap_io: Any) -> dict[str, tuple[Any, int]]:
    """For each image its video, one for all images of a size, and its place in it; for each frame
    of a video that video and its number."""
    of_size: dict[tuple[int, int], dict[str, None]] = {}
    videos: dict[str, tuple[Any, int]] = {}
    files_of: dict[str, Any] = {}
    for instance in instances:
        size, (file, shown) = (instance.width, instance.height), instance.place
        name = _absolute(file)
        if shown is None:
            of_size.setdefault(size, {})[name] = None
            continue
        if name not in files_of:
            files_of[name] = sleap_io.Video(filename=name, open_backend=False)
        videos[f"{name} frame {shown}"] = files_of[name], shown
    for (width, height), names in of_size.items():
        files = list(names)
        about = {
            "type": "ImageVideo",
            "shape": [len(files), height, width, 3],
            "filename": files[0],
            "filenames": files,
            "height_": height,
            "width_": width,
            "channels_": 3,
            "grayscale": False,
        }
        video = sleap_io.Video(filename=files, backend_metadata=about, open_backend=False)
        videos |= {name: (video, number) for number, name in enumerate(files)}
    return videos


def _instance(instance: ExportedInstance, skeleton: Any, sleap_io: Any) -> Any:
    """A predicted one, with scores, of what is no label."""
    shape, sure = instance.shape, instance.confidence
    carried = labelled(shape)
    rows = np.full((len(shape), 4), np.nan)
    rows[:, :2] = np.where(carried[:, None], shape.points, math.nan)
    rows[:, 2] = carried & (shape.visibility == Visibility.VISIBLE)
    if sure is not None:
        rows[:, 2], score = sure, instance.score
        made = sleap_io.PredictedInstance.from_numpy(rows[:, :3], skeleton=skeleton, score=score)
        made.points["visible"] = carried & (shape.visibility == Visibility.VISIBLE)
        return made
    rows[:, 3] = [mark in EVIDENCE for mark in shape.provenance]
    return sleap_io.Instance.from_numpy(rows, skeleton=skeleton)


@contextmanager
def saved(labels: Any) -> Iterator[Path]:
    """A file of them that is gone afterwards: HDF5 cannot be written but to a file, and not in one
    step."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # It says of long provenances that it has put them elsewhere in the file.
        warnings.simplefilter("ignore", UserWarning)
        file = Path(folder) / "labels.slp"
        labels.save(str(file), embed=False, verbose=False)
        yield file
