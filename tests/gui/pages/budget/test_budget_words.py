"""What the lead's view says in words."""

from landmark_annotator.annotator.gui.pages.budget.sentences import (
    first_names,
    format_name,
    names_tip,
)
from landmark_annotator.projects.budgets.known_formats import KNOWN_FORMATS, Comparison
from landmark_annotator.projects.vocabulary import Scheme


def test_a_format_for_a_part_of_the_landmarks_says_so():
    mafl, aflw = (Comparison(KNOWN_FORMATS[i], (), 0.4, 0.6) for i in (0, 2))
    assert format_name(mafl, 68) == "mafl5 of 41"
    assert format_name(aflw, 68) == "aflw19"


def test_of_many_points_the_first_are_named_and_the_rest_are_counted():
    """All names of a scheme of 189 landmarks made the window higher than the screen."""
    scheme = Scheme("dots", tuple(f"landmark {i}" for i in range(40)))
    assert first_names(scheme, range(2)) == "landmark 0, landmark 1"
    many = first_names(scheme, range(40))
    assert many.startswith("landmark 0, ")
    assert many.endswith("landmark 11, and 28 more")
    assert "landmark 39" in names_tip(scheme, range(40))


def test_a_tooltip_of_names_breaks_its_lines_and_takes_names_as_they_are():
    """Qt shows what is no HTML on a single line, wider than any screen."""
    assert names_tip(Scheme("dots", ("a<b", "c")), [0, 1]) == "<p>a&lt;b, c</p>"
    assert names_tip(Scheme("dots", ("a", "b")), []) == ""
