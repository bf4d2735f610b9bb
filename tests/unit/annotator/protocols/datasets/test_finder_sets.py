import numpy as np
import pytest

from landmark_annotator.annotator.protocols.datasets.fly_video import fly_frames
from landmark_annotator.annotator.protocols.datasets.photographs import (
    TESTING,
    labelled_image,
    photographs,
)


@pytest.mark.usefixtures("landmark_data")
def test_frames_have_both_flies_along_their_boxes() -> None:
    scheme, frames = fly_frames(3)
    assert (len(scheme), scheme.heading) == (24, (3, 0))
    for frame in frames:
        pixels = frame.read_pixels()
        assert pixels.shape == (frame.size[1], frame.size[0], 3)
        assert len(frame.objects) == 2
        for box in frame.objects:
            assert 0 < box.centre_x < frame.size[0]
            # A fly is bright on black.
            along = (
                box.to_image(np.array([[-0.2, 0.0], [0.0, 0.0], [0.2, 0.0]])).round().astype(int)
            )
            assert np.median(pixels[along[:, 1], along[:, 0]]) > np.median(pixels) + 50


@pytest.mark.usefixtures("landmark_data")
def test_a_photograph_is_larger_than_its_labelled_face() -> None:
    face = photographs(TESTING)[0]
    image = labelled_image(face)
    assert image.objects == (face.box,)
    assert max(image.size) > 1.1 * face.box.side
