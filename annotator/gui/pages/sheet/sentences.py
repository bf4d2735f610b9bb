"""What the sheet says, in plain words: pure text, no Qt."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from landmark_annotator.annotator.session.labelling.deck import IN_ORDER, LEAST_SURE, SUREST
from landmark_annotator.annotator.session.labelling.view import View
from landmark_annotator.projects.store import WaitingCounts
from landmark_annotator.projects.vocabulary.wording import counted

_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

ORDERS = {
    SUREST: "The surest first",
    LEAST_SURE: "The least sure first",
    IN_ORDER: "As in the project",
}


class Standing(Enum):
    """Whether an object is accepted with the others."""

    READY = auto()
    """It is, once it was looked at."""
    COMING = auto()
    """Its photograph or its proposal is on its way."""
    LACKING = auto()
    """There is nothing to accept, or not all of it."""
    BROKEN = auto()
    """There is nothing to see."""
    LEFT_OUT = auto()
    ACCEPTED = auto()


@dataclass(frozen=True)
class Told:
    """What is said of one object."""

    standing: Standing
    text: str

    @property
    def veiled(self) -> bool:
        """Whether it is out of the way: nothing is to be done to it."""
        return self.standing in (Standing.LEFT_OUT, Standing.ACCEPTED)


def told(
    view: View, *, seen: bool, broken: bool, thinks: bool, left_out: str | None, accepted: bool
) -> Told:
    """seen: its photograph is there; broken: it cannot be. thinks: its proposal is on its way.
    left_out: why, None where it is not."""
    if accepted:
        return Told(Standing.ACCEPTED, "\N{CHECK MARK} accepted")
    if left_out is not None:
        return Told(Standing.LEFT_OUT, left_out)
    if broken:
        return Told(Standing.BROKEN, "cannot be shown, so not accepted")
    if not seen:
        return Told(Standing.COMING, f"loading{_ELLIPSIS}")
    if view.instance.box is None:
        return Told(Standing.LACKING, "has no box yet: open it to draw one")
    if thinks and view.backend is None:
        return Told(Standing.COMING, f"thinking{_ELLIPSIS}")
    if not view.complete:
        return Told(Standing.LACKING, _lacking(view))
    error = view.predicted_error
    said = {j for j, mark in enumerate(view.shape.provenance) if mark and mark.is_evidence}
    placed = len(said - view.absent)
    parts = [f"about {error:.1f} % off"] if error is not None else []
    parts += [f"{placed} placed by hand"] if placed else []
    parts += [f"{len(view.suggested)} probably hidden"] if view.suggested else []
    parts += [f"{len(view.marked)} marked as hidden"] if view.marked else []
    beside = len(view.carried - view.absent)
    parts += [f"{beside} hidden as in a frame beside"] if beside else []
    # Where the model puts it there may be nothing, which opened in full can be said.
    parts += [f"the file left out {len(view.left_out)}"] if view.left_out else []
    # The model may have no place for it, and then the photograph shows no sign of it.
    parts += [f"{len(view.absent)} not in the image"] if view.absent else []
    return Told(Standing.READY, ", ".join(parts) or "ready")


def _lacking(view: View) -> str:
    """Why it cannot be accepted here."""
    if not view.shape.known.any():
        return "nothing is proposed yet: open it to label it"
    missing = int((~view.shape.known).sum()) - len(view.absent)
    has = "has" if missing == 1 else "have"
    return f"{counted(missing, 'landmark')} {has} no position yet: open it to label it"


def help_text(keys: Mapping[str, str]) -> str:
    """keys: as `Page.show_keys` is told."""
    return (
        "Click where a wrong landmark belongs, or drag it: the others follow. "
        f"{keys['sheet_accept']} accepts all that are shown. Of the one under the cursor: "
        f"{keys['sheet_leave_out']} leaves it out, {keys['sheet_take_back']} takes back what you "
        f"did, {keys['sheet_flag']} flags it, a double click or {keys['sheet_open']} opens it, "
        f"{keys['sheet_hidden']} marks what is probably hidden ({keys['sheet_all_hidden']}: on "
        f"all), {keys['sheet_left_out']} what the file left out as not in the image "
        f"({keys['sheet_all_left_out']}: on all). "
        f"{keys['sheet_next']} leaves all for later."
    )


def opened_text(keys: Mapping[str, str]) -> str:
    """Of one that was opened in full."""
    back = keys.get("page_sheet", "")
    return f"From the sheet: once it is accepted you are back there; {back} goes back at once."


def end_text(*, some_left: bool, without_box: int, keys: Mapping[str, str]) -> str:
    """After the last sheet. some_left: whether something was left for later. without_box: objects
    that come to no sheet as long as they have none."""
    if some_left:
        return "That was the last sheet: what was left for later begins again."
    if without_box:
        have = "has" if without_box == 1 else "have"
        return (
            f"Nothing with a box is left to look at. {counted(without_box, 'object')} {have} none: "
            f"{keys['propose']} looks for the objects, the label page asks for them."
        )
    return "Everything on the sheets is accepted: there is nothing left to look at."


def prompt_text(standings: list[Standing], keys: Mapping[str, str], wait: float) -> str:
    """wait: seconds until what is ready was looked at for long enough."""
    ready = standings.count(Standing.READY)
    coming = standings.count(Standing.COMING)
    accept = keys["sheet_accept"]
    if not standings:
        return "No object to look at"  # the line above says whether any wait for a box
    if coming:
        return f"{counted(coming, 'object')} still to come{_ELLIPSIS}"
    if not ready:
        return f"Nothing to accept here. {accept} goes on"
    if wait > 0:
        return f"Look at {'it' if ready == 1 else f'all {ready}'}{_ELLIPSIS}"
    return f"{accept} accepts {'this one' if ready == 1 else f'these {ready}'}"


def count_text(waiting: WaitingCounts, order: str, keys: Mapping[str, str], before: int) -> str:
    """How many wait, and what would put them in their order. before: of those that are shown, how
    many were followed through their video before landmarks were placed in it."""
    text = f"{counted(waiting.boxed, 'object')} to look at"
    unknown = waiting.boxed - waiting.foreseen
    if unknown and order != IN_ORDER:
        text += f", {unknown:,} of them last: {keys['propose']} finds out how sure the model is"
    if waiting.without_box:
        text += (
            f"; {waiting.without_box:,} without a box: {keys['propose']} looks for the objects, "
            "the label page asks for them"
        )
    if before:
        were = counted(before, "of these was", "of these were")
        text += f"; {were} followed before landmarks were placed in the video: "
        text += f"{keys['propose']} takes these in"
    return text
