"""NWB, Neurodata Without Borders (`.nwb`): poses that people have labelled, as ndx-pose keeps them.

A frame of a video, or an image of a list of one size, is a TrainingFrame with who labelled it; an
object is a SkeletonInstance with places of all nodes, in pixels from 0 at the first one's centre.
`node_visibility` is whether a landmark is seen: an occluded one has a place and is not visible, one
that is not labelled has none. (sleap-io, which reads such files, takes no place of what is not
visible.) Videos and images are named from the file. In the file's scratch are, under
`landmark_annotator`, the keys of objects, boxes, absent landmarks and when they were labelled.

Files are read without pynwb, in a process of its own (`landmark_annotator.projects.apart`);
predictions (PoseEstimation) and images within the file are passed over. Writing needs ndx-pose.
"""

import hashlib
import io
import json
import re
import warnings
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
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
    named_path,
    replace_file,
    written_path,
)
from landmark_annotator.projects.exchange.codecs.common.hdf5 import holds
from landmark_annotator.projects.exchange.codecs.common.image_contents import Place, by_image
from landmark_annotator.projects.exchange.codecs.common.labelling import (
    absent_landmarks,
    absent_names,
    imported,
    is_started,
    refuse_chosen_annotator,
    time_read,
    time_text,
)
from landmark_annotator.projects.exchange.codecs.common.landmark_names import landmark_order
from landmark_annotator.projects.exchange.codecs.common.losses import labelled, losses_of_points
from landmark_annotator.projects.exchange.codecs.common.text import ODD
from landmark_annotator.projects.exchange.codecs.common.videos import NamedVideos
from landmark_annotator.projects.video import is_video
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape, Visibility
from landmark_annotator.projects.vocabulary.errors import FormatError, MissingPackage
from landmark_annotator.projects.vocabulary.wording import counted

_OURS = "landmark_annotator"
_READER = Reader("nwb_poses", "an NWB file")
_UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_NOT_IN_NAMES = re.compile(r"[/:]")


def sniff(source: Path) -> bool:
    return holds(source, b"neurodata_type", b"TrainingFrame")


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """images: the folder that names of images start from, or in which videos are; by default the
    file's own."""
    refuse_chosen_annotator(annotator)
    found = _READER.read(source)
    contents = Contents()
    orders = _orders(found["skeletons"], scheme, source, contents.notes)
    ours = _ours(found["ours"])
    series = found["series"]
    shown = {files[0] for each in series if (files := each["files"]) and is_video(Path(files[0]))}
    videos = NamedVideos(source, images, len(shown), contents.notes)
    folder = images if images is not None and not is_video(images) else source.parent
    for frame in found["frames"]:
        files, said = series[frame["series"]]["files"], series[frame["series"]]["size"]
        try:
            path, number, name = _place(files, frame["number"], videos, folder)
        except ODD as error:
            contents.unreadable.append(Unreadable(source, str(error)))
            continue
        for place, instance in enumerate(frame["instances"]):
            key = f"{name}#{frame['annotator']}#{place}"
            try:
                order = orders[instance["skeleton"]]
                extra = ours.get(key) or {}
                contents.instances.append(
                    ImportedInstance(
                        path,
                        _shape(instance, order, extra, scheme),
                        Box(*map(float, extra["box"])) if extra.get("box") else None,
                        str(extra.get("source") or f"{source.name}:{key}"),
                        annotator=str(frame["annotator"]),
                        at=time_read(extra.get("labelled_at")),
                        frame=number,
                        track=str(extra.get("track") or ""),
                        size=size_said(*said) if len(said) == 2 else None,
                        started=is_started(extra.get("state")),
                    )
                )
            except KeyError:
                reason = f"{key}: its skeleton is not that of scheme {scheme.name}."
                contents.unreadable.append(Unreadable(source, reason))
            except ODD as error:
                contents.unreadable.append(Unreadable(source, f"{key}: {error}"))
    if found["predicted"]:
        contents.notes.append(
            f"{found['predicted']} tables of predictions were passed over; what was made by hand "
            "was read."
        )
    return contents


def landmarks(source: Path) -> Scheme:
    """Of the first skeleton."""
    skeleton = _READER.read(source)["skeletons"][0]
    return declared(source, skeleton["name"], skeleton["nodes"], skeleton["edges"])


def _orders(
    skeletons: Sequence[Mapping[str, Any]], scheme: Scheme, source: Path, notes: list[str]
) -> dict[int, list[int]]:
    """The landmark of each node, for the skeletons that fit the scheme. Raises FormatError where
    none does."""
    orders: dict[int, list[int]] = {}
    misfits: list[FormatError] = []
    for number, skeleton in enumerate(skeletons):
        where = f"{source.name}, skeleton {skeleton['name']}"
        try:
            orders[number] = landmark_order(skeleton["nodes"], scheme, where, notes)
        except FormatError as error:
            misfits.append(error)
    if not orders:
        raise misfits[0]
    return orders


def _ours(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    known = isinstance(found, dict) and all(isinstance(one, dict) for one in found.values())
    return found if known else {}


def _place(
    files: Sequence[str], number: int, videos: NamedVideos, folder: Path
) -> tuple[Path, int | None, str]:
    """The image, or the video and the frame of it, and what the file calls it. files: of its
    series. Raises FormatError."""
    if len(files) == 1 and is_video(Path(files[0])):
        return videos.path(files[0]), number, f"{files[0]} frame {number}"
    if not 0 <= number < len(files):
        raise FormatError(f"Frame {number} names no image and no video.")
    return named_path(files[number], folder), None, files[number]


def _shape(
    instance: Mapping[str, Any], order: Sequence[int], extra: Mapping[str, Any], scheme: Scheme
) -> Shape:
    points, visibility = np.full((len(scheme), 2), np.nan), np.zeros(len(scheme), dtype=np.int8)
    places = np.array(instance["xy"], dtype=np.float64)
    if places.ndim != 2 or places.shape[1] < 2 or len(places) != len(order):
        raise FormatError(
            f"it has {counted(len(places), 'place')} for {counted(len(order), 'node')}."
        )
    if places.shape[1] > 2 and np.isfinite(places[:, 2]).any():
        raise FormatError("it is a shape in space, not in an image.")
    known = np.isfinite(places[:, 0]) & np.isfinite(places[:, 1])
    seen = np.where(instance["visible"], Visibility.VISIBLE, Visibility.OCCLUDED)
    rows = list(order)
    points[rows] = np.where(known[:, None], places[:, :2], np.nan)
    visibility[rows] = np.where(known, seen, Visibility.NOT_LABELLED)
    return imported(points, visibility, absent_landmarks(extra.get("absent"), scheme))


def _packages() -> tuple[Any, Any]:
    """pynwb and ndx-pose."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import ndx_pose
            import pynwb
    except ImportError as error:
        raise MissingPackage(
            "NWB files are written with ndx-pose, which is not installed.",
            kept="All other formats work without it.",
            remedy="Install it: pip install ndx-pose",
        ) from error
    return pynwb, ndx_pose


def write(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
    """Raises MissingPackage without ndx-pose, FormatError or DiskFull."""
    pynwb, ndx_pose = _packages()
    images = by_image(instances)
    names = {place: written_path(place[0], target.parent) for place in images}
    series = _series(images, names, pynwb)
    skeleton = ndx_pose.Skeleton(
        name=_NOT_IN_NAMES.sub("_", scheme.name) or "skeleton",
        nodes=list(scheme.landmarks),
        edges=np.array(scheme.lines, dtype=np.uint16).reshape(-1, 2),
    )
    frames: list[Any] = []
    beside: dict[str, Any] = {}
    for place, objects in images.items():
        shown, number = series[place]
        name = names[place] if place[1] is None else f"{names[place]} frame {place[1]}"
        people = dict.fromkeys(each.annotator for each in objects)
        for who in people:
            own = [each for each in objects if each.annotator == who]
            beside |= {f"{name}#{who}#{n}": _said(each, scheme) for n, each in enumerate(own)}
            made = [_instance(each.shape, n, skeleton, ndx_pose) for n, each in enumerate(own)]
            several = ndx_pose.SkeletonInstances(skeleton_instances=made)
            frames.append(
                ndx_pose.TrainingFrame(
                    name=f"frame_{len(frames):07d}",
                    annotator=who,
                    skeleton_instances=several,
                    source_video=shown,
                    source_video_frame_index=np.uint32(number),
                )
            )
    text = json.dumps(beside)
    times = [each.at for each in instances if each.at is not None]
    file = pynwb.NWBFile(
        session_description=scheme.title or scheme.name,
        identifier=hashlib.sha256(text.encode()).hexdigest()[:32],
        session_start_time=min(times, default=_UNKNOWN_TIME),
    )
    behaviour = file.create_processing_module("behavior", "processed behavioral data")
    behaviour.add(ndx_pose.Skeletons(skeletons=[skeleton]))
    every = list({id(shown): shown for shown, _ in series.values()}.values())
    behaviour.add(
        ndx_pose.PoseTraining(
            training_frames=ndx_pose.TrainingFrames(training_frames=frames),
            source_videos=ndx_pose.SourceVideos(image_series=every),
        )
    )
    file.add_scratch(text, name=_OURS, description="keys, boxes, what is absent, times, tracks")
    replace_file(target, _saved(file, pynwb))
    return Written(len(instances), len(images), losses_of_points(instances))


def _series(
    images: Mapping[Place, Sequence[ExportedInstance]], names: Mapping[Place, str], pynwb: Any
) -> dict[Place, tuple[Any, int]]:
    """For each frame its video and number; for each image the list of those of its size, and its
    place in that."""
    lists: dict[tuple[Any, ...], list[Place]] = {}
    for place, (first, *_) in images.items():
        key = (first.width, first.height) if place[1] is None else (place[0],)
        lists.setdefault(key, []).append(place)
    series: dict[Place, tuple[Any, int]] = {}
    for number, places in enumerate(lists.values()):
        first = images[places[0]][0]
        of_images = places[0][1] is None
        files = [names[place] for place in (places if of_images else places[:1])]
        made = pynwb.image.ImageSeries(
            name=f"images_{number}" if of_images else f"video_{number}",
            description="images of one size" if of_images else "a video",
            unit="NA",
            format="external",
            external_file=files,
            dimension=[first.width, first.height],
            starting_frame=list(range(len(files))),
            rate=1.0,
            **_extent(pynwb, places),
        )
        for index, place in enumerate(places):
            series[place] = made, index if place[1] is None else place[1]
    return series


def _extent(pynwb: Any, places: Sequence[Place]) -> dict[str, int]:
    """How many frames there are at least: newer versions ask for it."""
    known = {one["name"] for one in pynwb.image.ImageSeries.__init__.__docval__["args"]}
    most = max([len(places), *(frame + 1 for _, frame in places if frame is not None)])
    return {"num_samples": most} if "num_samples" in known else {}


def _instance(shape: Shape, number: int, skeleton: Any, ndx_pose: Any) -> Any:
    carried = labelled(shape)
    return ndx_pose.SkeletonInstance(
        name=f"object_{number:04d}",
        id=np.uint8(number % 256),
        node_locations=np.where(carried[:, None], shape.points, np.nan),
        node_visibility=carried & (shape.visibility == Visibility.VISIBLE),
        skeleton=skeleton,
    )


def _said(instance: ExportedInstance, scheme: Scheme) -> dict[str, Any]:
    box = instance.box
    return {
        "source": instance.source,
        "box": None if box is None else list(box.numbers),
        "absent": absent_names(instance.shape, scheme),
        "labelled_at": time_text(instance.at),
        "track": instance.track,
        "state": instance.state,
    }


def _saved(file: Any, pynwb: Any) -> bytes:
    """In memory: on a full disk HDF5 would end the program."""
    import h5py

    content = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with (
            h5py.File(content, "w") as place,
            pynwb.NWBHDF5IO(mode="w", file=place) as out,
        ):
            out.write(file)
    return content.getvalue()
