"""CVAT for video 1.1: one XML file of one video, tracks of skeletons with their keyframes.

Numbers, points and boxes are as in `cvat`. A shape counts where it is a keyframe: what CVAT put
between them nobody has placed. One of which every point is `outside` says that the object has left:
it is written for the first labelled frame without it, up to which CVAT would go on, and from which
it would else lead over to where the object comes back.
The video is the `source` of the task, found as `NamedVideos` says. A track is called as its
attribute `track` says, else by its label and number.

| Not carried | Instead |
|---|---|
| what `cvat` does not carry | as there |
| several videos in one file | a refusal |
| objects that are of no track | a track of one keyframe, whose attribute `track` is empty |
"""

import math
import mmap
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as Xml

from landmark_annotator.projects.exchange.codecs import cvat
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    ImportedInstance,
    Unreadable,
    Written,
    size_said,
)
from landmark_annotator.projects.exchange.codecs.common.files import written_path
from landmark_annotator.projects.exchange.codecs.common.labelling import (
    refuse_annotator,
    time_read,
)
from landmark_annotator.projects.exchange.codecs.common.losses import labelled, losses_of_points
from landmark_annotator.projects.exchange.codecs.common.passed_over import PassedOver
from landmark_annotator.projects.exchange.codecs.common.text import ODD
from landmark_annotator.projects.exchange.codecs.common.videos import NamedVideos
from landmark_annotator.projects.exchange.codecs.cvat import (
    add_attributes,
    add_box,
    add_skeleton,
    attribute,
    box_of,
    is_unseen,
    parsed_root,
    skeleton_shape,
)
from landmark_annotator.projects.exchange.codecs.cvat import replace_with as replace_file_with
from landmark_annotator.projects.exchange.codecs.cvat import sniff as is_cvat
from landmark_annotator.projects.exchange.codecs.cvat_labels import (
    add_labels,
    box_label,
    label_names,
)
from landmark_annotator.projects.exchange.codecs.cvat_objects import is_own
from landmark_annotator.projects.images.kept_frames import frames
from landmark_annotator.projects.video import is_numbered
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError, FormatError
from landmark_annotator.projects.vocabulary.wording import counted


def sniff(source: Path) -> bool:
    if not is_cvat(source):
        return False
    try:
        with (
            source.open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as all_,
        ):
            return all_.find(b"<track ") >= 0
    except (OSError, ValueError):
        return False


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """images: the video, or the folder that it is in."""
    refuse_annotator(annotator, "CVAT files")
    root = parsed_root(source)
    contents = Contents()
    declared = label_names(root)
    name = root.findtext("meta/source") or root.findtext("meta/task/source") or source.stem
    video = NamedVideos(source, images, 1, contents.notes).path(name)
    boxes, passed = _boxes(root), PassedOver()
    size = size_said(*(root.findtext(f"meta//original_size/{n}") for n in ("width", "height")))
    between = 0
    for number, track in enumerate(root.iter("track")):
        first = track[0].tag if len(track) else ""
        if not first or (first == "box" and track.get("group_id", "0") in boxes):
            continue
        called = f"{track.get('label', '')} {track.get('id', number)}".strip()
        if first != "skeleton" and not (first == "box" and is_own(track, scheme)):
            passed[track.get("label", "") if first == "box" else first] += 1
            continue
        for element in track.iter(first):
            between += element.get("keyframe") == "0"
            if element.get("keyframe") == "0" or element.get("outside") == "1":
                continue
            try:
                instance = _instance(element, track, boxes, scheme, declared, contents.notes)
                frame, shape, box = instance
                if box is None and not shape.known.any():
                    continue  # it has left
                key = attribute(element, "source") or f"{source.name}:{called} frame {frame}"
                said = [a for a in element.findall("attribute") if a.get("name") == "track"]
                contents.instances.append(
                    ImportedInstance(
                        video,
                        shape,
                        box,
                        key,
                        annotator=attribute(element, "annotator"),
                        at=time_read(attribute(element, "labelled_at")),
                        frame=frame,
                        track=(said[0].text or "") if said else called,
                        size=size,
                        started=is_unseen(element) or is_unseen(track),
                    )
                )
            except ODD as error:
                reason = f"{called}, frame {element.get('frame', '?')}: {error}"
                contents.unreadable.append(Unreadable(source, reason))
    contents.notes.extend(passed.notes(source, scheme))
    if between:
        contents.notes.append(
            f"Passed over: {counted(between, 'shape')} between keyframes, which nobody has placed."
        )
    return contents


_Boxes = dict[str, dict[str, Xml.Element]]
"""By group and frame."""


def landmarks(source: Path) -> Scheme:
    """Of the first skeleton that the file declares."""
    return cvat.landmarks(source)


def _boxes(root: Xml.Element) -> _Boxes:
    """Of groups that have a track of skeletons too."""
    grouped = [t for t in root.iter("track") if t.get("group_id", "0") != "0"]
    with_skeleton = {t.get("group_id", "") for t in grouped if t.find("skeleton") is not None}
    found: _Boxes = defaultdict(dict)
    for track in grouped:
        group = track.get("group_id", "")
        if group in with_skeleton:
            for box in track.findall("box"):
                if box.get("outside") != "1":
                    found[group][box.get("frame", "")] = box
    return found


def _instance(
    element: Xml.Element,
    track: Xml.Element,
    boxes: _Boxes,
    scheme: Scheme,
    declared: dict[str, list[str]],
    notes: list[str],
) -> tuple[int, Shape, Box | None]:
    written = element.get("frame", "")
    if not (written.isdecimal() and len(written) < 10):
        raise FormatError(f'"{written[:40]}" is no frame.')
    if element.tag == "box":
        return int(written), Shape.unknown(len(scheme)), box_of(element)
    element.set("label", track.get("label", ""))
    shape = skeleton_shape(element, scheme, declared, notes)
    return int(written), shape, box_of(boxes.get(track.get("group_id", ""), {}).get(written))


def write(target: Path, instances: Iterable[ExportedInstance], scheme: Scheme) -> Written:
    """Raises FormatError or DiskFull."""
    instances = list(instances)
    videos = {instance.video for instance in instances}
    of_one = None not in videos and len(videos) == 1
    if of_one and not all(map(_is_of_video, instances)):
        raise FormatError(
            "CVAT for video names frames by their numbers in the video, and here they were to be "
            "written as PNG files.",
            kept="Nothing was written.",
            remedy="Leave out that frames are written: a choice in the export's dialog, --frames "
            "at a terminal.",
        )
    if instances and not of_one:
        raise FormatError(
            "CVAT for video holds the frames of one video, and these labels are of photographs or "
            "of several.",
            kept="Nothing was written.",
            remedy="Use cvat for photographs, and sleap, csv or coco for several videos.",
        )
    root = Xml.Element("annotations")
    Xml.SubElement(root, "version").text = "1.1"
    add_labels(root, instances, scheme)
    task = root.find("meta/task")
    for video in videos:
        if task is not None and video is not None:
            Xml.SubElement(task, "source").text = written_path(video, target.parent)
    groups: dict[tuple[str | int, bool], list[ExportedInstance]] = defaultdict(list)
    for number, instance in enumerate(instances):
        bare = (
            not (labelled(instance.shape) | instance.shape.absent).any()
            and instance.box is not None
        )
        groups[instance.track or number, bare].append(instance)
    for group, ((_, bare), members) in enumerate(groups.items(), 1):
        shown = sorted(members, key=lambda member: member.frame or 0)
        if not bare:
            _add_skeletons(root, shown, scheme, str(group))
        _add_boxes(root, [m for m in shown if m.box is not None], scheme, str(group), bare)
    replace_file_with(target, root)
    return Written(len(instances), len({i.place for i in instances}), losses_of_points(instances))


def _is_of_video(instance: ExportedInstance) -> bool:
    """Whether a reader finds the frame in its video: other frames are files of their own."""
    numbered = instance.video is not None and is_numbered(instance.video)
    return numbered or instance.place[1] is not None


def _add_skeletons(
    root: Xml.Element, members: list[ExportedInstance], scheme: Scheme, group: str
) -> None:
    track = _added_track(root, scheme.name, group)
    for member, left in _until(members):
        about = {"frame": str(member.frame), "keyframe": "1", "z_order": "0"}
        _say(add_skeleton(track, member, scheme, about), member)
        if left is not None:
            away = add_skeleton(track, member, scheme, {"frame": str(left), "keyframe": "1"})
            for point in away:
                point.set("outside", "1")


def _add_boxes(
    root: Xml.Element, members: list[ExportedInstance], scheme: Scheme, group: str, bare: bool
) -> None:
    """bare: there are no skeletons in the same group."""
    if not members:
        return
    track = _added_track(root, box_label(scheme), group)
    for member, left in _until(members):
        assert member.box is not None
        about = {"frame": str(member.frame), "keyframe": "1", "outside": "0", "occluded": "0"}
        element = add_box(track, member.box, about)
        if bare:
            _say(element, member)
        if left is not None:
            add_box(track, member.box, {**about, "frame": str(left), "outside": "1"})


def _until(
    members: list[ExportedInstance],
) -> Iterator[tuple[ExportedInstance, int | None]]:
    """Each with the frame in which it has left; None where CVAT leads over to the next one, or the
    video ends: a frame that is not there makes CVAT refuse the file."""
    for member, following in pairwise([*members, None]):
        assert member is not None
        left = member.left
        if following is None:
            left = (member.frame or 0) + 1
            if left >= _length(member):
                left = None
        elif left is not None and left >= (following.frame or 0):
            left = None
        yield member, left


def _length(member: ExportedInstance) -> float:
    """Frames of its video; as many as can be, where it is not at hand."""
    try:
        return math.inf if member.video is None else len(frames.index(member.video))
    except ActionableError:
        return math.inf


def _added_track(root: Xml.Element, label: str, group: str) -> Xml.Element:
    number = str(len(root) - 2)  # after the version and the labels
    about = {"id": number, "label": label, "source": "manual", "group_id": group}
    return Xml.SubElement(root, "track", about)


def _say(element: Xml.Element, member: ExportedInstance) -> None:
    add_attributes(element, member)
    Xml.SubElement(element, "attribute", name="track").text = member.track
