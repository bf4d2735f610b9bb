"""Small pictures in the list: made in the background, for what is on the screen."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from landmark_annotator.annotator.gui.pages.label.panels.image_list import NAME
from landmark_annotator.annotator.gui.services import thumbnails
from landmark_annotator.annotator.gui.services.thumbnails import SIZE, Thumbnails, small_image
from landmark_annotator.projects.images import Still, large
from landmark_annotator.projects.vocabulary.errors import ImageError


@pytest.fixture
def files(tmp_path):
    """Ninety images, each of one grey, by id."""
    found = {}
    for number in range(90):
        found[number] = Still(tmp_path / f"{number}.png")
        Image.new("L", (80, 40), number).save(found[number].path)
    return found


def test_the_list_shows_a_picture_of_each_image(hands):
    model = hands.window.label_page.list_model
    index = model.index(0, NAME)

    def picture():
        return model.data(index, Qt.ItemDataRole.DecorationRole)

    before = model.index(1, NAME).data(Qt.ItemDataRole.DecorationRole)
    assert before.size() == SIZE
    middle = SIZE.width() // 2, SIZE.height() // 2
    hands.qtbot.waitUntil(lambda: picture().toImage().pixelColor(*middle).alpha() == 255)
    assert picture().size() == SIZE


def test_a_file_that_was_put_back_is_seen_when_the_user_comes_back(files, qtbot):
    content = files[7].path.read_bytes()
    files[7].path.unlink()
    made = Thumbnails(files.__getitem__)
    with qtbot.waitSignal(made.ready):
        assert made.picture(7) is None
    files[7].path.write_bytes(content)
    assert made.picture(7) is None
    application = QGuiApplication.instance()
    application.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert made.picture(7) is None
    application.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    with qtbot.waitSignal(made.ready):
        assert made.picture(7) is None
    assert made.picture(7) is not None
    made.close()


def test_a_file_that_was_put_back_is_seen_once_an_image_is_opened(hands):
    page = hands.window.label_page
    thumbnails, image_id = page.thumbnails, 1
    thumbnails._keep(image_id, None)
    page.preparation.picture_ready.emit(image_id)
    hands.qtbot.waitUntil(lambda: thumbnails.picture(image_id) is not None)


def test_it_keeps_its_proportions_and_is_small(files):
    image = small_image(files[7])
    assert (image.width(), image.height()) == (SIZE.width(), 20)
    assert image.pixelColor(5, 5).red() == 7


def test_it_is_upright_as_the_photograph_is(tmp_path):
    pixels = np.zeros((40, 80, 3), np.uint8)
    pixels[:, :40] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise to see it upright
    Image.fromarray(pixels).save(tmp_path / "turned.jpg", exif=exif, quality=95)
    image = small_image(Still(tmp_path / "turned.jpg"))
    assert image.height() > image.width()
    assert image.height() == SIZE.height()
    assert image.pixelColor(7, 3).red() > 200
    assert image.pixelColor(7, 26).red() < 50


def test_of_a_very_large_image_no_more_is_decoded_than_it_shows(tmp_path, monkeypatch):
    monkeypatch.setattr(thumbnails, "MAX_PIXELS", 1_000_000)
    monkeypatch.setattr(large, "large_pixels", None)
    Image.linear_gradient("L").resize((1200, 900)).save(tmp_path / "a.tif")
    image = small_image(Still(tmp_path / "a.tif"))
    assert image.size() == SIZE
    assert abs(image.pixelColor(20, 15).red() - 128) < 8


def test_formats_that_qt_does_not_know_are_read_too(tmp_path):
    depth = np.linspace(0, 65535, 40 * 80).reshape(40, 80).astype(np.uint16)
    Image.fromarray(depth).save(tmp_path / "deep.tif")
    assert small_image(Still(tmp_path / "deep.tif")).width() == SIZE.width()


def test_of_12_bits_in_16_it_is_as_bright_as_on_the_canvas(tmp_path):
    steps = np.linspace(0, 4095, 80 * 60).reshape(60, 80).astype(np.uint16)
    Image.fromarray(steps).save(tmp_path / "x-ray.png")
    small = small_image(Still(tmp_path / "x-ray.png"))
    assert small.pixelColor(0, 0).lightness() < 30
    assert small.pixelColor(small.width() - 1, small.height() - 1).lightness() > 225


def test_a_damaged_file_is_an_image_error_and_the_list_goes_without(tmp_path, qtbot):
    path = tmp_path / "damaged.png"
    path.write_bytes(b"nothing")
    with pytest.raises(ImageError):
        small_image(Still(path))
    listed = Thumbnails({1: Still(path)}.__getitem__)
    with qtbot.waitSignal(listed.ready):
        listed.picture(1)
    assert listed.picture(1) is None
    listed.close()


def test_of_many_requests_the_newest_are_answered(files, qtbot):
    listed = Thumbnails(files.__getitem__)
    made = []
    listed.ready.connect(made.append)
    for number in files:
        listed.picture(number)
    qtbot.waitUntil(lambda: 89 in made)
    assert listed.picture(89) is not None
    assert len(made) < len(files)
    listed.close()


def test_what_was_asked_for_last_is_made_first(qtbot, files):
    """Who jumps through a video sees other rows at once; those before may be far away in it."""
    made, order = Thumbnails(files.__getitem__), []
    made.ready.connect(order.append)
    for number in range(12):
        made.picture(number)
    qtbot.waitUntil(lambda: len(order) == 12)
    assert order == [0, *range(11, 0, -1)]
    made.close()
