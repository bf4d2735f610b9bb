"""What asks the program to end from outside: a scheduler, a container, a logout (SIGTERM), a
terminal that is closed (SIGHUP). It is heeded as Ctrl+C is: without that the process would end on
the spot, and leave its temporary files and its helpers behind."""

import signal
import time
from collections.abc import Callable
from types import FrameType

from landmark_annotator.annotator.cli.support.exit_codes import ExitCode

ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Windows knows no SIGHUP."""
_SAME_S = 1.0
"""A shell and the system both tell that a terminal is closed, and GNU's timeout tells the process
and then its group: that is one request, and not the second one that ends the program at once."""


class EndingSignals:
    """clock: seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._number, self._heard_at = 0, float("-inf")

    def heed(self) -> None:
        """From now on. Who had them ignored, as nohup does with SIGHUP, goes on without them."""
        self._replace(signal.SIG_DFL, self._heard)

    def drop(self) -> None:
        """From now on none is heard: all is done."""
        self._replace(self._heard, signal.SIG_IGN)

    def status(self, code: int) -> int:
        """The exit status, as shells tell it, of a command that would end with code."""
        return 128 + self._number if self._number and code == ExitCode.INTERRUPTED else code

    def _replace(self, former: object, handler: "signal._HANDLER") -> None:
        for number in ENDING:
            if signal.getsignal(number) == former:
                signal.signal(number, handler)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        before, self._heard_at = self._heard_at, self._clock()
        if self._heard_at - before < _SAME_S:
            return
        self._number = number
        ctrl_c = signal.getsignal(signal.SIGINT)
        # Ctrl+C itself is ignored by what a script has started with &.
        (ctrl_c if callable(ctrl_c) else signal.default_int_handler)(number, frame)
