"""Work that nobody waits for gives way to people who click, on the same processors.

Where nobody else wants a processor it is as fast as ever. Beside an import and a backup that do not
give way, the slowest hundredth of the gestures of 50 people took about three times as long on two
cores: each statement of a gesture waited for a processor (tests.benchmarks.teams).
"""

import os
import shutil
import sys
import threading
from collections.abc import Sequence

_NICENESS = 10
"""A person's program then gets ten times as much of a processor that both want."""


def give_way() -> None:
    """This process, for good: without rights of its own none can take it back."""
    if hasattr(os, "setpriority"):
        now = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PROCESS, 0, max(now, _NICENESS))


def thread_gives_way() -> None:
    """The thread that calls this, for good, to the others of its program; less than a program that
    gives way, for people wait for what it finds. Only Linux has threads of their own niceness."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        now = os.getpriority(os.PRIO_PROCESS, thread)
        os.setpriority(os.PRIO_PROCESS, thread, max(now, _NICENESS // 2))


def giving_way(command: Sequence[str]) -> list[str]:
    """The command of a program that gives way."""
    nice = shutil.which("nice")
    return [*command] if nice is None else [nice, "-n", str(_NICENESS), *command]
