"""Tables of points of napari and ImageJ: a row a landmark."""

from pathlib import Path

import pytest

from landmark_annotator.projects.exchange.codecs.point_lists import IMAGEJ, NAPARI, PointList
from landmark_annotator.projects.vocabulary.errors import FormatError

PATH = Path("leaf.csv")


@pytest.mark.parametrize(("kind", "head"), [(NAPARI, "index,axis-0,axis-1"), (IMAGEJ, " ,X,Y")])
def test_decimals_with_commas_between_commas_are_no_further_cells(
    kind: PointList, head: str
) -> None:
    text = f"{head}\n1,12,5,30,25\n2,14,5,31,75\n"

    with pytest.raises(FormatError, match=r"leaf\.csv, line 2: it has 5 cells, the first line 3"):
        kind.parse(text, PATH, 2)


def test_what_stands_empty_at_the_ends_of_rows_is_passed_over() -> None:
    text = "index,axis-0,axis-1\n0,12.5,30.25,\n1,14.5,31.75,\n"

    assert NAPARI.parse(text, PATH, 2).tolist() == [[30.25, 12.5], [31.75, 14.5]]
