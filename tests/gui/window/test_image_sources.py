"""A project whose images lie elsewhere, in the window."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QMessageBox, QStyle, QWidget

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.services.thumbnails import small_image
from landmark_annotator.annotator.gui.start.photographs_page import PhotographsPage
from landmark_annotator.projects.exchange import import_labels
from landmark_annotator.projects.images import source_of
from landmark_annotator.projects.remote import cache, checked, place_of, settings
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import SourceAway
from tests.image_servers import Page, WebServer


def title_fits(window: QWidget) -> bool:
    """Whether its title is not cut beside the icon and three buttons of a window's frame."""
    bold = QFont(window.font())
    bold.setBold(True)
    buttons = 4 * window.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
    return QFontMetrics(bold).horizontalAdvance(window.windowTitle()) + buttons <= window.width()


@pytest.fixture
def project(web: WebServer, sources: Path, tmp_path: Path):
    """Of two images on a web server; somebody else has made it, and nothing is in the cache."""
    for name, colour in (("a", 40), ("b", 90)):
        Image.new("RGB", (120, 90), (colour, 20, 20)).save(tmp_path / f"{name}.png")
        web.pages[f"/{name}.png"] = Page((tmp_path / f"{name}.png").read_bytes())
    web.pages["/list.txt"] = Page(b"a.png\nb.png\n", "text/plain")
    settings.allow([web.address])
    with Project.create(tmp_path / "p", Scheme("dots", ("one", "two", "three"))) as project:
        import_labels(project, place_of(checked(f"{web.address}/list.txt")), who="ada")
        settings.forbid([web.address])
        cache.clear()
        web.asked.clear()
        yield project


def test_nothing_is_fetched_before_somebody_says_so_and_then_it_is(project, web, open_window):
    hands = open_window(project)
    hands.wait_for(Phase.BROKEN)
    assert web.asked == []
    assert "annotator sources --allow" in hands.window.messages.banner.text.text()
    hands.window.messages.banner.followed.emit()
    question = hands.window.image_sources.question
    assert f"{web.address}</b>: 2 images" in question.text()
    assert title_fits(question)
    accept = QMessageBox.ButtonRole.AcceptRole
    [fetch] = [b for b in question.buttons() if question.buttonRole(b) is accept]
    fetch.click()
    hands.wait_for(Phase.BOX)
    assert hands.window.preparation.picture(project.images()[0].id).pixels[0, 0, 0] == 40
    assert settings.allowed() == {web.address}


def test_an_image_whose_server_was_away_is_shown_without_a_gesture(
    project, web, open_window, monkeypatch
):
    monkeypatch.setattr(
        "landmark_annotator.annotator.gui.pages.label.observers.picture_back._EVERY_MS", 10
    )
    settings.allow([web.address])

    def gone(*_given):
        raise SourceAway("Its server cannot be reached.")

    with monkeypatch.context() as away:
        away.setattr("landmark_annotator.projects.remote.fetching._tried", gone)
        hands = open_window(project)
        hands.wait_for(Phase.BROKEN)
        hands.qtbot.wait(50)  # some looks, which change nothing
        assert hands.window.controller.phase is Phase.BROKEN
        assert web.asked == []
        assert hands.window.messages.banner.isVisible()
    hands.wait_for(Phase.BOX)
    assert not hands.window.messages.banner.isVisible()
    hands.qtbot.waitUntil(lambda: not hands.window.picture_back._clock.isActive())


def test_a_small_picture_is_kept_when_its_photograph_has_left_the_cache(project, web, sources):
    settings.allow([web.address])
    source = source_of(project.images()[0])
    first = small_image(source)
    place_of(source.address).unlink()
    web.asked.clear()
    assert small_image(source) == first
    assert (first.width(), first.height()) == (40, 30)
    assert web.asked == []


def test_the_wizard_takes_an_address(qtbot, sources, tmp_path):
    page = PhotographsPage()
    qtbot.addWidget(page, before_close_func=lambda page: page.close_threads())
    page.images.line.setText("s3://bucket/heads")
    page.images.line.editingFinished.emit()
    assert page.images.path == place_of("s3://bucket/heads")
    assert page.name.text() == "heads"
    page.folder.show_path(tmp_path / "made")
    page.check()
    assert settings.allowed() == {"s3://bucket"}


def test_an_unconfirmed_source_is_confirmed_on_the_review_page_too(project, web, open_window):
    box, shape = Box(60, 45, 50, 50), Shape([[40.0, 40.0], [60.0, 40.0], [80.0, 40.0]])
    project.add_instance(project.images()[0].id, box, shape=shape, who="ada")
    hands = open_window(project)
    hands.wait_for(Phase.BROKEN)
    hands.key(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    page, banner = hands.window.pages.page("review"), hands.window.messages.banner
    image = project.images()[0].id
    hands.qtbot.waitUntil(lambda: page.pictures.failure(image) is not None)
    assert banner.isVisible()
    banner.followed.emit()
    question = hands.window.image_sources.question
    accept = QMessageBox.ButtonRole.AcceptRole
    [fetch] = [b for b in question.buttons() if question.buttonRole(b) is accept]
    fetch.click()
    hands.qtbot.waitUntil(lambda: page.pictures.picture(image) is not None)
