"""The process as another account of the operating system, which only root can become."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
ONLY_ROOT = pytest.mark.skipif(not IS_ROOT, reason="only root becomes somebody else")
NOBODY = 65534


@contextmanager
def as_account(number: int = NOBODY) -> Iterator[None]:
    os.seteuid(number)
    try:
        yield
    finally:
        os.seteuid(0)
