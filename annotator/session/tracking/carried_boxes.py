"""Boxes of a frame of a video from those of a frame beside it, where flow carries what is labelled
there: whoever labels a video frame by frame draws one box, before anything has learned to find."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.session.labelling.clip import boxed_beside, seen_shape
from landmark_annotator.annotator.session.labelling.two_click_box import TwoClicks
from landmark_annotator.annotator.session.tracking.carried_objects import is_inside
from landmark_annotator.backends.shapes.fitting.alignment import similarity_box
from landmark_annotator.backends.shapes.orientation import headed
from landmark_annotator.backends.tracking import flow_or_leap
from landmark_annotator.backends.tracking.likeness import INSIDE, correlation
from landmark_annotator.projects.images.kept_frames import frames
from landmark_annotator.projects.store import ImageRecord, InstanceState, Project, VideoRecord
from landmark_annotator.projects.video import is_video
from landmark_annotator.projects.vocabulary import Box, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels

_FARTHEST = 5
"""Frames that are gone over; between farther ones objects leave what flow looks at."""
FARTHEST_COPY = 30
"""The same where the box would else be one that was copied: a wrong one, of what has moved."""
_LOST = 0.2
"""Sides of its box by which an object may be off, as a standard deviation: where flow is less sure,
a box drawn by hand is worth more."""
_GROWN = 1.5
"""Times as large as before that an object is at most some frames later."""
_ALIKE = 0.7
"""Correlation of an object with where it has gone, from which on it is the same."""
_STILL = 0.4
"""The same over all frames in between, in which it may have turned away and bent."""


@dataclass(frozen=True, eq=False)
class FrameBeside:
    """labelled: number of a frame near one without boxes, which is `opened`. objects: the box of
    each in the labelled one, turned by its heading, and (L, 2) its landmarks in image pixels, NaN
    where nobody has placed them; tracks: the id of the track of each, None of one without. mean:
    (L, 2) where landmarks lie in the frame of a box; None where that of each object's own says it.
    turned: whether objects have a heading; a box of others is upright, for one that is turned says
    where its object points.
    """

    video: Path
    labelled: int
    opened: int
    objects: tuple[tuple[Box, Floats], ...]
    mean: Floats | None = None
    turned: bool = False
    tracks: tuple[int | None, ...] = ()


def frame_beside(
    project: Project, image: ImageRecord, ways: TwoClicks | None = None
) -> FrameBeside | None:
    """The nearest one of its video on whose objects somebody has begun, of two the earlier; None
    where there is none near, or nothing is placed in it. ways: how labelled shapes lie in their
    boxes."""
    number = image.frame
    if image.video_id is None or number is None or not is_video(image.path):
        return None
    scheme = project.scheme if ways is None else ways.scheme
    near = project.objects_beside(image.video_id, number, _FARTHEST)
    nearest = min((frame for frame, _ in near), key=lambda f: (abs(f - number), f), default=number)
    begun = [
        (record.track_id, (headed(record.box, shape, scheme), shape.points))
        for frame, record in near
        if frame == nearest and record.box is not None
        if (shape := project.shape(record.id)).known.any()
    ]
    if not begun:
        return None
    tracks, objects = zip(*begun, strict=True)
    return FrameBeside(image.path, nearest, number, objects, *_lying(scheme, ways), tracks)


def copied_beside(
    project: Project, video: VideoRecord, image: ImageRecord, ways: TwoClicks | None = None
) -> tuple[FrameBeside, tuple[int, ...]] | None:
    """Of a frame that came in with the boxes of one beside it: that one, with the ids of the
    instances that have the boxes of its objects here; None where there are none any more, or
    nothing is known of where they might have gone. ways: as for `frame_beside`."""
    number = image.frame
    if number is None:
        return None
    scheme = project.scheme if ways is None else ways.scheme
    copies, there = [], project.instances_of(image.id)
    # In this order they came in, one for each.
    for (seen, record), own in zip(boxed_beside(project, video, number), there, strict=False):
        shape = seen_shape(project, seen)
        untouched = own.state is InstanceState.UNTOUCHED and own.box == record.box
        if record.box is not None and untouched and shape.known.any():
            copies.append((own.id, seen.frame, (headed(record.box, shape, scheme), shape.points)))
    if not copies:
        return None
    ids, frames_beside, objects = zip(*copies, strict=True)
    lying = _lying(scheme, ways)
    return FrameBeside(video.path, frames_beside[0], number, objects, *lying), ids


def _lying(scheme: Scheme, ways: TwoClicks | None) -> tuple[Floats | None, bool]:
    """`mean` and `turned` of a `FrameBeside`."""
    return None if ways is None else ways.mean, scheme.heading is not None


def carried_boxes(beside: FrameBeside, pixels: Pixels) -> dict[int, Box]:
    """Where its objects are in the other frame, whose pixels these are, by their numbers among
    them. In any thread.

    What flow loses, or carries out of the image, is left out. Raises ImageError where a frame
    between, or beside, cannot be read.
    """
    number, step = beside.opened, 1 if beside.opened > beside.labelled else -1
    going = [_Carried(box, points) for box, points in beside.objects]
    first = before = frames.pixels(beside.video, beside.labelled)
    for at in range(beside.labelled + step, number + step, step):
        after = pixels if at == number else frames.pixels(beside.video, at)
        going = [each.on(before, after) for each in going]
        before = after
    found = dict[int, Box]()
    for place, ((box, points), each) in enumerate(zip(beside.objects, going, strict=True)):
        mean = box.to_frame(points) if beside.mean is None else beside.mean
        here = similarity_box(mean, points, box)
        there = each.fitted(mean, here.side)
        if there is None or not is_inside(there, pixels):
            continue
        if correlation(first, here.to_image(INSIDE), pixels, there.to_image(INSIDE)) >= _STILL:
            found[place] = there if beside.turned else replace(there, angle=0.0)
    return found


@dataclass(frozen=True, eq=False)
class _Carried:
    """variance: of where the box is along an axis, in squared pixels; infinite where nothing says
    it."""

    box: Box
    points: Floats
    variance: float = 0.0

    def on(self, earlier: Pixels, later: Pixels) -> "_Carried":
        if not np.isfinite(self.variance):
            return self
        flow = flow_or_leap(earlier, later, (self.box, self.box))
        step, variances = flow.carried(self.points)
        seen = np.isfinite(variances)
        if not seen.any() or flow.alike is None or flow.alike < _ALIKE:
            return _Carried(self.box, self.points, np.inf)
        # The middle one: a limb goes its own way, and flow of a thin one is of what is behind it.
        x, y = np.median(step[seen], axis=0).tolist()
        points = np.where(seen[:, None], self.points + step, np.nan)
        off = float(np.median(variances[seen]))
        return _Carried(self.box.shifted(x, y), points, self.variance + off)

    def fitted(self, mean: Floats, before: float) -> Box | None:
        """The box in which the landmarks lie as others do in theirs: it turns and grows with its
        object. before: its side in the frame beside. None of one that is lost."""
        if self.variance > (_LOST * self.box.side) ** 2:
            return None
        box = similarity_box(mean, self.points, self.box)
        return box if 1 / _GROWN < box.side / before < _GROWN else None
