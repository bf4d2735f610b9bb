"""What a person has to say of labels that are to be imported: their landmarks, images, people."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QLineEdit,
    QWidget,
)

from landmark_annotator.annotator.gui.widgets.mapping_choice import MappingChoice
from landmark_annotator.annotator.gui.widgets.path_line import VIDEO_FILES, PathLine
from landmark_annotator.annotator.session.setup.import_preview import ImportChoice, fitting_mappings
from landmark_annotator.projects.vocabulary import Scheme


class ImportChoices(QWidget):
    """All as usual, until somebody says otherwise."""

    changed = Signal()

    def __init__(self, scheme: Scheme) -> None:
        super().__init__()
        self.landmarks = MappingChoice(scheme, fitting_mappings(scheme))
        self.landmarks.setAccessibleName("Which landmarks the labels have")
        self.images = PathLine(
            "Their folder or video, where it is not beside the labels",
            folder=True,
            files=VIDEO_FILES,
        )
        self.annotator = QLineEdit()
        self.annotator.setAccessibleName("Whose rows to take of a table with several people")
        self.annotator.setPlaceholderText("Of a table with several people: everybody's")
        self.proposals = QCheckBox("P&redictions: somebody confirms them first")
        self.proposals.setToolTip(
            "What another program predicted is proposed, and trains nothing until it is accepted"
        )
        rows = QFormLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        rows.addRow("La&ndmarks:", self.landmarks)
        rows.addRow("Ima&ges:", self.images)
        rows.addRow("&Whose:", self.annotator)
        rows.addRow("", self.proposals)
        self.landmarks.changed.connect(self.changed)
        self.images.changed.connect(self.changed)
        self.annotator.editingFinished.connect(self.changed)
        self.proposals.toggled.connect(self._take_proposals)

    @property
    def choice(self) -> ImportChoice:
        proposals = self.proposals.isChecked()
        annotator = self.annotator.text().strip() or None
        return ImportChoice(
            self.landmarks.mapping, self.images.path, None if proposals else annotator, proposals
        )

    def _take_proposals(self, proposals: bool) -> None:
        # A prediction is nobody's.
        self.annotator.setEnabled(not proposals)
        self.changed.emit()
