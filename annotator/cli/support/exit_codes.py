"""What the program's exit status means to a script."""

from enum import IntEnum


class ExitCode(IntEnum):
    DONE = 0
    BUG = 1
    """A mistake of this program; the log has the details."""
    USAGE = 2
    """An unknown command or option, or a missing argument."""
    UNUSABLE = 3
    """The input cannot be used as asked; the message says what to do."""
    INCOMPLETE = 4
    """Finished, but something was left out, and --strict was given."""
    UNREAD = 141
    """Done, but the program that was to read the result has ended: as other programs end of it."""
    INTERRUPTED = 130
    """Stopped by Ctrl+C."""
