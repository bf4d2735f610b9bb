"""What the lead's view says in words."""

from landmark_annotator.annotator.gui.pages.budget.sentences import format_name
from landmark_annotator.projects.budgets.known_formats import KNOWN_FORMATS, Comparison


def test_a_format_for_a_part_of_the_landmarks_says_so():
    mafl, aflw = (Comparison(KNOWN_FORMATS[i], (), 0.4, 0.6) for i in (0, 2))
    assert format_name(mafl, 68) == "mafl5 of 41"
    assert format_name(aflw, 68) == "aflw19"
