"""How a process that does the same work again and again keeps its memory."""

import ctypes
import os
import sys
from functools import cache

_TRIM, _MAP = -1, -3
"""Names of the settings in glibc's malloc.h."""
_MAPPED = 32 * 2**20
"""Bytes: the largest that glibc takes. Below it an array lies in memory that is used again."""
_KEPT = 128 * 2**20
"""Freed bytes that stay with the process."""
_SAID = ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES")


@cache
def keep_freed_memory() -> None:
    """What is freed after one task is there for the next. By itself glibc gives large arrays back
    to the system each time, which hands them out again page by page, each set to zero: 6,000 pages
    a photograph. Nothing where people have said otherwise, or the C library is another one."""
    if sys.platform == "linux" and not any(name in os.environ for name in _SAID):
        said = getattr(ctypes.CDLL(None), "mallopt", None)
        if said is not None:
            said(_MAP, _MAPPED)
            said(_TRIM, _KEPT)
