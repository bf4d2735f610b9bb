"""Who hears that a thread waits for a server, while it waits.

A statement returns when the server has answered, so whoever called it can do nothing meanwhile: a
window neither paints nor hears, for up to `tcp_user_timeout` where the network is gone. Psycopg
looks up every tenth of a second; this is where somebody can say that it is being waited.
"""

import threading
import time
from collections.abc import Callable, Generator
from typing import Any

Told = Callable[[float | None], object]
"""Called in the thread that waits: with the seconds that it has waited for one statement, and with
None once that is over, where it was called at all."""

ASK_SECONDS = 5.0
"""A server may be at work at a statement for long, and one that is stopped, or that the network
does not reach, looks the same from a connection to it: so it is asked whether it is there."""

_told: Told | None = None
_each_thread = threading.local()


class Silent(Exception):
    """The server has said nothing for longer than it can work at one statement."""


def tell_waits(told: Told | None) -> None:
    """From now on, of every connection of this process; None ends it."""
    global _told
    _told = told


def waited() -> float:
    """Seconds that this thread has waited for servers so far; answers that came at once are not
    among them."""
    return getattr(_each_thread, "waited", 0.0)


def count_wait(seconds: float) -> None:
    """Of this thread, for `waited`."""
    _each_thread.waited = waited() + seconds


def telling(
    steps: Generator[Any, Any, Any],
    most: float | None = None,
    answers: Callable[[], bool] | None = None,
) -> Generator[Any, Any, Any]:
    """The same steps of the driver. Nothing but the first look of each costs anything where the
    server answers at once.

    most: seconds after which it raises Silent; None waits for ever. Between this machine and the
    server may be what keeps up a connection whose other half is gone, such as an SSH tunnel: then
    neither end of it is ever told by the network. answers: whether the server says anything to
    somebody else, which is asked every `ASK_SECONDS`: where it does not, Silent comes before."""
    told, began, late, asked = _told, 0.0, False, 0.0
    try:
        wanted = next(steps)
        while True:
            ready = yield wanted
            if not ready:  # a tenth of a second has passed, and nothing came
                now = time.monotonic()
                began, late = began or now, True
                if told is not None:
                    told(now - began)
                if most is not None and now - began > most:
                    raise Silent
                if answers is not None and now - max(began, asked) > ASK_SECONDS:
                    if not answers():
                        raise Silent
                    asked = time.monotonic()
            wanted = steps.send(ready)
    except StopIteration as end:
        return end.value
    finally:
        if late:
            count_wait(time.monotonic() - began)
            if told is not None:
                told(None)
