"""What is read back once an action is stored."""

from collections.abc import Iterator
from contextlib import contextmanager

from landmark_annotator.projects.vocabulary.errors import ServerAway


@contextmanager
def stored() -> Iterator[None]:
    """Where the server goes away meanwhile it is said that the action is stored: else people do it
    again, and a second undo takes back another action."""
    try:
        yield
    except ServerAway as error:
        raise ServerAway(
            error.happened,
            kept="This was stored. It is seen here once the server answers again.",
            remedy="Check the network and that the server runs; do not do it again.",
        ) from error
