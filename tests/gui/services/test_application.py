"""What every window stands on."""

import sys

from landmark_annotator.annotator.gui.services.application import application


def test_threads_beside_the_window_give_way_within_a_millisecond(qapp) -> None:
    before = sys.getswitchinterval()
    try:
        application()
        assert sys.getswitchinterval() < 0.001
    finally:
        sys.setswitchinterval(before)
