"""What labelling without a plan costs, in words."""

from landmark_annotator.annotator.session.planning.offer import Unplanned


def test_one_image_is_no_images() -> None:
    free = Unplanned(clicks=1.6, error=1.9, image_seconds=0.5, measured=12, by_model=True)
    assert " for 1 image (" in free.said(1)
    assert " for 2 images (" in free.said(2)
