"""A corner of the canvas shows where on the scheme the landmark sits that is asked for."""


def test_another_landmark_has_another_picture(hands):
    first = hands.canvas._picture.toImage()
    hands.window.controller.choose((hands.window.controller.asked + 1) % 6)
    assert hands.canvas._picture.toImage() != first


def test_before_any_shape_is_known_there_is_none(make_project, open_window):
    hands = open_window(make_project(labelled=0, untouched=2))
    hands.wait_for()
    assert hands.window.controller.asked == 0
    assert hands.canvas._picture is None
