"""Whether somebody may do a thing, asked before they write or choose anything for it."""

from collections.abc import Callable

from landmark_annotator.projects.vocabulary import ActionableError


def may(refuse: Callable[[], object], tell: Callable[[ActionableError], object]) -> bool:
    """refuse: raises where this person may not, which is told then."""
    try:
        refuse()
    except ActionableError as error:
        tell(error)
        return False
    return True
