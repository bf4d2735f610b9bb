"""What the line at the bottom tells of errors."""

from landmark_annotator.annotator.gui.widgets.status_line import StatusLine


def test_an_expected_error_is_told_in_all_units_that_are_known(qapp):
    line = StatusLine()
    line.show_error(2.13, None, 0.838)
    assert line.error.text() == "expected error 2.1 %, 0.84 mm"
    line.show_error(2.13, 1.4)
    assert line.error.text() == "expected error 2.1 %, 1.4 % visible"
    line.show_error(None)
    assert line.error.text() == ""
