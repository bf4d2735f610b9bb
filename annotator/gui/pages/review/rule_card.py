"""Accepting by rule what is safe: off until a lead asks for it, and nothing without a second yes.

First it says what a rule would accept and at what risk; then a person checks proposals drawn at
random on the label page; once they certify the rest, it is accepted as one step for undo.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QMessageBox, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.pages.asked_first import may
from landmark_annotator.annotator.gui.pages.review.demand_sheet import DemandSheet
from landmark_annotator.annotator.gui.services.background_job import BackgroundJob
from landmark_annotator.annotator.gui.style.themes import quiet
from landmark_annotator.annotator.session.review.acceptance_rule import (
    AFTER_GIVING_UP,
    AcceptanceRule,
    Offer,
    rule_offer,
    said_of_replaced,
)
from landmark_annotator.projects.certificates import Demand, Standing
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import ActionableError, Progress
from landmark_annotator.projects.vocabulary.wording import counted

_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_BEGIN = f"Accept by rule{_ELLIPSIS}"
_SAFE = "proposal that waits and is safe", "proposals that wait and are safe"
_DRAWN = "drawn at random is", "drawn at random are"
_OF_ALL = "of all is", "of all are"


class RuleCard(QFrame):
    drawn = Signal(int)
    """This instance is to be looked at and accepted now, mended or not."""
    applied = Signal(int)
    """So many shapes were accepted by rule."""

    def __init__(
        self, rule: AcceptanceRule, folder: Path, tell: Callable[[Exception], None]
    ) -> None:
        """folder: of the project, which is read beside the window."""
        super().__init__()
        self.rule = rule
        self._folder, self._tell = folder, tell
        self.job = BackgroundJob("Looking for proposals that are safe", self)
        """Of the sheet that is open."""
        self.job.failed.connect(self._fail)
        self.sheet: RuleSheet | None = None
        self.yes: QPushButton | None = None
        """What accepts the rest, while that is asked."""
        self.setAccessibleName("Accepting by rule")
        self.text = quiet(QLabel())
        self.text.setWordWrap(True)
        self.button = QPushButton(_BEGIN)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self.go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 0, 10, 0)
        column.addWidget(self.text)
        column.addWidget(self.button)
        self.give_up = QPushButton("Give up these checks")
        self.give_up.setToolTip("No rule accepts by them; what was checked stays accepted")
        self.give_up.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.give_up.clicked.connect(self._give_up)
        column.addWidget(self.give_up)

    def look(self) -> None:
        """What the checks say by now."""
        found = self.rule.progress
        done = self.rule.is_done
        self.text.setText("" if found is None else _short(found, done=done))
        self.give_up.setVisible(not (found is None or found.of_another_scheme or done))
        self.text.setVisible(found is not None)
        going = found is not None and not (found.met or found.of_another_scheme)
        self.button.setText("Go on with the drawn proposals" if going else _BEGIN)

    def go_on(self) -> None:
        """To the proposal that is drawn, whose check is that somebody accepts it; where checks are
        enough, asks whether the rest is to be accepted; else what is to be certain."""
        try:
            drawn = self._checked()
            found = self.rule.progress
            met = found is not None and found.met and not found.of_another_scheme
            left = self.rule.rest() if met else None
        except ActionableError as error:
            self._tell(error)
            return
        self.look()
        rest, others = (0, 0) if left is None else (len(left.shapes), left.replaced)
        if others and not rest:
            self.text.setText(
                f"The checks were enough, but nothing is accepted: {said_of_replaced(others)}"
            )
        if drawn is not None:
            self.drawn.emit(drawn)
        elif rest and found is not None:
            self._ask(found, rest, others)
        elif self.sheet is None and may(self.rule.refuse_start, self._tell):
            divisor = self.rule.project.scheme.divisor
            self.sheet = RuleSheet(self, divisor, self.begin, self._look_for)
            self.sheet.finished.connect(self._forget)
            self.sheet.open()

    def _checked(self) -> int | None:
        """The drawn proposal that nobody has accepted yet, once all that were are judged."""
        drawn = self.rule.drawn()
        project = self.rule.project
        while drawn is not None and project.instance(drawn).state is InstanceState.ACCEPTED:
            self.rule.judge()
            drawn = self.rule.drawn()
        return drawn

    def _give_up(self) -> None:
        try:
            found = self.rule.give_up()
        except ActionableError as error:
            self._tell(error)
            return
        self.look()
        stay = "" if not found.checked else f"what was checked ({found.checked:,}) stays accepted, "
        self.text.setText(f"Given up: {stay}{AFTER_GIVING_UP}")
        self.text.show()

    def begin(self, visible: float, share: float, confidence: float) -> None:
        """In percent."""
        try:
            self.rule.refuse_another()
            self.rule.start(visible=visible, share=share / 100, confidence=confidence / 100)
        except ActionableError as error:
            self._tell(error)
            self.look()
            return
        self.go_on()

    def _look_for(self, visible: float, share: float) -> None:
        def show(offer: Offer) -> None:
            if self.sheet is not None:
                self.sheet.show_offer(offer)

        self.job.begin(partial(_offered, self._folder, visible, share / 100), show)

    def _fail(self, error: Exception) -> None:
        if self.sheet is not None and isinstance(error, ActionableError):
            self.sheet.say(str(error), enough=False)
        else:
            self._tell(error)

    def _forget(self) -> None:
        self.sheet = None
        self.job.cancel()

    def _ask(self, found: Standing, rest: int, others: int) -> None:
        """The last word is a person's."""
        asking = QMessageBox(self)
        asking.setWindowTitle("Accept by rule")
        asking.setText(
            f"Accept {counted(rest, 'proposal')} that nobody has looked at? One undo takes all of "
            "them back."
        )
        asking.setInformativeText(f"{found.sentence} {said_of_replaced(others)}".rstrip())
        role = QMessageBox.ButtonRole
        self.yes = asking.addButton(f"&Accept {rest:,} by rule", role.AcceptRole)
        asking.setDefaultButton(asking.addButton("&Not now", role.RejectRole))
        self.yes.clicked.connect(self._apply)
        asking.finished.connect(asking.deleteLater)
        asking.open()

    def _apply(self) -> None:
        try:
            count = self.rule.apply()
        except ActionableError as error:
            self._tell(error)
            return
        self.look()
        self.applied.emit(count)


class RuleSheet(DemandSheet):
    """What a rule would accept, and at what risk."""

    def __init__(
        self,
        parent: QWidget,
        divisor: str,
        done: Callable[[float, float, float], object],
        wanted: Callable[[float, float], object],
    ) -> None:
        """divisor: of the scheme. wanted: asks for an offer for this visible error and share, in
        percent; it is given to `show_offer`, unless another was asked for meanwhile."""
        self._wanted = wanted
        self._offer: tuple[float, float, Offer] | None = None
        super().__init__(parent, "Accept by rule", divisor, done)

    @override
    def look(self) -> None:
        visible, share, confidence = self.values
        if self._offer is None or self._offer[:2] != (visible, share):
            self.say(f"Looking at what people made of proposals{_ELLIPSIS}", enough=False)
            self._wanted(visible, share)
            return
        offer = self._offer[2]
        if not offer.count:
            none = "" if offer.safe.threshold is None else " None of those that wait is."
            self.say(offer.safe.sentence + none, enough=False)
            return
        demand = Demand(share / 100, confidence / 100)
        needed, more = demand.checks(offer.count), demand.checks(offer.count, 1)
        self.say(
            f"{offer.safe.sentence} Of {counted(offer.count, *_SAFE)}, "
            f"{counted(needed, *_DRAWN)} to be checked if none of them is wrong, {more:,} if "
            f"one is. Then the rest can be accepted by rule: with {confidence:g} % confidence at "
            f"most {counted(demand.allowed(offer.count), *_OF_ALL)} visibly off by more than "
            f"{visible:g} %. Nothing is accepted before you say so once more.",
            enough=True,
        )

    def show_offer(self, offer: Offer) -> None:
        visible, share, _ = self.values
        self._offer = visible, share, offer
        self.look()


def _offered(folder: Path, visible: float, share: float, progress: Progress) -> Offer:
    # A project of its own: the window's is used from the window's thread only.
    with Project.open(folder, read_only=True) as project:
        return rule_offer(project, visible, share)


def _short(found: Standing, *, done: bool) -> str:
    """For a narrow place; the data sheet has all of it. done: nothing is left to accept."""
    if found.of_another_scheme:
        return "The landmarks have changed since proposals were checked: none is accepted by rule."
    asked = found.certificate
    claim = (
        f"at most {found.allowed:,} of {counted(found.total, 'safe proposal')} visibly off by more "
        f"than {asked.visible:g} % ({100 * asked.confidence:g} % confidence)"
    )
    checks = f"{found.checked:,} checked, {found.wrong:,} wrong"
    if found.replaced:
        checks += f" ({found.replaced:,} of them as their proposals had been replaced)"
    if found.met:
        may = "Nothing is left to accept by rule" if done else "A rule may accept the rest"
        return f"{may}: {claim}; {checks}."
    return (
        f"No rule yet: {claim}; {checks}, {found.left:,} more if none is wrong. Accept the drawn "
        "one on the label page, mended or not, then go on here. Until this is done or given up, "
        f"{'it stays' if found.total == 1 else f'all {found.total:,} stay'} proposed as drawn."
    )
