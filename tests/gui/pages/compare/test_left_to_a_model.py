"""What people left to a model is compared apart from what they placed."""

import numpy as np
import pytest
from compare_page import opened

from landmark_annotator.projects.vocabulary import Provenance, Shape


def test_what_both_accepted_as_it_was_proposed_is_said_and_left_out(
    make_project, open_window, qtbot
):
    project = make_project(labelled=0, untouched=2)
    points = np.arange(2.0 * len(project.scheme)).reshape(-1, 2) * 5 + 20
    for n, record in enumerate(project.instances()):
        for k, who in enumerate(("ann", "bob")):
            mark = Provenance.CLICKED if n and k else Provenance.INFERRED
            shape = Shape(points + 6.0 * n * k, provenance=[mark] * len(points))
            project.add_instance(record.image_id, record.box, shape=shape, who=who)
    page = opened(open_window(project), qtbot)
    said = page.summary.text()
    assert said.startswith("1 object, ")
    assert "1 object both accepted as the same proposal, untouched: left out, with it" in said
    # The first of all is still the one on which they differ, and both are listed.
    assert page.objects.topLevelItemCount() == 2
    assert not page.agreement.pairs[page.place].as_proposed


def test_the_list_tells_of_each_object_what_the_sentence_above_tells_of_all(
    make_project, open_window, qtbot
):
    """It told a tenth of it where a person had placed one landmark of ten: mean of the list and
    the mean above were of different things."""
    project = make_project(labelled=0, untouched=2)
    points = np.arange(2.0 * len(project.scheme)).reshape(-1, 2) * 5 + 20
    for n, record in enumerate(project.instances()):
        for k, who in enumerate(("ann", "bob")):
            moved, marks = points.copy(), [Provenance.INFERRED] * len(points)
            if k:
                moved[n] += 6.0 * (n + 1)
                marks[n] = Provenance.CLICKED
            shape = Shape(moved, provenance=marks)
            project.add_instance(record.image_id, record.box, shape=shape, who=who)
    page = opened(open_window(project), qtbot)
    listed = [float(page.objects.topLevelItem(row).text(1)) for row in range(2)]
    assert np.mean(listed) == pytest.approx(page.agreement.spread.mean, abs=0.01)
