"""Failures that the user can act on. Everything else that is raised is a bug of ours."""

import difflib
import errno
from collections.abc import Iterable
from itertools import islice

from typing_extensions import override

_MOST_COMPARED = 2_000
_MOST_LENGTHS_APART = 20
_DIGITS = "for integer string conversion"


class ActionableError(Exception):
    """What happened, what was kept and what to do about it, each one plain sentence.

    Front ends print the three parts and no traceback.
    """

    def __init__(self, happened: str, *, kept: str = "", remedy: str = "") -> None:
        self.happened = happened
        self.kept = kept
        self.remedy = remedy
        super().__init__(" ".join(part for part in (happened, kept, remedy) if part))

    @override
    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions cross process borders in worker pools; keyword arguments need this help.
        return (_rebuild, (type(self), self.happened, self.kept, self.remedy))


def _rebuild(kind: type[ActionableError], happened: str, kept: str, remedy: str) -> ActionableError:
    return kind(happened, kept=kept, remedy=remedy)


class SchemeError(ActionableError):
    """A scheme, or a name that should be in one, is not usable."""


class ImageError(ActionableError):
    """An image file cannot be used."""


MOVED_IMAGES = (
    "annotator locate finds what was moved; or import their folder again: images are known again "
    "by what is in them."
)
"""What to do where not one of many images can be read."""


class FileMissing(ImageError):
    """The file of an image or a video is not where the project looks for it."""


class SourceAway(ImageError):
    """Nothing of the image's source can be fetched now."""


class NotConfirmed(SourceAway):
    """Nobody has confirmed on this machine that images may be fetched from there."""


class ProjectError(ActionableError):
    """A project folder cannot be used as asked."""


class UnfitValue(ProjectError):
    """No column of a project's database takes the value."""


class ProjectLocked(ProjectError):
    """Another program holds the project's database."""


class ProjectReadOnly(ProjectError):
    """The project can be looked at but not changed."""


class OlderProject(ProjectReadOnly):
    """It would have to be brought to the newest schema, and was not to be written to."""


class ServerAway(ProjectError):
    """The server of a shared project does not answer; it may again."""


class ProjectGone(ProjectError):
    """The project is no longer where it was opened: moved, deleted, or replaced."""


class NoProject(ProjectError):
    """There is no project in the folder, or none any more."""


class NewerProject(ProjectError):
    """The project was made by a newer version of this program."""


class Conflict(ProjectError):
    """Somebody else has changed the same thing since it was seen; nothing of theirs is lost."""


class NotAllowed(ProjectError):
    """The person's role in the project is not enough for what was asked."""


class SchemeChanged(ProjectError):
    """Somebody has changed the project's scheme since it was opened."""


class DiskFull(ProjectError):
    """There is no room to store the change; the change was not made."""

    @staticmethod
    def is_meant_by(error: OSError) -> bool:
        """A quota that is used up is a full disk to whoever has it."""
        return error.errno in (errno.ENOSPC, errno.EDQUOT)


class IncompleteShape(ActionableError):
    """A landmark has no position yet, so the shape cannot be accepted."""


class FormatError(ActionableError):
    """A label file cannot be read or written."""


class WeightsMismatch(ActionableError):
    """Trained weights belong to another scheme, or their file is damaged."""


class TooFewLabels(ActionableError):
    """There are not enough labelled shapes for what was asked."""


class Cancelled(ActionableError):
    """The user stopped slow work; what was done up to a safe point is kept."""


class MissingPackage(ActionableError):
    """An optional package is not installed; the remedy holds the command that installs it."""


class PluginFailed(ActionableError):
    """What another package brought broke at work."""


def why(error: Exception) -> str:
    """What happened, without the number and the path that an OSError puts round it, and without
    Python's own advice on numbers of thousands of digits."""
    if _DIGITS in str(error):
        return "a number in it has thousands of digits"
    return str(getattr(error, "strerror", None) or error)


def closest(name: str, known: Iterable[str]) -> str:
    """' Did you mean "x"?' for the known name nearest to `name`, or '' where none is near."""
    name = str(name)
    alike = (one for one in known if abs(len(one) - len(name)) <= _MOST_LENGTHS_APART)
    matches = difflib.get_close_matches(name[:200], list(islice(alike, _MOST_COMPARED)), n=1)
    return f' Did you mean "{matches[0]}"?' if matches else ""
