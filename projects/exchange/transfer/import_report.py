"""What came of an import, and what people are told of it."""

from dataclasses import dataclass, field

from landmark_annotator.projects.exchange.codecs.common.entries import Unreadable
from landmark_annotator.projects.vocabulary.wording import counted


@dataclass
class ImportReport:
    """added, unchanged: instances. filled: those that were there without labels, in no box or
    all of their image, and got what the file says; boxed: of them, those that got no landmark.
    labelled: of the two, those with landmarks.
    images_added: images that the project did not have before. masked: instances that were there
    already, and got masks of regions of which nobody had said anything.

    differing_sources: entries whose instance is already there but has another shape, because a
    person or another file changed it; the project's own was kept. unreadable: what was left out
    and why. copies: images without labels of which nothing came in, because the same picture is
    there from another file; they count as unchanged. excluded: entries of images or instances that
    somebody has excluded; they were left out, and a note says so. cancelled: not all entries were
    looked at; those that were are in the project.
    """

    added: int = 0
    filled: int = 0
    boxed: int = 0
    labelled: int = 0
    unchanged: int = 0
    images_added: int = 0
    masked: int = 0
    excluded: int = 0
    differing_sources: list[str] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    copies: list[Unreadable] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    cancelled: bool = False

    @property
    def differing(self) -> int:
        return len(self.differing_sources)


def left_out_as_excluded(count: int) -> str:
    """What a person is told."""
    return (
        f"{counted(count, 'of the entries belongs', 'of the entries belong')} to images or "
        "objects that are excluded: an import does not bring these back, annotator exclude "
        "--restore does."
    )
