"""Ctrl+C in a terminal, which reaches all processes of it, and what else ends a whole group."""

import atexit
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache


@contextmanager
def not_for_helpers() -> Iterator[None]:
    """Processes that are started meanwhile hear nothing of Ctrl+C, SIGTERM or SIGHUP, from their
    first instruction on: who works for somebody is stopped by them, or ends as they do. This
    process hears it a moment later. Windows has no such thing, there a helper that has just been
    started ends with a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    # It is started with the first process, and lets signals through again once it is.
    resource_tracker.ensure_running()
    _ended_at_the_end()
    ending = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@cache
def _ended_at_the_end() -> None:
    """Python ends those that are left by SIGTERM, and waits until they have."""
    from multiprocessing import active_children

    def kill() -> None:
        for child in active_children():
            if child.daemon:
                child.kill()

    atexit.register(kill)
