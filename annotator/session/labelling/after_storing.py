"""What is read back once an action is stored."""

from collections.abc import Iterator
from contextlib import contextmanager

from landmark_annotator.projects.store import ActionKind, Entry
from landmark_annotator.projects.store.journal.undo import is_of_one_instance
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


def is_to_be_read_again(turned: Entry, instance_id: int) -> bool:
    """Whether an instance may be another once this was undone, or redone; after a change of the
    scheme it is to be opened again instead."""
    if turned.kind is ActionKind.SCHEME:
        return False
    return turned.instance_id == instance_id or not is_of_one_instance(turned)
