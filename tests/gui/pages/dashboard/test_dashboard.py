"""The dashboard: read beside the window, told in figures and plots."""

import subprocess
import sys
from datetime import datetime

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from landmark_annotator.annotator.gui.style import themes
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.projects.vocabulary import Provenance, Shape
from landmark_annotator.projects.vocabulary.errors import ServerAway
from tests.kept_trainings import keep_training

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def look(qtbot):
    def at_dashboard(hands):
        hands.key(Qt.Key.Key_4, CONTROL)
        page = hands.window.pages.page("dashboard")
        qtbot.waitUntil(lambda: page.settled, timeout=20_000)
        return page

    return at_dashboard


def test_an_untouched_project_says_what_is_missing(hands, look):
    page = look(hands)
    assert page.figures[0][0].text() == "12 of 15"
    for plot in (page.clicks, page.agreement, page.errors):
        assert plot.currentWidget() is plot.nothing
        assert plot.nothing.text()


def test_what_was_labelled_is_seen_after_a_second_look(hands, look, qtbot):
    page = look(hands)
    hands.key(Qt.Key.Key_1, CONTROL)
    hands.key(Qt.Key.Key_Return)
    before = page.found
    hands.key(Qt.Key.Key_4, CONTROL)
    qtbot.waitUntil(lambda: page.found is not before and page.settled, timeout=20_000)
    assert page.figures[0][0].text() == "13 of 15"
    assert page.clicks.currentWidget() is page.clicks.drawing


def test_the_first_image_of_all_is_to_be_seen_on_every_plot_of_what_was_done(hands, look):
    hands.key(Qt.Key.Key_Return)
    page = look(hands)
    for plot in (page.progress, page.spent):
        drawn = [item.opts["symbol"] for item in plot.item.listDataItems() if len(item.xData) == 1]
        assert "o" in drawn


def test_what_is_undone_while_it_is_seen_is_seen(hands, look, qtbot):
    hands.key(Qt.Key.Key_Return)
    page = look(hands)
    assert page.figures[0][0].text() == "13 of 15"
    QTest.keyClick(page, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: page.figures[0][0].text() == "12 of 15", timeout=20_000)


def test_f5_reads_again(hands, look, qtbot):
    page = look(hands)
    hands.window.project.flag(hands.open_id, who="ada")
    QTest.keyClick(page, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: page.found.flagged == 1, timeout=20_000)
    assert "1 flagged" in page.figures[3][1].text()


def test_two_people_and_a_training_are_drawn(make_project, open_window, look):
    project = make_project()
    for record in project.instances()[-3:]:
        shape = project.shape(record.id)
        project.add_instance(record.image_id, record.box, shape=shape, who="bob")
    keep_training(ModelLibrary.of(project), "exemplar", 20, 5.0)
    page = look(open_window(project))
    assert page.agreement.currentWidget() is page.agreement.drawing
    assert page.errors.currentWidget() is page.errors.drawing


def test_people_who_accepted_proposals_alone_have_no_agreement(make_project, open_window, look):
    project = make_project(labelled=0, untouched=1)
    [record] = project.instances()
    size = len(project.scheme)
    points = np.arange(2.0 * size).reshape(-1, 2) * 5 + 20
    for who in ("ann", "bob"):
        shape = Shape(points, provenance=[Provenance.INFERRED] * size)
        project.add_instance(record.image_id, record.box, shape=shape, who=who)
    page = look(open_window(project))
    assert page.agreement.currentWidget() is page.agreement.nothing
    assert "untouched" in page.agreement.nothing.text()


def test_every_two_of_three_people_have_their_agreement(make_project, open_window, look):
    """It was that of two of them alone, and progress counted labels without saying so."""
    project = make_project(labelled=0, untouched=1)
    [record] = project.instances()
    size = len(project.scheme)
    points = np.arange(2.0 * size).reshape(-1, 2) * 5 + 20
    for who, shift in (("ann", 0.0), ("bob", 1.0), ("cy", 3.0)):
        project.add_instance(record.image_id, record.box, shape=Shape(points + shift), who=who)
    page = look(open_window(project))
    assert page.figures[0][0].text() == "3 of 4"
    assert "labels of 1 object," in page.figures[0][1].text()
    assert len(page.found.agreements) == 3
    names, values = page.agreement._barred
    assert names[:3] == [f"{one.first} and {one.second}: all" for one in page.found.agreements]
    apart = dict(zip(names[:3], values[:3], strict=True))
    assert apart["ann and cy: all"] == pytest.approx(3 * apart["ann and bob: all"])
    assert len(names) > 3
    said = page.agreement.item.getAxis("bottom").labelText
    assert said == f"apart, NME %; landmarks: {names[0].removesuffix(': all')}"


@pytest.mark.parametrize("finished", [True, False])
def test_where_images_hold_several_objects_these_are_counted(
    make_project, open_window, look, finished
):
    project = make_project()
    record = project.instances()[-1]
    second = project.add_instance(record.image_id, record.box, who="ada")
    if finished:
        shape = project.shape(record.id)
        project.accept(second.id, shape, who="ada", duration=3.0)
    page = look(open_window(project))
    if finished:
        assert page.clicks.item.titleLabel.text == "Clicks an object"
        assert page.seconds.item.getAxis("bottom").labelText == "objects, as accepted"
        assert page.figures[1][1].text() == "an object"
    else:
        assert "<b>Clicks an object</b>" in page.clicks.nothing.text()
        assert page.figures[1][1].text().startswith("clicks an object:")
    assert "too few objects to say" in page.figures[2][1].text()


def test_a_budget_that_is_spent_is_warned_of(make_project, open_window, look):
    from landmark_annotator.projects.store import Plan

    project = make_project()
    project.set_plan(Plan(clicks=1), who="lea")
    project.place(project.instances()[0].id, 0, (1, 2), who="ada")
    page = look(open_window(project))
    assert "The budget is spent" in page.warnings.text()


def test_days_are_written_with_their_month(hands, look):
    axis = look(hands).progress.item.getAxis("bottom")
    day = 24 * 60 * 60.0
    noon = datetime(2026, 3, 7, 12).timestamp()
    assert axis.tickStrings([noon, noon + day], 1.0, day) == ["7 Mar", "8 Mar"]


def test_the_window_starts_without_the_plots():
    window = "landmark_annotator.annotator.gui.window.main_window"
    code = f"import sys, {window} as _; print('pyqtgraph' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_journal_that_cannot_be_read_is_no_longer_waited_for(hands, qtbot, monkeypatch):
    def away(_folder):
        raise ServerAway("The server does not answer.")

    monkeypatch.setattr("landmark_annotator.annotator.gui.pages.dashboard.page.overview", away)
    hands.key(Qt.Key.Key_4, CONTROL)
    qtbot.waitUntil(lambda: hands.window.messages.banner.isVisible(), timeout=20_000)
    assert hands.text == "The journal could not be read: F5 looks again"


@pytest.fixture
def large_letters(qapp):
    themes.apply(qapp, font_scale=200)
    yield
    themes.apply(qapp)


def test_long_figures_in_large_letters_fit_a_small_screen(large_letters, hands, look):
    hands.window.resize(1280, 776)
    page = look(hands)
    texts = ("1,234 of 12,345", "12.4 clicks, 1 min 26 s", "43 h, 123,456 clicks", "801 of 1,234")
    for (figure, _), text in zip(page.figures, texts, strict=True):
        figure.setText(text)
    for _ in range(3):
        QApplication.processEvents()
    assert hands.window.minimumSizeHint().width() <= 1280
    for figure, _ in page.figures:
        assert figure.heightForWidth(figure.width()) <= figure.height()


def test_what_is_expected_in_all_is_not_cut_in_large_letters(
    large_letters, make_project, open_window, look
):
    hands = open_window(make_project(labelled=4, untouched=14))
    hands.window.resize(1280, 776)
    for _ in range(8):
        hands.wait_for()
        hands.click(*hands.free_place())
        hands.key(Qt.Key.Key_Return)
    page = look(hands)
    for _ in range(3):
        QApplication.processEvents()
    items = page.spent.item.vb.scene().items()
    [said] = [one for one in items if isinstance(one, pg.InfLineLabel)]
    plot = page.spent.item.vb.sceneBoundingRect()
    assert said.mapRectToScene(said.boundingRect()).right() <= plot.right()
