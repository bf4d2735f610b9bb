"""Where an export has its images, as the window asks for it."""

from pathlib import Path

from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.exports.choices import ExportChoices
from landmark_annotator.projects.exchange.transfer.image_files import ImagesAs
from landmark_annotator.projects.vocabulary import Scheme

PAIR = Scheme("pair", ("one", "two"))


def test_names_start_from_a_folder_only_where_images_stay(qtbot) -> None:
    choices = ExportChoices(PAIR, videos=False)
    qtbot.addWidget(choices)
    usual = choices.choice(Path("out.json"))
    row = choices.images.findData(ImagesAs.RELATIVE)
    choices.images.setCurrentIndex(row)
    choices.images.activated.emit(row)
    QTest.keyClicks(choices.root, "/data/heads")
    stay = choices.choice(Path("out.json"))
    choices.images.setCurrentIndex(choices.images.findData(ImagesAs.LINK))
    linked = choices.choice(Path("out.json"))

    assert (usual.images, usual.images_root) == (ImagesAs.MOVABLE, None)
    assert (stay.images, stay.images_root) == (ImagesAs.RELATIVE, Path("/data/heads"))
    assert (linked.images, linked.images_root) == (ImagesAs.LINK, None)
