"""Where the box of an object comes from, without which nothing is proposed."""

from PySide6.QtWidgets import QLabel, QRadioButton, QVBoxLayout

from landmark_annotator.annotator.gui.start.wizard_page import WizardPage
from landmark_annotator.annotator.gui.style.themes import quiet

_WAYS = (
    (
        "whole",
        "The &whole image",
        "Each photograph shows one object that fills it, as cropped faces do.",
    ),
    (
        "labels",
        "From the &labels that I import",
        "Their own boxes, or the square round their landmarks; the other images by hand.",
    ),
    (
        "drawn",
        "&Drawn, image by image",
        "Drag it round each object. Right for several objects in an image.",
    ),
    (
        "clicks",
        "Two &clicks, image by image",
        "On two landmarks that the window names, once a few shapes are labelled; the first ones "
        "need a box that is drawn.",
    ),
)


class BoxesPage(WizardPage):
    def __init__(self) -> None:
        super().__init__(
            "Boxes",
            "Every object has a box; the model looks for the landmarks in and around it. Labels "
            "that you import always bring their own.",
        )
        self.ways: dict[str, QRadioButton] = {}
        for way, title, told in _WAYS:
            button = QRadioButton(title)
            text = quiet(QLabel(told))
            text.setWordWrap(True)
            button.setAccessibleDescription(told)
            inner = QVBoxLayout()
            inner.setContentsMargins(24, 0, 0, 8)
            inner.addWidget(text)
            self.column.addWidget(button)
            self.column.addLayout(inner)
            self.ways[way] = button
        self.note = quiet(
            QLabel(
                "By hand, dragging and two clicks both work on every image, whichever you choose "
                "here. What the program finds by itself, faces at once and other objects from a "
                "dozen labelled ones on, needs neither."
            )
        )
        self.note.setWordWrap(True)
        self.column.addWidget(self.note)
        self.column.addStretch()
        self.ways["drawn"].setChecked(True)
        self.setFocusProxy(self.ways["drawn"])

    @property
    def whole_images(self) -> bool:
        return self.ways["whole"].isChecked()
