"""What is said of a landmark in all labelled frames of a track that are marked on the timeline."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QMenu

from landmark_annotator.annotator.gui.pages.context import Change, Kind, PageContext
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.projects.store import InstanceState
from landmark_annotator.projects.vocabulary import ActionableError, Visibility
from landmark_annotator.projects.vocabulary.wording import counted

_SAID = {
    Visibility.NOT_LABELLED: "not in the image",
    Visibility.OCCLUDED: "hidden",
    Visibility.VISIBLE: "seen",
}


class RangeMarks:
    """One step for undo, of those frames alone in which something else is said of it: in frames
    between that nobody has labelled it is as in these."""

    def __init__(self, controller: LabelController, context: PageContext) -> None:
        self._controller, self._context = controller, context
        self._project = controller.project

    def offer(
        self, menu: QMenu, video_id: int, track_id: int | None, chosen: tuple[int, int] | None
    ) -> None:
        """chosen: the frames that are marked, both among them; else nothing is offered. The
        landmark is the one that is asked for, which may be chosen in the list."""
        if chosen is None:
            return
        first, last = chosen
        where = f"In labelled frames {first:,} to {last:,}"
        landmark = self._controller.asked
        if landmark is None:
            menu.addAction(f"{where}: choose a landmark in the list").setEnabled(False)
            return
        name = self._controller.scheme.landmarks[landmark]
        begun = self._begun(video_id, track_id, first, last)
        said = menu.addMenu(f"{where} the {name} is")
        for visibility, words in _SAID.items():
            about = self._otherwise(begun, landmark, visibility)
            act = said.addAction(words, partial(self._say, about, landmark, visibility))
            act.setEnabled(bool(about))
        said.setEnabled(any(act.isEnabled() for act in said.actions()))

    def _begun(self, video_id: int, track_id: int | None, first: int, last: int) -> list[int]:
        """Of no track: where no frame has two of them, which are then two objects. A second
        opinion is not among them, as long as the first one counts."""
        there = self._project.objects_of_video(video_id, first=first, last=last)
        ids = [each.instance_id for each in there if each.track_id == track_id]
        records = self._project.some_instances(ids) if ids else []
        own = [each for each in records if each.second_opinion_on not in ids]
        if len({each.image_id for each in own}) < len(own):
            return []
        return [each.id for each in own if each.state is not InstanceState.UNTOUCHED]

    def _otherwise(
        self, instances: Sequence[int], landmark: int, visibility: Visibility
    ) -> list[int]:
        """Those of which this is not said yet."""
        found = []
        for record, shape in self._project.shapes(None, among=instances):
            said = None
            if shape.known[landmark]:
                said = Visibility(shape.visibility[landmark])
            elif shape.absent[landmark]:
                said = Visibility.NOT_LABELLED
            if said is not visibility:
                found.append(record.id)
        return found

    def _say(self, instances: Sequence[int], landmark: int, visibility: Visibility) -> None:
        project, controller = self._project, self._controller
        controller.settle()
        before = {one.id for one in project.some_instances(instances) if _is_accepted(one.state)}
        try:
            entries = project.set_visibility_in_all(
                instances, landmark, visibility, who=controller.session.who
            )
        except ActionableError as error:
            controller.fail(error)
            return
        now = project.some_instances(sorted(before))
        reopened = sum(not _is_accepted(one.state) for one in now)
        said, about = f"Stored: {entries[-1].title}", frozenset(instances)
        self._context.changed(Change(Kind.STORED | Kind.LABELS, about, said))
        controller.choose(landmark)  # of which the same is often said of other frames too
        if reopened:
            name = controller.scheme.landmarks[landmark]
            wait = counted(reopened, "frame waits", "frames wait")
            self._context.note(
                f"{wait} to be accepted again, with the {name} where it is proposed: the sheet "
                "accepts many at once."
            )


def _is_accepted(state: InstanceState) -> bool:
    return state is InstanceState.ACCEPTED
