"""What the store hands out: plain frozen values that stay valid after the project is closed."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Self

from landmark_annotator.projects.vocabulary import Box, Provenance
from landmark_annotator.projects.vocabulary.arguments import member
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import NewerProject

Point = tuple[float, float]
"""(x, y) in image pixels."""


class InstanceState(StrEnum):
    """How far the labelling of an instance has come."""

    UNTOUCHED = "untouched"
    """Nothing is stored of any landmark."""
    STARTED = "started"
    """Some landmarks are stored; the shape has not been accepted."""
    ACCEPTED = "accepted"
    """A person has said of the whole shape that it is right, or it was imported complete."""

    @classmethod
    def named(cls, state: str) -> Self:
        """The state, by its text too. Raises ActionableError."""
        return member(cls, state, "state of an instance")


STATE_BY_VALUE = {state.value: state for state in InstanceState}
"""As a column holds it: of hundreds of thousands at once the enumeration itself is slow to tell."""
BY_ITSELF = "finder"
"""Who has found what nobody asked for, in the journal: undo takes back what people did."""


class ActionKind(StrEnum):
    """What a journal entry is about."""

    CLICK = "click"
    CONFIRM = "confirm"
    VISIBILITY = "visibility"
    CLEAR = "clear"
    BOX = "box"
    RESHAPE = "reshape"
    """The whole shape was replaced: taken back, or left and right swapped."""
    ACCEPT = "accept"
    SHEET = "sheet"
    """Shapes were accepted at one look at many of them: an entry for each, all with one time of
    day."""
    IMAGE = "image"
    """All shapes of an image that was open were accepted together: likewise."""
    REOPEN = "reopen"
    """Only in the journals of earlier versions: a review that sends a shape back reopens it now."""
    IMPORT = "import"
    FILE = "file"
    """A file or folder of labels is imported: what it brings are IMPORT entries that name this."""
    TAKE_BACK = "take back"
    """What an import brought, and nobody has changed since, went again: an entry an instance, all
    with one time of day."""
    FLAG = "flag"
    RESOLVE = "resolve"
    REVIEW = "review"
    FILL = "fill"
    """A model placed what nobody had placed: an entry an instance, all with one time of day."""
    FIND = "find"
    """A model found where objects are: an entry for each box, all with one time of day."""
    RULE = "rule"
    """A rule accepted what a model proposed: an entry an instance, all with one time of day."""
    SCHEME = "scheme"
    """The scheme was changed: an entry for every shape that this reopened, and one without an
    instance, all with one time of day."""
    EXCLUDE = "exclude"
    """Images or instances were left out of all that counts: an entry each, all with one time of
    day."""
    RESTORE = "restore"
    """They count again; entries as for EXCLUDE."""
    MASK = "mask"
    """Masks of regions were drawn, corrected or taken away."""
    MASKS = "masks"
    """Masks came from a file to instances that were there: an entry each, all with one time of
    day."""
    BOXES = "boxes"
    """Boxes came from a file to instances that were there, each of which had none, or all of its
    image for one: an entry each, all with one time of day."""
    SUGGESTION = "suggestion"
    """All landmarks that a model took to be hidden were marked so at once, or no longer: an entry
    an instance, all with one time of day. So it is of what a person said of one landmark in many
    frames at once, which the entries name. What is said of single ones is VISIBILITY."""
    TRACK = "track"
    """Tracks came, went, or changed their names or instances: one entry for all of it."""
    SCALE = "scale"
    """Somebody said what a pixel measures: an entry for each image, one without an image for all
    others, all with one time of day."""
    REFUSED = "refused"
    """An action on what somebody else had changed meanwhile: kept here, and nowhere else."""
    UNDO = "undo"
    REDO = "redo"

    @classmethod
    def stored(cls, kind: str) -> "ActionKind":
        """As a journal has it. Raises NewerProject where this version does not know it: later ones
        add kinds without another schema."""
        known = _KIND_BY_VALUE.get(kind)
        if known is None:
            raise unknown(f"an action of the kind {kind!a:.40}")
        return known

    @property
    def accepts(self) -> bool:
        """Whether a person has said of a whole shape that it is right, in whatever way."""
        return self in (ActionKind.ACCEPT, ActionKind.SHEET, ActionKind.IMAGE)

    @property
    def makes_labels(self) -> bool:
        """Whether the labels of an instance are of the person who did it."""
        return self.accepts or self is ActionKind.IMPORT


_KIND_BY_VALUE = {kind.value: kind for kind in ActionKind}


def unknown(what: str) -> NewerProject:
    """what: the project has in its store, though its schema is one that this version knows. It is
    no damage: a backup that was restored for it would take away all that came since."""
    return NewerProject(
        f"The project holds what this version of the program does not know: {what}. A newer "
        "version has worked on it.",
        kept="Nothing was changed, and nothing is damaged by that.",
        remedy="Update this program: pip install --upgrade landmark-annotator.",
    )


BESIDE = (ActionKind.FLAG, ActionKind.RESOLVE, ActionKind.REFUSED)
"""Kinds that leave the shape as it is, and say nothing of whether it is right."""


@dataclass(frozen=True)
class Exclusion:
    """Somebody said that an image or instance is to be left out of every count and export."""

    why: str
    who: str
    at: datetime


@dataclass(frozen=True)
class VideoRecord:
    """path is absolute; frame_rate: frames a second on average, None where it was not said."""

    id: int
    path: Path
    sha256: str
    frame_rate: float | None


@dataclass(frozen=True)
class ImageRecord:
    """path is absolute, of the image or of the video that it is a frame of; width and height are
    those of the upright image in pixels.

    position orders the images of a project. frame: counted from 0; it and video_id are None for a
    still. excluded: None where it counts. address: of an image that lies elsewhere, whose path is
    the place of its copy in the cache of this machine; else None.
    """

    id: int
    path: Path
    sha256: str
    width: int
    height: int
    position: int
    video_id: int | None = None
    frame: int | None = None
    excluded: Exclusion | None = None
    address: str | None = None


@dataclass(frozen=True)
class InstanceRecord:
    """One object in one image.

    source: the entry of the label file that it came from, e.g. "helen/img_1.pts#0".
    second_opinion_on: the id of the instance of the same object that another person labelled.
    predicted_error: in % of the scheme's normaliser, None where never predicted. excluded: the
    instance itself; it counts no more either where its image was. track_id: of which track, None
    of none.
    """

    id: int
    image_id: int
    box: Box | None
    state: InstanceState
    source: str | None = None
    predicted_error: float | None = None
    second_opinion_on: int | None = None
    excluded: Exclusion | None = None
    track_id: int | None = None


class Verdict(StrEnum):
    """What a reviewer says of an instance."""

    ACCEPTED = "accepted"
    SENT_BACK = "sent back"


@dataclass(frozen=True)
class Flag:
    """Somebody wants an instance looked at. resolved_by: who has done so, None while it is open."""

    comment: str
    who: str
    at: datetime
    resolved_by: str | None = None


@dataclass(frozen=True)
class Review:
    """A reviewer's verdict. An acceptance lapses as soon as the box or a landmark changes.

    A shape sent back keeps the verdict until the next one, so that whoever looks at the
    correction sees what was asked for.
    """

    verdict: Verdict
    comment: str
    who: str
    at: datetime


@dataclass(frozen=True)
class Entry:
    """One row of the journal.

    at: aware, UTC. from_ and to: where the landmark was and where it went; None is nowhere.
    proposed: what the model had proposed at that moment. duration: seconds the action took.
    title: what the action is called in a menu. target: the entry that an undo or redo is about.
    image_id: of an action on a whole image, which is about no instance. previous: of one that was
    just stored, the newest entry about its instance before it, 0 of none; None where not asked.
    """

    id: int
    at: datetime
    who: str
    kind: ActionKind
    instance_id: int | None
    landmark: int | None
    from_: Point | None
    to: Point | None
    proposed: Point | None
    duration: float | None
    title: str
    target: int | None = None
    image_id: int | None = None
    previous: int | None = field(default=None, compare=False)

    def follows(self, seen: int) -> bool:
        """Whether it is known that nothing was done to the instance since the revision `seen`."""
        return self.previous is not None and self.previous <= seen


class TimedActions(NamedTuple):
    """All actions of one kind by one person, from some entry on. actions: how many, those too whose
    duration is not known. durations: (N,) seconds. last: the id of the newest entry."""

    who: str
    kind: ActionKind
    actions: int
    durations: Floats
    last: int


class TimedLandmarks(NamedTuple):
    """All actions of one kind by one person on one landmark, or on none, whose duration is known.
    durations: (N,) seconds."""

    who: str
    kind: ActionKind
    landmark: int | None
    durations: Floats


class WorkDone(NamedTuple):
    """As much of an entry as it takes to count what was spent on what, when and by whom. duration:
    seconds. by_hand: nothing was proposed."""

    at: datetime
    who: str
    kind: ActionKind
    instance_id: int | None
    duration: float | None
    by_hand: bool


@dataclass(frozen=True)
class Spend:
    """Effort that the journal recorded. Undoing an action never gives its effort back.

    clicks: landmarks placed or confirmed. seconds: of all actions whose duration is known.
    """

    clicks: int
    seconds: float


class Alike(NamedTuple):
    """How many stored landmarks of an instance have this in common. known: they have a position."""

    visibility: int
    provenance: Provenance | None
    known: bool
    number: int
