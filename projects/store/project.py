"""A project: a folder with a database of images, instances, shapes and the journal."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Self

from landmark_annotator.projects.store import opening
from landmark_annotator.projects.store.bringing_in import BringingIn
from landmark_annotator.projects.store.certifying import Certifying
from landmark_annotator.projects.store.click_loop import ClickLoop
from landmark_annotator.projects.store.excluding import Excluding
from landmark_annotator.projects.store.finding import Finding
from landmark_annotator.projects.store.history import History
from landmark_annotator.projects.store.journal import import_actions
from landmark_annotator.projects.store.listing import Listing
from landmark_annotator.projects.store.mask_labels import MaskLabels
from landmark_annotator.projects.store.measuring import Measuring
from landmark_annotator.projects.store.people import rights
from landmark_annotator.projects.store.people.roles import Role
from landmark_annotator.projects.store.reviewing import Reviewing
from landmark_annotator.projects.store.rows import (
    brought_proposals,
    group_rules,
    images,
    instances,
    own_proposals,
    plans,
    proposals,
    shapes,
    videos,
)
from landmark_annotator.projects.store.rows.group_rules import GroupRule
from landmark_annotator.projects.store.rows.images import ImageFacts
from landmark_annotator.projects.store.rows.plans import Plan
from landmark_annotator.projects.store.rows.proposal_records import (
    BroughtProposals,
    JudgedProposal,
    Making,
    OwnProposal,
    StoredProposal,
)
from landmark_annotator.projects.store.rows.records import (
    Alike,
    ImageRecord,
    InstanceRecord,
    InstanceState,
    VideoRecord,
)
from landmark_annotator.projects.store.team import Team
from landmark_annotator.projects.store.tracking import Tracking
from landmark_annotator.projects.vocabulary import Box, RegionMask, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats


class Project(
    Listing,
    ClickLoop,
    MaskLabels,
    Finding,
    Reviewing,
    Excluding,
    Tracking,
    Certifying,
    Team,
    BringingIn,
    Measuring,
    History,
):
    """An open project. For use from one thread; other processes may read at the same time.

    Every change is one transaction: its rows and its journal entry, on the disk before the
    method returns. All methods raise ProjectLocked, ProjectReadOnly, DiskFull or ProjectError
    where the database cannot do what is asked; then nothing has changed, and the project stays
    usable.
    """

    @classmethod
    def create(cls, folder: Path | str, scheme: Scheme | str, name: str | None = None) -> Self:
        """Make a project of the folder (made where missing) and open it. scheme: a built-in one by
        its name too. Raises ProjectError where it already is one or cannot be written."""
        folder = Path(folder).resolve()
        opening.create(folder, scheme, name)
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path | str, *, read_only: bool = False) -> Self:
        """What cannot be written is opened for reading; see `read_only_reason`.

        A project with an older schema is migrated after a verified copy. Raises ProjectError
        where the folder is no project or is damaged, NewerProject where this version would misread
        it; what else a newer version made is opened for reading.
        """
        return cls(folder := Path(folder).resolve(), opening.open_database(folder, read_only))

    @classmethod
    def open_to_read(cls, folder: Path | str) -> Self:
        """As `open`, read only; a project with an older schema is migrated first, where it can be
        written, and its `migration` says so. Raises OlderProject where it cannot."""
        return cls(folder := Path(folder).resolve(), opening.open_to_read(folder))

    @staticmethod
    def is_project(folder: Path | str) -> bool:
        """Whether it looks like one from outside; opening it may still fail."""
        return opening.is_project(Path(folder))

    # Images

    def add_image(
        self, path: Path, facts: ImageFacts, *, position: int | None = None, moved: bool = False
    ) -> ImageRecord:
        """At the end of the project's order unless a position is given.

        The same content is the same image: it is added once. Where the file has gone from the
        path recorded earlier, or was moved, the new path takes its place.
        """
        with self._writing() as connection:
            return images.add_image(connection, self.folder, Path(path), facts, position, moved)

    def addresses(self) -> list[str]:
        """Of the images that lie elsewhere, left out ones too."""
        return images.addresses(self._reading)

    def add_video(self, path: Path, sha256: str, frame_rate: float | None) -> VideoRecord:
        """The same content is the same video. Where the file has gone from the path recorded
        earlier, the new path takes its place, for its frames as well."""
        with self._writing() as connection:
            return videos.add_video(connection, self.folder, Path(path), sha256, frame_rate)

    def videos(self) -> list[VideoRecord]:
        """In the order in which they came in."""
        return videos.videos(self._reading, self.folder)

    def add_frames(self, video_id: int, frames: Mapping[int, ImageFacts]) -> list[ImageRecord]:
        """Those of the frames, by number from 0, that the project did not have yet.

        All frames of a video stand together in the project's order, as they are shown.
        """
        with self._writing() as connection:
            return videos.add_frames(connection, self.folder, video_id, frames)

    def remove_image(self, image_id: int) -> None:
        """With its instances. Raises ProjectError where anything was ever recorded of it."""
        with self._writing() as connection:
            images.image(connection, self.folder, image_id)
            images.remove_image(connection, image_id)

    def images(self, *, excluded: bool = False) -> list[ImageRecord]:
        """All, in the project's order. excluded: with those that were left out."""
        return images.images(self._reading, self.folder, excluded)

    def image(self, image_id: int) -> ImageRecord:
        return images.image(self._reading, self.folder, image_id)

    # Instances

    def add_instance(
        self,
        image_id: int,
        box: Box | None,
        *,
        source: str | None = None,
        second_opinion_on: int | None = None,
        track: int | None = None,
        shape: Shape | None = None,
        masks: Mapping[str, RegionMask] | None = None,
        who: str,
        at: datetime | None = None,
        started: bool = False,
        file: int | None = None,
    ) -> InstanceRecord:
        """With a complete shape it is accepted (see `accept`), with a part of one, or where it is
        said to be, started. A known point whose provenance is not given counts as imported.

        masks: by region; they change nothing about that. source: unique in the image.
        second_opinion_on: the instance of the same object that another labelled; it has one such
        at most. track: the id of the one that it is of; ProjectError where that is of another video
        or has another instance in the image. at: when it was labelled, if not now. Undo leaves
        it. file: see `begin_import`.
        """
        with self._writing() as connection:
            instance_id = import_actions.add_instance(
                connection,
                self.stored_scheme,
                image_id,
                box,
                source=source,
                second_opinion_on=second_opinion_on,
                track_id=track,
                shape=shape,
                masks=masks or {},
                who=who,
                at=at,
                started=started,
                file=file,
            )
            return instances.instance(connection, instance_id)

    def remove_instance(self, instance_id: int) -> None:
        """Raises ProjectError where anything was ever recorded of it."""
        with self._writing() as connection:
            instances.remove_instance(connection, instance_id)

    def fill_instance(
        self,
        instance_id: int,
        box: Box | None,
        shape: Shape,
        *,
        source: str | None = None,
        masks: Mapping[str, RegionMask] | None = None,
        who: str,
        at: datetime | None = None,
        started: bool = False,
        file: int | None = None,
    ) -> InstanceRecord:
        """Labels from a file for an instance without any, which has no box or all of its image for
        one, or this box, from a file as well; see `add_instance`.

        The instance is then the one from `source`. Raises ProjectError where it has labels or
        another box (`accept` and `reshape` label these), or another of its image is from there.
        """
        with self._writing() as connection:
            import_actions.fill_instance(
                connection,
                self.stored_scheme,
                instance_id,
                box,
                shape,
                source=source,
                masks=masks or {},
                who=who,
                at=at,
                started=started,
                file=file,
            )
            return instances.instance(connection, instance_id)

    def instances(self, *, excluded: bool = False) -> list[InstanceRecord]:
        """All, in the order of their images. excluded: with those that were left out."""
        return instances.instances(self._reading, excluded=excluded)

    def instance_count(self, *, excluded: bool = False) -> int:
        return instances.count(self._reading, excluded)

    def instances_of(self, image_id: int, *, excluded: bool = False) -> list[InstanceRecord]:
        return instances.instances(self._reading, image_id=image_id, excluded=excluded)

    def instance(self, instance_id: int) -> InstanceRecord:
        return instances.instance(self._reading, instance_id)

    def shape(self, instance_id: int) -> Shape:
        """What is stored of the L landmarks; those never placed are unknown."""
        return shapes.shape(self._reading, self.stored_scheme, instance_id)

    def shapes(
        self,
        state: InstanceState | str | None = InstanceState.ACCEPTED,
        *,
        bare: bool = False,
        excluded: bool = False,
        among: Collection[int] | None = None,
        most: int | None = None,
    ) -> Iterator[tuple[InstanceRecord, Shape]]:
        """Of all instances in this state (None: any), in the order of their images, in bulk.

        bare: positions, visibilities and what is absent alone, several times faster. excluded:
        with those that were left out. among: of these alone, which are the only ones looked at.
        most: of the first so many, without a look at the others.
        """
        state = None if state is None else InstanceState.named(state)
        wanted = None if among is None else list(among)
        about = state, bare, excluded, wanted, most
        return shapes.shapes(self._reading, self.stored_scheme, *about)

    def tally(self) -> dict[int, list[Alike]]:
        """By instance's id how many of its stored landmarks are alike: far faster than reading.

        Instances of which nothing is stored, and excluded ones, are not in it.
        """
        return shapes.tally(self._reading, self.stored_scheme)

    def positions(self) -> tuple[int, ...]:
        """Of each of the L landmarks, in how many instances it has a position."""
        return shapes.positions(self._reading, self.stored_scheme)

    # Proposals

    def store_proposal(
        self,
        instance_id: int,
        points: Floats,
        covariances: Floats,
        *,
        predicted_error: float | None,
        model: str | None = None,
        imported_from: str | None = None,
        making: Making | None = None,
        own: bool = False,
        who: str | None = None,
        hidden: Floats | None = None,
        measured: Box | None = None,
    ) -> None:
        """points (L, 2) px, covariances (L, 2, 2) px^2, predicted_error in % of the normaliser.

        model: which model made it; imported_from: or the name of the file that it came from.
        own: it is a model of this program, and making then how, if it is to be judged by the
        label. who: else who has brought it. hidden: (L,) the probability that the photograph does
        not show a landmark, NaN where that is not known; it is kept to six places. measured: the
        box of which predicted_error is percents where the scheme names no length, as the project
        may tell errors in another one by now; None: in the one of now.
        It takes the place of the program's own one, or of one of the same name; all others are
        kept, and one is chosen by `WHICH_PROPOSAL`. The instance's predicted error is that of the
        chosen one. Raises SchemeError where L is another, or a probability is none, ActionableError
        where it is said to be from both or from neither.
        """
        with self._writing(beside=True, instance=instance_id) as connection:
            proposals.store_proposal(
                connection,
                instance_id,
                self.stored_scheme,
                points,
                covariances,
                predicted_error,
                model,
                imported_from,
                making,
                own,
                who,
                hidden,
                measured,
            )

    def store_own_proposals(self, made: Sequence[OwnProposal]) -> frozenset[int]:
        """All or none, each in the place of the program's earlier one: storing the same once more
        changes nothing. Returns the ids of those that were passed over, as their instances have
        another box by now, or are accepted, left out or gone."""
        with self._writing() as connection:
            return own_proposals.store_own_proposals(connection, self.stored_scheme, made)

    def own_proposals_made(self, among: Sequence[int]) -> dict[int, datetime]:
        """When the program's own proposal was stored, by the instance's id."""
        return own_proposals.when_made(self._reading, among)

    def proposal(self, instance_id: int) -> StoredProposal | None:
        """The chosen one."""
        found = proposals.proposals(self._reading, instance_id, self.stored_scheme, most=1)
        return found[0] if found else None

    def proposals(self, instance_id: int) -> list[StoredProposal]:
        """All that are kept, the chosen one first."""
        return proposals.proposals(self._reading, instance_id, self.stored_scheme)

    def proposals_of(self, ids: Sequence[int]) -> Iterator[tuple[int, list[StoredProposal]]]:
        """As `proposals`, of each of these instances that has any."""
        return proposals.of_many(self._reading, ids, self.stored_scheme)

    def brought_proposals(self) -> list[BroughtProposals]:
        """What others than the program propose for instances that wait, by name."""
        return brought_proposals.brought(self._reading)

    def set_proposals_aside(self, name: str, *, aside: bool = True) -> int:
        """What was brought under this name is kept, but chosen only where there is nothing else;
        or as usual again. Returns how many proposals that concerned."""
        with self._writing() as connection:
            return brought_proposals.set_aside(connection, name, aside)

    def judged_proposals(self, most: int) -> list[JudgedProposal]:
        """Of accepted instances, by models here: the newest ones, newest first."""
        return proposals.judged(self._reading, self.stored_scheme, most)

    # The plan

    def plan(self) -> Plan:
        """What the project lead decided last; an empty plan where nothing was."""
        return plans.current_plan(self._reading, self.stored_scheme)

    def set_plan(self, plan: Plan, *, who: str) -> Plan:
        """Raises ProjectError where it names landmarks that do not exist, or no real budget."""
        with self._writing() as connection:
            rights.refuse_below(connection, who, Role.LEAD, "plan")
            return plans.store_plan(connection, self.stored_scheme, plan, who)

    # Groups

    def group_rule(self) -> GroupRule:
        """What was said last of which images are related."""
        return group_rules.current_group_rule(self._reading)

    def set_group_rule(self, rule: GroupRule, *, who: str) -> GroupRule:
        """For every split from now on: of trainings, fills, simulations, plans and exports."""
        with self._writing() as connection:
            rights.refuse_below(connection, who, Role.LEAD, rights.RELATE)
            return group_rules.store_group_rule(connection, rule, who)
