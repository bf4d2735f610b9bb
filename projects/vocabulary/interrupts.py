"""Ctrl+C in a terminal, which reaches all processes of it, and what else ends a whole group."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


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
    ending = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
