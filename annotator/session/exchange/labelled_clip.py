"""A video with its landmarks drawn, as a file that every player shows."""

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from landmark_annotator.annotator.session.labelling import suggested_marks
from landmark_annotator.projects.exchange.codecs.common.staging import cannot_write
from landmark_annotator.projects.images.kept_frames import frames
from landmark_annotator.projects.store import (
    InstanceState,
    Project,
    VideoRecord,
    read_at_once,
)
from landmark_annotator.projects.video import has_sound, is_numbered, video_name
from landmark_annotator.projects.vocabulary import Progress, Scheme, Shape, Visibility
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.errors import ActionableError, ImageError

_RATE = 25
"""Frames a second of numbered images: nobody knows when they were taken."""
_TICKS = 90_000
"""A second, in MPEG's own measure, so that frames of uneven length keep theirs."""
_PALETTE = (
    (255, 176, 0), (100, 143, 255), (220, 38, 127), (0, 200, 140), (254, 97, 0), (120, 94, 240),
)  # fmt: skip
"""Of objects, in RGB: those that people with any kind of colour vision tell apart."""
_FINE = 4
"""Bits of a pixel's fraction that are drawn."""


@dataclass(frozen=True)
class DrawnObject:
    """track: None of an object of no track. placed: whether people have worked on it; else a model
    proposes it."""

    shape: Shape
    track: int | None
    placed: bool


@dataclass(frozen=True)
class ClipReport:
    """How many frames were written, and how many of them have an object; lost: those that cannot
    be decoded, which were left out; silenced: whether the video has a sound, which was left out."""

    frames: int
    labelled: int
    lost: int
    silenced: bool


@read_at_once
def drawn_objects(
    project: Project, video: VideoRecord, *, accepted: bool
) -> dict[int, list[DrawnObject]]:
    """Those of each frame. accepted: those alone that somebody has accepted."""
    numbers = {
        image.id: image.frame
        for image in project.images()
        if image.video_id == video.id and image.frame is not None
    }
    found = defaultdict[int, list[DrawnObject]](list)
    shapes = [(r, shape) for r, shape in project.shapes(None) if r.image_id in numbers]
    bare = [r.id for r, shape in shapes if not (accepted or shape.known.any())]
    proposed = {i: kept[0] for i, kept in project.proposals_of(bare)}
    waiting = project.some_to_label(list(proposed), who="")
    for record, shape in shapes:
        if accepted and record.state is not InstanceState.ACCEPTED:
            continue
        placed = bool(shape.known.any())
        proposal, now = proposed.get(record.id), waiting.get(record.id)
        if proposal is not None and now is not None:
            shape = suggested_marks.as_proposed(project, now, proposal)
        if shape.known.any():
            found[numbers[record.image_id]].append(DrawnObject(shape, record.track_id, placed))
    return dict(found)


def write_clip(
    video: Path,
    target: Path,
    objects: Mapping[int, Sequence[DrawnObject]],
    scheme: Scheme,
    progress: Progress,
    *,
    first: int = 0,
    last: int | None = None,
) -> ClipReport:
    """The frames first to last as H.264 in MP4, at the video's own pace, without its sound. What
    was at the target is as it was until all is written.

    Raises ActionableError for a range without frames, a target that is named as no MP4 or cannot
    be written, ImageError where the video cannot be opened.
    """
    import av

    if target.suffix.lower() not in (".mp4", ".m4v"):
        raise ActionableError(
            f"{target.name} would be an MP4 under another name.",
            kept="Nothing was written.",
            remedy=f"Call it {target.with_suffix('.mp4').name}.",
        )
    index = frames.index(video)
    seconds = index.seconds if index.rate else np.arange(len(index)) / _RATE
    numbers = _chosen(video, len(index), first, last)
    if not target.parent.is_dir():
        raise ActionableError(
            f"There is no folder {target.parent}.",
            kept="Nothing was written.",
            remedy="Choose a file in a folder that exists.",
        )
    progress.start("Drawing", len(numbers))
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    written = labelled = lost = 0
    try:
        with av.open(str(partial), "w", format="mp4") as container:
            rate = Fraction(index.rate or _RATE).limit_denominator(1001)
            stream = container.add_stream("libx264", rate=rate, options={"crf": "18"})
            stream.pix_fmt = "yuv420p"
            stream.codec_context.time_base = Fraction(1, _TICKS)
            for number in numbers:
                if progress.cancelled():
                    return ClipReport(0, 0, 0, False)
                progress.advance()
                try:
                    pixels = frames.pixels(video, number)
                except ImageError:
                    lost += 1
                    continue
                some = objects.get(number, ())
                picture = _even(drawn(pixels, some, scheme))
                if not written:
                    stream.height, stream.width = picture.shape[:2]
                frame = av.VideoFrame.from_ndarray(picture, "rgb24")
                elapsed = float(seconds[number] - seconds[first])
                frame.pts, frame.time_base = round(elapsed * _TICKS), Fraction(1, _TICKS)
                container.mux(stream.encode(frame))
                written += 1
                labelled += bool(some)
            if written:
                container.mux(stream.encode())
        if not written:
            raise ImageError(f"No frame of {video} can be decoded.")
        partial.replace(target)
    except OSError as error:
        raise cannot_write(target, error) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return ClipReport(written, labelled, lost, not is_numbered(video) and has_sound(video))


def _chosen(video: Path, count: int, first: int, last: int | None) -> range:
    """Of the video's so many frames. Raises ActionableError where that are none."""
    end = count - 1 if last is None else min(last, count - 1)
    if first > end:
        asked = (
            f"no frames from {first:,} on" if last is None else f"no frames {first:,} to {last:,}"
        )
        raise ActionableError(
            f"{video_name(video)} has {asked}: it has {count:,}.",
            kept="Nothing was written.",
            remedy=f"Choose frames from 0 to {count - 1:,}, the first one first.",
        )
    return range(first, end + 1)


def drawn(pixels: Pixels, objects: Sequence[DrawnObject], scheme: Scheme) -> Pixels:
    """(height, width, 3) RGB with the objects on it; `pixels` is as it was.

    Edges are lines, landmarks discs; hidden ones, and all that a model proposes, are rings.
    """
    picture = np.ascontiguousarray(pixels).copy()
    radius = max(min(picture.shape[:2]) / 200, 2.0)
    own = {landmark: _rgb(colour) for landmark, colour in dict(scheme.colours).items()}
    for place, each in enumerate(objects):
        number = place if each.track is None else each.track
        colour = _PALETTE[number % len(_PALETTE)]
        points, known = each.shape.points, each.shape.known & _near(each.shape, picture)
        for one, other in scheme.lines:
            if known[one] and known[other]:
                ends = _exact(points[one]), _exact(points[other])
                cv2.line(picture, *ends, colour, 1, cv2.LINE_AA, _FINE)
        for landmark in np.flatnonzero(known).tolist():
            hidden = each.shape.visibility[landmark] == Visibility.OCCLUDED
            centre, size = _exact(points[landmark]), round(radius * 2**_FINE)
            thick = 1 if hidden or not each.placed else cv2.FILLED
            shade = own.get(landmark, colour)
            cv2.circle(picture, centre, size, shade, thick, cv2.LINE_AA, _FINE)
    return picture


def _near(shape: Shape, picture: Pixels) -> npt.NDArray[np.bool_]:
    """(L,) those that are not so far away that drawing them would go wrong."""
    reach = 4.0 * max(picture.shape[:2])
    return np.asarray((np.abs(np.nan_to_num(shape.points)) < reach).all(axis=1))


def _exact(point: Floats) -> tuple[int, int]:
    x, y = np.rint(point * 2**_FINE).astype(int).tolist()
    return x, y


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def _even(picture: Pixels) -> Pixels:
    """H.264 has no odd width or height: the last row and column again."""
    height, width = picture.shape[:2]
    return np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), "edge")
