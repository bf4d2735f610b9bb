"""Who works here: the name that the journal records."""

import getpass
import os


def who() -> str:
    """$ANNOTATOR_NAME, or the name of the user of this machine."""
    if name := os.environ.get("ANNOTATOR_NAME", "").strip():
        return name
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such user in this container
        return "unknown"
