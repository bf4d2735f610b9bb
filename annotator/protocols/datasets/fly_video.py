"""Two flies in a video of LANDMARK_DATA, as another program has predicted them.

Predictions are no truth; frames in which they name more or fewer than two flies, or leave the
heading of one unknown, are left out.
"""

import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.datasets.clips import fly_scheme
from landmark_annotator.annotator.session.models.labelled_images import object_box
from landmark_annotator.projects.images.source import Frame
from landmark_annotator.projects.vocabulary import (
    Box,
    LabelledImage,
    LabelledInstance,
    Scheme,
    Shape,
)

_FEWEST_POINTS = 10


def fly_frames(count: int) -> tuple[Scheme, list[LabelledImage]]:
    """The first `count` frames of the video with two flies, in order. Their boxes lie along the
    flies, from abdomen to head. Needs sleap-io."""
    import sleap_io

    folder = faces300w.data_folder() / "video" / "flies24"
    labels = sleap_io.load_slp(str(folder / "predictions.slp"), open_videos=False)
    names = tuple(labels.skeletons[0].node_names)
    scheme = fly_scheme("flies24", names)
    heading = list(scheme.heading or ())
    boxes: dict[int, list[Box]] = {}
    for frame in labels:
        shapes = [Shape(np.asarray(each.numpy(), float)) for each in frame.instances]
        sure = [s for s in shapes if s.known[heading].all() and s.known.sum() >= _FEWEST_POINTS]
        if len(shapes) == len(sure) == 2:
            boxes[frame.frame_idx] = [_box(shape, scheme) for shape in sure]
    chosen = sorted(boxes)[:count]
    video = folder / "flies24.mp4"
    height, width = Frame(video, chosen[0]).pixels().shape[:2]
    return scheme, [
        LabelledImage(
            f"flies24/{number}", (width, height), tuple(boxes[number]), Frame(video, number).pixels
        )
        for number in chosen
    ]


def _box(shape: Shape, scheme: Scheme) -> Box:
    drawn = Box.square_around(shape.points)
    return object_box(LabelledInstance("", drawn, shape, lambda: np.empty(0, np.uint8)), scheme)
