"""What stays for as long as the program runs is not looked through for garbage again and again.

Torch, SQLAlchemy and the window are some 300,000 objects: Python's search for cycles among them
stops every thread for 0.1 to 0.3 s, at any moment.
"""

import gc

_set_aside: set[str] = set()


def search_for_garbage(wanted: bool) -> None:
    """Not while much is loaded, which leaves hardly any: the search would hold the window just when
    its people begin."""
    (gc.enable if wanted else gc.disable)()


def set_aside(what: str) -> None:
    """All that is there now stays out of later searches. Once a process for the same reason:
    what a window leaves behind is garbage one day."""
    if what not in _set_aside:
        _set_aside.add(what)
        gc.freeze()
