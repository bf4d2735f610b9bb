"""Which landmark to be asked for instead of the one that is asked for."""

from landmark_annotator.annotator.session.labelling.view import View


def landmark_beside(view: View, asked: int | None, by: int) -> int:
    """The next (by=1) or previous (-1) one that no person has placed, else any; in a circle."""
    marks = view.shape.provenance
    free = [
        landmark
        for landmark, mark in enumerate(marks)
        if (mark is None or not mark.is_evidence) and landmark not in view.absent
    ]
    candidates = free or list(range(len(marks)))
    here = asked if asked is not None else (-1 if by > 0 else len(marks))
    beyond = [landmark for landmark in candidates if (landmark - here) * by > 0]
    return (min if by > 0 else max)(beyond or candidates)
