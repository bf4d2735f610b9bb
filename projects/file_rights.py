"""Who may write a file, on a drive that several accounts of the operating system use."""

import os
from pathlib import Path


def may_write(path: Path) -> bool:
    """Whether this account may, as far as the system says."""
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def told_closed(path: Path) -> str:
    """For people: that it cannot be written, with whose it is."""
    owner = owner_of(path)
    return f"{path} cannot be written{f': it belongs to {owner}' if owner else ''}."


def owner_of(path: Path) -> str:
    """The account that a file is of, where that is another one; "" where it is this one's, or the
    system does not tell."""
    if os.name != "posix":
        return ""
    try:
        number = path.stat().st_uid
        if number == os.geteuid():
            return ""
        return path.owner()
    except OSError:
        return ""
    except KeyError:  # of a drive of other machines, which know more accounts
        return f"user {number}"
