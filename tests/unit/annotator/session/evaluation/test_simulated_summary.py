"""What a simulation says of images that it could not read."""

import numpy as np

from landmark_annotator.annotator.session.evaluation.simulated_project import Measured, summary


def test_an_image_of_several_objects_that_cannot_be_read_is_told_once() -> None:
    errors, gone = np.ones((2, 3)), "There is no image a.png."
    measured = [Measured(given, "The prior proposes.", ()) for given in (errors, gone, gone)]
    assert summary(measured, 1.0, "", "").unreadable == [gone]
