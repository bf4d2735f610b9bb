"""What is said of the landmark that is asked for, beside where it is."""

from annotator.gui.pages.label.controller.controller import Labelling
from projects.vocabulary import Provenance, Visibility

_SEEN = {
    Visibility.NOT_LABELLED: "marked as not in the image",
    Visibility.OCCLUDED: "marked as hidden",
    Visibility.VISIBLE: "visible",
}


class Marking:
    def __init__(self, labelling: Labelling) -> None:
        self._labelling = labelling

    def clear(self) -> None:
        """Takes back the evidence of the landmark that is asked for."""
        labelling = self._labelling
        landmark, view = labelling.asked, labelling.view
        if landmark is None or view is None:
            return
        mark = view.shape.provenance[landmark]
        if mark is not None and (mark.is_evidence or mark is Provenance.IMPORTED):
            what = labelling.titled("clearing", landmark)
            labelling.act(lambda: labelling.session.clear(landmark), what)
        else:
            name = labelling.scheme.landmarks[landmark]
            labelling.noted.emit(
                f"Nobody has placed the {name}. Click the point first that is to be taken back."
            )

    def mark(self, visibility: Visibility) -> None:
        """Says of the landmark asked for whether it is seen, hidden or not in the image."""
        labelling = self._labelling
        landmark, view = labelling.asked, labelling.view
        if landmark is None or view is None:
            return
        hidden = view.shape.visibility[landmark] == Visibility.OCCLUDED
        now = Visibility.OCCLUDED if hidden else Visibility.VISIBLE
        if visibility is (Visibility.NOT_LABELLED if landmark in view.absent else now):
            name = labelling.scheme.landmarks[landmark]
            labelling.noted.emit(f"The {name} is {_SEEN[visibility]} already.")
        else:
            what = labelling.titled("visibility", landmark)
            labelling.act(lambda: labelling.session.set_visibility(landmark, visibility), what)
