"""What runs beside the labelling of one project: training, proposing, importing, exporting."""

import html
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from landmark_annotator.annotator.gui.exports.clip_work import ClipWork
from landmark_annotator.annotator.gui.exports.export_work import ExportWork
from landmark_annotator.annotator.gui.imports.left_out import counted_left_out, told_after
from landmark_annotator.annotator.gui.pages.context import Change, Changes, Kind
from landmark_annotator.annotator.gui.services.background_job import BackgroundJob, wait_for
from landmark_annotator.annotator.gui.services.messages import Messages
from landmark_annotator.annotator.gui.services.training_process import BackgroundTraining
from landmark_annotator.annotator.gui.window.daily_backup import DailyBackup
from landmark_annotator.annotator.gui.window.follow_work import FollowWork
from landmark_annotator.annotator.gui.window.import_taken_back import ImportTakenBack
from landmark_annotator.annotator.gui.window.moved_files import MovedFiles
from landmark_annotator.annotator.gui.window.work_strip import WorkStrip
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.prior_comparison import is_better
from landmark_annotator.backends.registry import DEFAULT_BACKEND, backend_named
from landmark_annotator.projects.images.source import holds_frames
from landmark_annotator.projects.store import ActionKind, InstanceState, Project, Role
from landmark_annotator.projects.store.people.rights import IMPORT, RELATE
from landmark_annotator.projects.vocabulary import ActionableError, Progress
from landmark_annotator.projects.vocabulary.wording import counted

if TYPE_CHECKING:
    from landmark_annotator.annotator.session.setup.import_preview import ImportPreview
    from landmark_annotator.annotator.session.setup.video_frames import AddedFrames, FramesChoice
    from landmark_annotator.projects.exchange import ImportReport
    from landmark_annotator.projects.store import GroupRule

_LEARNS, _STOPPED = " and goes on learning", "; its training was stopped"
"""Of a first model."""


class BackgroundWork(QObject):
    writing = (
        "train",
        "import",
        "take_back",
        "propose",
        "landmarks",
        "related",
        "people",
        "locate",
        "follow",
    )
    """Actions that write into the project's folder."""
    trained = Signal()
    """There is a new model."""

    def __init__(
        self,
        project: Project,
        who: str,
        messages: Messages,
        changes: Changes,
        strip: WorkStrip,
        window: QWidget,
    ) -> None:
        """strip: where it is shown."""
        super().__init__(window)
        self._project, self._who, self._messages, self._window = project, who, messages, window
        self._changes, self._folder = changes, project.folder
        self.training = BackgroundTraining(project.folder, who, self)
        self.importing = BackgroundJob("Importing", self)
        self.proposing = BackgroundJob("Proposing", self)
        self.moved_files = MovedFiles(project, self.importing, messages, changes, window)
        self.taken_back = ImportTakenBack(project, who, self.importing, messages, changes, window)
        self.follow = FollowWork(project, who, self.proposing, messages, changes, window)
        self.exports = ExportWork(project, who, messages, window)
        self.clip = ClipWork(project, self.exports.job, messages, window)
        self.backup = DailyBackup(project, messages.tell, self)
        again = "What is done is kept; begun again, it goes on from there"
        self.lines = {}
        for name, work, stopped in (
            ("train", self.training, again),
            ("import", self.importing, again),
            ("propose", self.proposing, again),
            ("export", self.exports.job, "Nothing of it is written"),
        ):
            self.lines[name] = strip.show_work(work, stopped)
            work.failed.connect(messages.tell)
        self._first_model = ""
        """What is told of it, in the letters of a message."""
        self._begun_with = self._failed_with = 0
        """Labels, of the trainings that begin by themselves."""
        self.training.failed.connect(self._remember_failed)
        self.training.trained.connect(self._tell_trained)
        self.training.ended.connect(self._tell_stopped)

    def training_due(self) -> bool:
        """Whether one is to begin by itself: none that runs, here or in another window on this
        folder, was stopped, or has failed with nearly these labels."""
        if self.training.running or self.training.stopped:
            return False
        from landmark_annotator.annotator.session.models.training_record import is_trained_now
        from landmark_annotator.annotator.session.models.training_schedule import (
            has_grown,
            project_training_due,
        )

        library = ModelLibrary.of(self._project)
        if not project_training_due(self._project) or is_trained_now(library, DEFAULT_BACKEND):
            return False
        labels = self._project.count_of(InstanceState.ACCEPTED)
        if self._failed_with and not has_grown(labels, self._failed_with):
            return False
        self._begun_with = labels
        return True

    @property
    def slots(self) -> Mapping[str, Callable[..., object]]:
        return {
            "train": self.training.switch,
            "import": self.choose,
            "take_back": self.choose_import,
            "propose": self.propose,
            "follow": self.follow.choose,
            "export": self.exports.choose,
            "clip": self.clip.choose,
            "related": self.choose_related,
            "locate": self.moved_files.choose,
        }

    def choose(self, sources: Sequence[Path] = ()) -> None:
        """Asks what to import, beginning with these files or folders."""
        if self.refuses(IMPORT, kept="Nothing was imported."):
            return
        if self.importing.running:
            self._messages.note(wait_for(self.importing.title))
            return
        if sources and all(map(holds_frames, sources)):
            self._choose_frames(sources)  # which loads less than the formats
            return
        # Loads the formats, which the window does not need before.
        from landmark_annotator.annotator.gui.imports.dialog import ImportDialog

        dialog = ImportDialog(self._folder, self._project.scheme, self._window)
        dialog.wanted.connect(self.take)
        dialog.frames_wanted.connect(self._choose_frames)
        dialog.panel.broke.connect(self._messages.tell)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        if sources:
            dialog.look_at(sources)

    def choose_import(self) -> None:
        """Asks which import of labels is to be taken back."""
        if not self.refuses(ActionKind.TAKE_BACK, kept="Nothing was taken back."):
            self.taken_back.choose()

    def refuses(self, deed: str | ActionKind, *, kept: str) -> bool:
        """Whether the project cannot be changed so, or not by this person, who is told why."""
        try:
            self._project.refuse_read_only(kept=kept)
            self._project.refuse_below(self._who, Role.LEAD, deed)
        except ActionableError as error:
            self._messages.tell(error)
            return True
        return False

    def _choose_frames(self, videos: Sequence[Path]) -> None:
        from landmark_annotator.annotator.gui.imports.frames_dialog import FramesDialog

        dialog = FramesDialog(videos, self._window)
        dialog.wanted.connect(self.take_frames)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take_frames(self, choices: "Sequence[FramesChoice]") -> None:
        """Adds the frames that were chosen, of one video after the other."""
        self.importing.begin(
            partial(_add_frames, self._folder, choices, self._who), self._tell_frames
        )

    def take(self, seen: "ImportPreview") -> None:
        """Imports what was previewed."""
        work = partial(_import, self._folder, seen, self._who)
        self.importing.begin(work, partial(self._tell_imported, seen.choice.proposals))

    def choose_related(self) -> None:
        """Asks which images are related, and shows what was found by itself."""
        if self.refuses(RELATE, kept="Nothing was changed."):
            return
        from landmark_annotator.annotator.gui.imports.related_dialog import RelatedImagesDialog

        dialog = RelatedImagesDialog(self._folder, self._project.group_rule(), self._window)
        dialog.wanted.connect(self._relate)
        dialog.panel.broke.connect(self._messages.tell)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _relate(self, rule: "GroupRule") -> None:
        try:
            self._project.set_group_rule(rule, who=self._who)
        except ActionableError as error:
            self._messages.tell(error)
            return
        self._messages.note("From the next training on, related images are held apart so.")

    def propose(self) -> None:
        """Finds the objects of images that have none, and proposes for everything that is not
        accepted; begun again, it starts over with the best model."""
        if self.follow.running:
            self._messages.note(wait_for("Following"))
            return
        work = partial(_propose, self._folder, self._who)
        self.proposing.begin(work, self._tell_proposed)

    def close(self) -> None:
        self.training.close()
        self.importing.close()
        self.proposing.close()
        self.exports.job.close()
        self.backup.close()

    def _tell_imported(self, proposals: bool, done: "tuple[ImportReport, str]") -> None:
        from landmark_annotator.projects.groups import in_window

        report, related = done[0], in_window(done[1])
        stopped = "Stopped: what was imported until then is there. " if report.cancelled else ""
        bare = report.added + report.filled - report.labelled
        came = (
            f"{counted(report.labelled, 'is', 'are')} proposed, for a person to confirm."
            if proposals
            else f"{report.labelled:,} with landmarks and {bare:,} without came in."
        )
        if report.masked:
            masks = f"{counted(report.masked, 'object')} of the project got masks."
            came = f"{came} {masks}" if report.labelled or bare > 0 else masks
        if counted_left_out(report):
            self._messages.tell(told_after(f"{stopped}{came}", report))
        else:
            self._messages.note(f"{stopped}{came} {related}".rstrip())
        self._changes.announce(Change(Kind.LIST | Kind.LABELS))

    def _tell_frames(self, done: "list[AddedFrames]") -> None:
        added = sum(len(each.added) for each in done)
        known = sum(each.known for each in done)
        before = f" {counted(known, 'was', 'were')} there already." if known else ""
        total = counted(sum(each.total for each in done), "frame")
        said = f"{added:,} of {total} came in.{before}"
        self._messages.note(" ".join([said, *(each.note for each in done)]).rstrip())
        self._changes.announce(Change(Kind.LIST | Kind.LABELS))

    def _tell_proposed(self, said: str) -> None:
        self._messages.note_result(said)
        self._changes.announce(Change(Kind.LIST | Kind.PROPOSALS))

    def _tell_trained(self, held_out_error: str, related: str, goes_on: bool) -> None:
        from landmark_annotator.projects.groups import in_window

        own = ModelLibrary.of(self._project).own(backend_named(DEFAULT_BACKEND))
        came = "The model is trained"
        if goes_on:
            does = "proposes" if is_better(own) else "is not better than the prior yet"
            came = f"A first model {does}{_LEARNS}"
        said = f"{came}: {held_out_error} error on held-out shapes. {in_window(related)}"
        self._messages.note_result(said.rstrip())
        self._first_model = said.rstrip() if goes_on else ""
        self.trained.emit()

    def _remember_failed(self) -> None:
        """Else it began again with each accepted shape, and failed, and said so."""
        self._failed_with = self._begun_with

    def _tell_stopped(self) -> None:
        """Else what is told of a first model, which is still to be read, is so no more."""
        banner, said = self._messages.banner, self._first_model
        self._first_model = ""
        if said and not banner.isHidden() and banner.text.text() == html.escape(said):
            self._messages.note_result(said.replace(_LEARNS, _STOPPED, 1))


def _import(
    folder: Path, seen: "ImportPreview", who: str, progress: Progress
) -> "tuple[ImportReport, str]":
    """And how the images are related that are there now, where new ones came and nobody has said
    anything of it."""
    from landmark_annotator.annotator.session.setup.import_preview import import_previewed
    from landmark_annotator.annotator.session.setup.related_images import found_by_itself

    report = import_previewed(folder, seen, who, progress)
    return report, found_by_itself(folder) if report.images_added else ""


def _add_frames(
    folder: Path, choices: "Sequence[FramesChoice]", who: str, progress: Progress
) -> "list[AddedFrames]":
    from landmark_annotator.annotator.session.setup.video_frames import add_chosen_frames

    return [add_chosen_frames(folder, choice, who, progress) for choice in choices]


def _propose(folder: Path, who: str, progress: Progress) -> str:
    """What came of it, in a few sentences."""
    # Loads what proposes, which the window does not need before.
    from landmark_annotator.annotator.session.finding.found_objects import (
        find_all,
        images_without_objects,
    )
    from landmark_annotator.annotator.session.models.batch_proposals import propose_all
    from landmark_annotator.annotator.session.models.mask_proposals import propose_masks
    from landmark_annotator.annotator.session.tracking.followed_anew import propose_followed

    with Project.open(folder) as project:
        found = find_all(project, progress, who=who)
        unsearched = 0 if found.images else len(images_without_objects(project))
        done = propose_all(project, progress)
        followed = propose_followed(project, progress)
        masks = propose_masks(project, progress)
    said = [f"Proposed for {done.count:,}. {done.reason}"]
    if found.images:
        objects, images = counted(found.objects, "object"), counted(found.images, "image")
        said.insert(0, f"Found {objects} in {images} without any.")
    elif unsearched and not found.unreadable:
        said.insert(0, found.reason)  # why nobody looked for them
    if done.earlier:
        were = counted(done.earlier, "more was", "more were")
        said.append(f"{were} there from before it was stopped.")
    if done.without_box:
        said.append(f"{counted(done.without_box, 'needs', 'need')} a box first.")
    if followed.sentence:
        said.append(followed.sentence)
    unread = len({*found.unreadable, *done.unreadable, *followed.unreadable, *masks.unreadable})
    if unread:
        said.append(f"{counted(unread, 'image')} could not be read.")
    said += followed.missing
    if followed.missing:
        said.append("Tracks there keep what was proposed before. Put the file back, or find it.")
    if masks.reason:
        said.append(f"Masks for {masks.count:,}. {masks.reason}")
    said += done.shown
    return " ".join(said)
