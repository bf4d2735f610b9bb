"""Who is who in the video: what can be done to a lane of the timeline, each one step of undo."""

import math
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QInputDialog, QMenu, QWidget

from landmark_annotator.annotator.gui.pages.context import Change, Kind, PageContext
from landmark_annotator.annotator.gui.pages.label.commands.range_marks import RangeMarks
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.widgets.comment_sheet import CommentSheet
from landmark_annotator.annotator.gui.widgets.menu_names import in_menu
from landmark_annotator.projects.store import ActionKind, Entry, VideoObjects
from landmark_annotator.projects.vocabulary import ActionableError
from landmark_annotator.projects.vocabulary.track import Track
from landmark_annotator.projects.vocabulary.wording import counted

Range = tuple[int, int] | None
"""Frames, both among them; None where none are marked."""
_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_LISTED = 12
"""Tracks that a menu names; the others are found by a part of their name."""


class Tracks(QObject):
    def __init__(
        self,
        controller: LabelController,
        context: PageContext,
        over: QWidget,
        shown: Callable[[], tuple[int, VideoObjects]],
        visit: Callable[[int], None],
    ) -> None:
        """shown: the frame that is seen, and what the timeline has; visit: shows one that nobody
        has opened."""
        super().__init__(over)
        self._shown, self._visit = shown, visit
        self._controller, self._context, self._over = controller, context, over
        self._marks = RangeMarks(controller, context)
        self._project = controller.project

    def show_menu(
        self, video_id: int, track_id: int | None, frame: int, chosen: Range, place: QPoint
    ) -> None:
        """place: on the screen. What is said of the lane's track begins at this frame."""
        menu = self.menu(video_id, track_id, frame, chosen)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def menu(self, video_id: int, track_id: int | None, frame: int, chosen: Range = None) -> QMenu:
        """chosen: the frames that are marked."""
        menu = QMenu(self._over)
        project, who = self._project, self._controller.session.who
        there = self._nearest_first(video_id, frame)
        track = next((each for each in there if each.id == track_id), None)
        others = [each for each in there if each.id != track_id]
        if track is not None:
            one = track.id
            menu.addSection(f"{in_menu(track.name)}, frame {frame:,}")
            first, last = chosen or (frame, frame)
            where = "this frame alone" if first == last else f"frames {first:,} to {last:,}"
            swap = menu.addMenu("Swap from here on with")
            inside = menu.addMenu(f"Swap in {where} with")
            join = menu.addMenu(f"Join to {in_menu(track.name)} all of")
            self._fill(swap, others, lambda it: self._swap(one, it, frame, None))
            self._fill(inside, others, lambda it: self._swap(one, it, first, last))
            self._fill_join(join, one, others)
            swap.setEnabled(bool(others))
            inside.setEnabled(bool(others))
            join.setEnabled(bool(others))
            cut = lambda: self._act(lambda: project.cut_track(one, frame, who=who))  # noqa: E731
            menu.addAction("Cut here: a track of its own from here on", cut)
            menu.addAction(f"Rename{_ELLIPSIS}", lambda: self._ask_name(track))
            delete = lambda: self._act(lambda: project.remove_track(one, who=who))  # noqa: E731
            menu.addAction("Delete the track, and keep its objects", delete)
        else:
            self._offer_one(menu, video_id)
        self._marks.offer(menu, video_id, track_id, chosen)
        menu.addSection("The open object")
        if self._controller.away:
            # What is said of it would be stored for an object that nobody sees.
            menu.addAction(f"is not in frame {self._shown()[0]:,}, which is shown").setEnabled(
                False
            )
        else:
            self._offer_open(menu, video_id, there)
        menu.setEnabled(not project.read_only)
        return menu

    def _offer_open(self, menu: QMenu, video_id: int, tracks: Sequence[Track]) -> None:
        """Whose the open object is."""
        record = self._controller.record
        self._fill(menu, tracks, self._assign, "is ", None if record is None else record.track_id)
        none = menu.addAction("is of no track", self._assign(None))
        none.setEnabled(record is not None and record.track_id is not None)
        open_one = [] if record is None else [record.id]
        menu.addAction(f"is a new track{_ELLIPSIS}", lambda: self._ask_new(video_id, open_one))

    def _offer_one(self, menu: QMenu, video_id: int) -> None:
        """All that is of no track yet becomes one, where no frame has two of them. A frame in which
        nobody has found anything waits for an object, and has none."""
        objects = self._project.video_objects(video_id)
        bare = objects.instances[(objects.tracks == 0) & objects.bare].tolist()
        waiting = (
            [r.id for r in self._project.some_instances(bare) if r.box is None] if bare else []
        )
        of_none = (objects.tracks == 0) & ~np.isin(objects.instances, waiting)
        loose, ids = objects.frames[of_none], objects.instances[of_none].tolist()
        if len(loose) > 1 and np.diff(loose).all():
            menu.addAction(
                f"The {len(loose):,} objects of no track are one: a new track{_ELLIPSIS}",
                lambda: self._ask_new(video_id, ids),
            )

    def _nearest_first(self, video_id: int, frame: int) -> list[Track]:
        """Whose objects are nearest in time: a long clip has hundreds of tracks, and what is meant
        is mostly there, or was a moment ago."""
        _, objects = self._shown()
        far = objects.apart(frame)
        tracks = self._project.tracks(video_id)
        return sorted(tracks, key=lambda each: far.get(each.id, math.inf))

    def _fill_join(self, menu: QMenu, track_id: int, others: Sequence[Track]) -> None:
        """Those that share no frame with the track: one that does would be two objects there."""
        _, objects = self._shown()
        own = objects.frames[objects.tracks == track_id]
        shared = set(objects.tracks[np.isin(objects.frames, own)].tolist())
        apart = [each for each in others if each.id not in shared]
        self._fill(menu, apart, lambda it: self._join(track_id, it))
        if left := len(others) - len(apart):
            verb = "is" if left == 1 else "are"
            said = f"{counted(left, 'other')} {verb} in frames that it is in"
            menu.addAction(said).setEnabled(False)

    def _fill(
        self,
        menu: QMenu,
        tracks: Sequence[Track],
        act: Callable[[int], Callable[[], None]],
        before: str = "",
        own: int | None = None,
    ) -> None:
        """The first few by name, the rest by a part of their name. own: the track that it is
        already, which cannot be chosen."""
        for each in tracks[:_LISTED]:
            name = before + in_menu(each.name)
            menu.addAction(name, act(each.id)).setEnabled(each.id != own)
        rest = [each for each in tracks[_LISTED:] if each.id != own]
        if rest:
            menu.addAction(
                f"{before}another of {len(tracks):,}{_ELLIPSIS}", lambda: self._ask_which(rest, act)
            )

    def _ask_which(self, tracks: Sequence[Track], act: Callable[[int], Callable[[], None]]) -> None:
        by_name = {each.name: each.id for each in tracks}
        asking = QInputDialog(self._over)
        asking.setWindowTitle("Which track?")
        asking.setLabelText("Type a part of its name:")
        asking.setComboBoxItems(list(by_name))
        asking.setComboBoxEditable(True)
        box = asking.findChild(QComboBox)
        if box is not None and (completer := box.completer()) is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)

        def take(name: str) -> None:
            if name in by_name:
                act(by_name[name])()
            else:
                self._context.note(f"No other track is called {name}.")

        asking.textValueSelected.connect(take)
        asking.finished.connect(asking.deleteLater)
        asking.open()

    def _swap(self, one: int, other: int, first: int, last: int | None) -> Callable[[], None]:
        swap, who = self._project.swap_tracks, self._controller.session.who
        return lambda: self._act(lambda: swap(one, other, first=first, last=last, who=who))

    def _join(self, kept: int, gone: int) -> Callable[[], None]:
        project, who = self._project, self._controller.session.who
        return lambda: self._act(lambda: project.join_tracks(kept, gone, who=who))

    def _assign(self, track_id: int | None) -> Callable[[], None]:
        project, who = self._project, self._controller.session.who

        def assign() -> object:
            record = self._controller.record
            return record and project.assign_track([record.id], track_id, who=who)

        return lambda: self._act(assign)

    def _ask_name(self, track: Track) -> None:
        who = self._controller.session.who

        def rename(name: str) -> None:
            if name.strip() != track.name:  # else undo would take nothing back
                self._act(lambda: self._project.rename_track(track.id, name, who=who))

        CommentSheet(
            self._over,
            "Rename",
            f"What is {track.name} to be called?",
            rename,
            needed=True,
            text=track.name,
            against=self._taken(track.video_id, track.id),
        ).open()

    def _ask_new(self, video_id: int, instances: Sequence[int]) -> None:
        """instances: the new track's."""
        who = self._controller.session.who
        add = self._project.add_track
        CommentSheet(
            self._over,
            "Add track",
            "What is the new track called?",
            lambda name: self._act(lambda: add(video_id, name, instances=instances, who=who)),
            needed=True,
            against=self._taken(video_id),
        ).open()

    def _taken(self, video_id: int, own: int | None = None) -> Callable[[str], str]:
        """Why no track of the video can be called so. own: the one that is named, if it is one."""
        taken = {each.name for each in self._project.tracks(video_id) if each.id != own}

        def why(name: str) -> str:
            there = name.strip() in taken
            return f"The video has a track {name.strip()} already." if there else ""

        return why

    def _act(self, action: Callable[[], object]) -> None:
        visited = self._shown()[0] if self._controller.away else None
        self._controller.settle()  # which comes back to what is open
        try:
            action()
        except ActionableError as error:
            self._controller.fail(error)
        else:
            done = self._project.undoable(self._controller.session.who)
            said = "" if done is None else f"Stored: {done.title}"
            self._context.changed(Change(Kind.LIST | Kind.STORED, said=said))
        if visited is not None:
            self._visit(visited)

    def turn(self, turn: Callable[[], object], turned: Callable[[str], Entry | None]) -> None:
        """turn: undo or redo of what `turned` tells of a person. Where that was done to tracks, a
        frame that nobody has opened is shown still: it is about no frame."""
        visited = None
        if self._controller.away:
            step = turned(self._controller.session.who)
            if step is not None and step.kind is ActionKind.TRACK:
                visited = self._shown()[0]
        turn()
        if visited is not None:
            self._visit(visited)
