"""Two flies in a video of LANDMARK_DATA, as another program has predicted them.

Predictions are no truth; frames in which they name more or fewer than two flies, or leave the
heading of one unknown, are left out.
"""

from functools import partial

import cv2
import numpy as np

from annotator.protocols.datasets import faces300w
from annotator.session.models.labelled_images import object_box
from projects.vocabulary import Box, LabelledImage, LabelledInstance, Scheme, Shape
from projects.vocabulary.arrays import Pixels

_FEWEST_POINTS = 10


def fly_frames(count: int) -> tuple[Scheme, list[LabelledImage]]:
    """The first `count` frames of the video with two flies, in order. Their boxes lie along the
    flies, from abdomen to head. Needs sleap-io."""
    import sleap_io

    folder = faces300w.data_folder() / "video" / "flies24"
    labels = sleap_io.load_slp(str(folder / "predictions.slp"), open_videos=False)
    names = tuple(labels.skeletons[0].node_names)
    heading = names.index("abdomen"), names.index("head")
    scheme = Scheme("flies24", names, heading=heading)
    boxes: dict[int, list[Box]] = {}
    for frame in labels:
        shapes = [Shape(np.asarray(each.numpy(), float)) for each in frame.instances]
        sure = [
            s for s in shapes if s.known[list(heading)].all() and s.known.sum() >= _FEWEST_POINTS
        ]
        if len(shapes) == len(sure) == 2:
            boxes[frame.frame_idx] = [_box(shape, scheme) for shape in sure]
    chosen = sorted(boxes)[:count]
    pixels = _frames(str(folder / "flies24.mp4"), chosen)
    return scheme, [
        LabelledImage(
            f"flies24/{number}",
            (picture.shape[1], picture.shape[0]),
            tuple(boxes[number]),
            partial(np.copy, picture),
        )
        for number, picture in zip(chosen, pixels, strict=True)
    ]


def _box(shape: Shape, scheme: Scheme) -> Box:
    drawn = Box.square_around(shape.points)
    return object_box(LabelledInstance("", drawn, shape, lambda: np.empty(0, np.uint8)), scheme)


def _frames(video: str, numbers: list[int]) -> list[Pixels]:
    wanted, found = set(numbers), []
    capture = cv2.VideoCapture(video)
    for number in range(max(numbers) + 1):
        read, frame = capture.read()
        if read and number in wanted:
            found.append(np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB), np.uint8))
    capture.release()
    return found
