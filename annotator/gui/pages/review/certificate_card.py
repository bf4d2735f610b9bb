"""How good the accepted shapes are, by checks of shapes drawn at random: what is certain by now,
and the way to the next check."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.pages.asked_first import may
from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.gui.pages.review.demand_sheet import DemandSheet
from landmark_annotator.annotator.gui.style.themes import quiet
from landmark_annotator.annotator.session.review.certification import Certification
from landmark_annotator.annotator.session.review.review_queue import passed_by
from landmark_annotator.annotator.session.review.review_session import Reviewed
from landmark_annotator.projects.certificates import Demand, Standing
from landmark_annotator.projects.store import InstanceState
from landmark_annotator.projects.vocabulary import ActionableError
from landmark_annotator.projects.vocabulary.wording import counted

_BEGIN = "Certify\N{HORIZONTAL ELLIPSIS}"


class CertificateCard(QFrame):
    """Below who placed what. Of what a person says of a drawn shape only the check is its own."""

    drawn = Signal(int)
    """This instance is to be looked at now."""

    def __init__(
        self, certification: Certification, tell: Callable[[ActionableError], None]
    ) -> None:
        super().__init__()
        self.certification = certification
        self._tell = tell
        self._keys: Mapping[str, str] = {}
        self._last: int | None = None
        """The instance whose check was the last one that was needed."""
        self.setAccessibleName("Certificate")
        self.text = quiet(QLabel())
        self.text.setWordWrap(True)
        self.button = QPushButton(_BEGIN)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self.go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 0, 10, 0)
        column.addWidget(self.text)
        column.addWidget(self.button)

    def show_keys(self, keys: Mapping[str, str]) -> None:
        self._keys = keys

    def look(self) -> None:
        """What the checks say by now."""
        found = self.certification.progress
        self.text.setText("" if found is None else _short(found))
        self.text.setVisible(found is not None)
        going = found is not None and not (found.met or found.of_another_scheme)
        self.button.setText("Go on with the drawn shapes" if going else _BEGIN)

    def go_on(self) -> None:
        """To the shape that is drawn; where no batch waits, asks what is to be certain."""
        drawn = self.certification.drawn()
        if drawn is not None:
            self.drawn.emit(drawn)
            return
        if (put_off := self.certification.put_off) is not None:
            self._tell(put_off)
            return
        if may(self.certification.refuse_start, self._tell):
            CertificateSheet(self, self.certification, self.begin, self._keys).open()

    def begin(self, visible: float, share: float, confidence: float) -> None:
        """In percent."""
        try:
            self.certification.refuse_another()
            self.certification.start(
                visible=visible, share=share / 100, confidence=confidence / 100
            )
        except ActionableError as error:
            self._tell(error)
            self.look()
            return
        self.look()
        drawn = self.certification.drawn()
        if drawn is not None:
            self.drawn.emit(drawn)

    def check(self, instance_id: int) -> int | None:
        """The next drawn one, where this one was and has passed; itself, where it was the last."""
        try:
            return self.judge(instance_id)
        except ActionableError as error:  # It was sent back, and stays drawn.
            project = self.certification.project
            if project.instance(instance_id).state is InstanceState.ACCEPTED:
                self._tell(error)
            return None

    def judge(self, instance_id: int) -> int | None:
        """The instance has passed as it now stands. Where it was the drawn one that is its check,
        and the next one drawn is returned; where no more is needed, this one, which stays open:
        what follows in the list is none of the batch. None where it was not drawn."""
        if self.certification.drawn() != instance_id:
            return None
        self.certification.judge(instance_id)
        self.look()
        drawn = self.certification.drawn()
        self._last = instance_id if drawn is None else None
        return instance_id if drawn is None else drawn

    def done_with(self, seen: Reviewed | None, note: Callable[[str], None]) -> bool:
        """Whether this one was the last check, or somebody has let it pass and it is not drawn, and
        so is not to pass once more: that is noted. Whoever passes one after the other would pass
        one that was never drawn behind it."""
        if seen is None:
            return False
        if seen.record.id != self._last:
            who = passed_by(self.certification.project, seen)
            if not who or self.certification.drawn() == seen.record.id:
                return False
            note(f"{who} has let this one pass already: nothing more is stored.")
            return True
        found = self.certification.progress
        done = "The batch is certified" if found is not None and found.met else "All are checked"
        note(f"{done}. {self._keys['review_next']} goes on, where more waits for a review.")
        return True

    def hear(self, change: Change) -> None:
        """A pass that was taken back is no check any more."""
        if Kind.STORED in change.kinds and change.instances:
            self._last = None if self._last in change.instances else self._last
            self.certification.look_again(change.instances)
            self.look()


class CertificateSheet(DemandSheet):
    """What is to be certain, and how many shapes that takes."""

    def __init__(
        self,
        parent: QWidget,
        certification: Certification,
        done: Callable[[float, float, float], object],
        keys: Mapping[str, str],
    ) -> None:
        self._keys = keys
        self._total = certification.accepted
        divisor = certification.project.scheme.divisor
        super().__init__(parent, "Certify the accepted shapes", divisor, done)

    @override
    def look(self) -> None:
        _, share, confidence = self.values
        demand = Demand(share / 100, confidence / 100)
        if self._total == 0:
            self.say("No shape is accepted yet.", enough=False)
            return
        needed, more = demand.checks(self._total), demand.checks(self._total, 1)
        if needed == self._total:
            said = f"{counted(needed, 'accepted shape is', 'accepted shapes are')} to be checked, "
            said += "which is all of them: fewer would not make it certain."
        else:
            said = (
                f"Of {counted(self._total, 'accepted shape')} {counted(needed, 'is', 'are')} to be "
                f"checked if none of them is wrong, {more:,} if one is."
            )
        self.say(
            f"{said} They are drawn at random; pass each ({self._keys['review_accept']}), or "
            f"correct it first ({self._keys['review_correct']}).",
            enough=True,
        )


def _short(found: Standing) -> str:
    """For a narrow place; the data sheet has all of it."""
    if found.of_another_scheme:
        return "The landmarks have changed since shapes were checked: nothing is certified."
    asked = found.certificate
    claim = (
        f"at most {found.allowed:,} of {found.total:,} visibly off by more than "
        f"{asked.visible:g} % ({100 * asked.confidence:g} % confidence)"
    )
    done = f"{found.checked:,} checked, {found.wrong:,} wrong{found.said_of_replaced}"
    if found.met:
        return f"Certified: {claim}; {done}. Shapes changed or accepted since are not covered."
    return f"Not certified yet: {claim}; {done}, {found.left:,} more if none is wrong."
