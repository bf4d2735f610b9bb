"""Where labelled faces come from: two collections of photographs, and rendered heads."""

from collections.abc import Callable, Mapping
from functools import partial

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.samples import rendered_heads
from landmark_annotator.projects.vocabulary import Box, LabelledInstance

Faces = Callable[[], list[LabelledInstance]]


def embedded_heads() -> list[LabelledInstance]:
    """The rendered stills that come with the program, each in the square around its landmarks."""
    return [
        LabelledInstance(
            f"heads/{head.truth['identity']}",
            Box.square_around(head.shape.points),
            head.shape,
            partial(read_pixels, head.picture),
        )
        for head in rendered_heads()
        if head.frame is None
    ]


TRAINED_ON: Mapping[str, Faces] = {
    "lfpw": partial(faces300w.faces, ("faces68/lfpw-train",)),
    "helen": partial(faces300w.faces, ("faces68/helen-train",)),
    "photographs": partial(faces300w.faces, faces300w.TRAINING),
}
TESTED_ON: Mapping[str, Faces] = {
    "lfpw": partial(faces300w.faces, ("faces68/lfpw-test",)),
    "helen": partial(faces300w.faces, ("faces68/helen-test",)),
    "photographs": partial(faces300w.faces, faces300w.TESTING),
    "heads": embedded_heads,
}
