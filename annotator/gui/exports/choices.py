"""What a person has to say of an export: the format, which labels, in which parts."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from landmark_annotator.annotator.gui.widgets.mapping_choice import MappingChoice
from landmark_annotator.annotator.session.exchange.export_choice import ExportChoice
from landmark_annotator.annotator.session.setup.import_preview import fitting_mappings
from landmark_annotator.projects.exchange import Format, by_name, formats
from landmark_annotator.projects.exchange.splits import BY_FOLDER
from landmark_annotator.projects.exchange.transfer.image_files import ImagesAs
from landmark_annotator.projects.vocabulary import Scheme

_ALIKE = "\N{BULLET}"
"""Stands for a pattern that is still to be typed."""
_IMAGES = {
    ImagesAs.MOVABLE: "So that the export can be moved: copied where they are elsewhere",
    ImagesAs.COPY: "All copied into the export",
    ImagesAs.LINK: "All linked into the export, which takes no room",
    ImagesAs.RELATIVE: "Named where they are, by the way there from the export",
    ImagesAs.ABSOLUTE: "Named where they are, by their whole path",
}
_USUAL_SHARES = "80/10/10"
_HOW_TOGETHER = "Each person's labels weigh by how well that person places each landmark"


class ExportChoices(QWidget):
    """All as usual, until somebody says otherwise: COCO, accepted shapes, no split."""

    changed = Signal()
    format_chosen = Signal()

    def __init__(self, scheme: Scheme, videos: bool, people: Sequence[str] = ()) -> None:
        """videos: whether frames of videos are among what there is. people: who has labelled."""
        super().__init__()
        self._videos = videos
        self.whose = QComboBox()
        self.whose.setAccessibleName("Whose labels are written")
        self.whose.addItem("Everybody's, each as it is")
        self.whose.addItem("One shape an object, from all people's labels")
        self.whose.setItemData(1, _HOW_TOGETHER, Qt.ItemDataRole.ToolTipRole)
        self.whose.addItems([f"Only those of {person}" for person in people])
        self._people = tuple(people)
        self.format = QComboBox()
        self.format.setAccessibleName("Format of the export")
        for card in formats():
            if card.writer is not None:
                self.format.addItem(f"{card.name}: {card.title}", card.name)
        self.format.setCurrentIndex(self.format.findData("coco"))
        self.landmarks = MappingChoice(scheme, fitting_mappings(scheme))
        self.landmarks.setAccessibleName("Which landmarks are written")
        self.all_labels = QCheckBox("&Also shapes that are not accepted yet")
        self.frames = QCheckBox("F&rames of videos as PNG files")
        self.frames.setToolTip("Label files name images: labelled frames are written beside them")
        self._frames_said = False
        """Whether somebody has said if frames are to be written as files."""
        self.frames.clicked.connect(self._keep_frames)
        self.images = QComboBox()
        self.images.setAccessibleName("Where the export has its images")
        for how, words in _IMAGES.items():
            self.images.addItem(words, how)
        self.root = QLineEdit()
        self.root.setAccessibleName("Folder that image names start from")
        self.root.setPlaceholderText("names start from the export")
        self.root.setToolTip("A folder that holds all images, for programs that ask for one")
        self.split = QCheckBox("&Split into parts:")
        self.split.setToolTip("One export each for training, validation and test")
        self.shares = QLineEdit(_USUAL_SHARES)
        self.shares.setAccessibleName("Percentages of train, validation and test")
        self.shares.setToolTip("Two or three percentages: 90/10 is train and test")
        self.seed = QSpinBox()
        self.seed.setAccessibleName("Seed of the split")
        self.seed.setToolTip("The same seed gives the same parts")
        self.seed.setRange(0, 2**31 - 1)
        self.group = QComboBox()
        self.group.setAccessibleName("Images that stay together")
        self.group.addItem("Each image by itself; frames of a video together", None)
        self.group.addItem("Images of a folder stay together", BY_FOLDER)
        self.group.addItem("Images alike in this part of their path:", _ALIKE)
        self.pattern = QLineEdit()
        self.pattern.setAccessibleName("Regular expression for the part that is alike")
        self.pattern.setPlaceholderText(r"(.+)_\d+")
        self._compose()
        self._suit_frames()
        self.format.activated.connect(self._take_format)
        self.landmarks.changed.connect(self.changed)
        for box in (self.all_labels, self.frames, self.split):
            box.toggled.connect(self._take)
        self.group.activated.connect(self._take)
        self.whose.activated.connect(self._take)
        self.seed.valueChanged.connect(self._take)
        self.images.activated.connect(self._take)
        for line in (self.shares, self.pattern, self.root):
            line.editingFinished.connect(self._take)
        self._show_what_can()

    def _compose(self) -> None:
        parts = QHBoxLayout()
        seed = QLabel("see&d")
        seed.setBuddy(self.seed)
        for widget, share in ((self.split, 0), (self.shares, 1), (seed, 0), (self.seed, 0)):
            parts.addWidget(widget, share)
        together = QHBoxLayout()
        together.addWidget(self.group, 3)
        together.addWidget(self.pattern, 1)
        pictures = QHBoxLayout()
        pictures.addWidget(self.images, 3)
        pictures.addWidget(self.root, 2)
        rows = QFormLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        rows.addRow("&Format:", self.format)
        rows.addRow("Land&marks:", self.landmarks)
        rows.addRow("&Whose labels:", self.whose)
        rows.setRowVisible(self.whose, len(self._people) > 1)
        rows.addRow("", self.all_labels)
        rows.addRow("", self.frames)
        rows.setRowVisible(self.frames, self._videos)
        # Of a row that holds several fields nobody else says whose the key is.
        of_images = QLabel("&Images:")
        of_images.setBuddy(self.images)
        rows.addRow(of_images, pictures)
        rows.addRow("", parts)
        rows.addRow("", together)
        for combo in (self.format, self.landmarks, self.whose, self.images, self.group):
            # Else the longest entry sets how narrow the window may be.
            combo.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            combo.setMinimumContentsLength(24)
            combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def card(self) -> Format:
        return by_name(self.format.currentData())

    def choice(self, target: Path) -> ExportChoice:
        split, group = self.split.isChecked(), self.group.currentData()
        if group == _ALIKE:
            group = self.pattern.text().strip() or None
        row = self.whose.currentIndex()
        images, root = self.images.currentData(), self.root.text().strip()
        named = images == ImagesAs.RELATIVE and root
        return ExportChoice(
            format=self.card.name,
            target=target,
            mapping=self.landmarks.mapping,
            shares=self.shares.text().strip() if split else None,
            group=group if split else None,
            seed=self.seed.value() if split else 0,
            all_labels=self.all_labels.isChecked(),
            frames=self.frames.isChecked(),
            annotator=self._people[row - 2] if row > 1 else None,
            consensus=row == 1,
            images=ImagesAs(images),
            images_root=Path(root).expanduser() if named else None,
        )

    def _keep_frames(self) -> None:
        self._frames_said = True

    def _suit_frames(self) -> None:
        """A format that cannot name frames needs their pictures: without them it only refuses."""
        if self._videos and not self._frames_said:
            self.frames.setChecked(not self.card.frames)

    def _take_format(self) -> None:
        self.frames.blockSignals(True)  # what is chosen by then is told of once
        self._suit_frames()
        self.frames.blockSignals(False)
        self.format_chosen.emit()
        self.changed.emit()

    def _take(self) -> None:
        self._show_what_can()
        self.changed.emit()

    def _show_what_can(self) -> None:
        split = self.split.isChecked()
        for widget in (self.shares, self.seed, self.group):
            widget.setEnabled(split)
        self.root.setVisible(self.images.currentData() == ImagesAs.RELATIVE)
        self.pattern.setVisible(self.group.currentData() == _ALIKE)
        self.pattern.setEnabled(split)
