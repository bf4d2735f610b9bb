"""What a change of the scheme does to a project that has labels: said before, and then done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.session.models.library import KeptModel, ModelLibrary
from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.annotator.session.setup.drawn_labels import PlacedAnew, place_new
from landmark_annotator.backends.shapes.fitting.alignment import nan_mean
from landmark_annotator.backends.shapes.orientation import headed
from landmark_annotator.projects.store import ActionKind, Entry, InstanceState, Plan, Project, Role
from landmark_annotator.projects.vocabulary import SchemeChange
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.wording import counted

_OF_MEAN = 300
"""Labelled shapes that the picture of a scheme is the mean of."""

_NAMED = 5
"""Landmarks that a sentence names; more of them are counted."""


@dataclass(frozen=True)
class Affected:
    """What a project has that changes of its scheme touch, read once for any number of them.

    positions: of each of its L landmarks, in how many instances it has a position. models: those
    that fit its scheme, best first. second_opinions: those that nobody has given yet. masks: by
    region, in how many instances it has one.
    """

    library: ModelLibrary
    accepted: int
    positions: tuple[int, ...]
    models: tuple[KeptModel, ...]
    plan: Plan
    second_opinions: int
    mean: Floats | None
    """(L, 2) of labelled shapes in the box frame, NaN where nobody placed any; None for none."""
    masks: Mapping[str, int]

    @classmethod
    def of(cls, project: Project) -> "Affected":
        library = ModelLibrary.of(project)
        records = project.instances()
        accepted = [r for r in records if r.state is InstanceState.ACCEPTED]
        return cls(
            library,
            len(accepted),
            project.positions(),
            tuple(model for model in library.kept() if model.fits),
            project.plan(),
            sum(r.second_opinion_on is not None for r in records)
            - sum(r.second_opinion_on is not None for r in accepted),
            _mean_shape(project),
            project.mask_counts(),
        )


def _mean_shape(project: Project) -> Floats | None:
    shapes = (
        headed(r.box, shape, project.scheme).to_frame(shape.points)
        for r, shape in project.shapes(None, bare=True)
        if r.box is not None and shape.known.any()
    )
    found = list(islice(shapes, _OF_MEAN))
    return nan_mean(np.stack(found)) if found else None


def look_at(folder: Path) -> Affected:
    """Of the project in this folder, on a connection of its own: for a thread."""
    with Project.open(folder, read_only=True) as project:
        return Affected.of(project)


@dataclass(frozen=True)
class SchemeChangePreview:
    """reopened: accepted shapes that lack what is new. hidden: (landmark, stored positions) of
    what goes, where there are any. unfit: models that are of other landmarks then. proposes: what
    proposes after the change; None where nothing does. lost: landmarks that leave the plan. asked:
    second opinions that nobody has given yet. hidden_masks: (region, stored masks) of regions that
    go, where there are any."""

    change: SchemeChange
    reopened: int
    hidden: tuple[tuple[str, int], ...]
    unfit: tuple[KeptModel, ...]
    proposes: str | None
    plan: Plan
    lost: tuple[str, ...]
    asked: int
    hidden_masks: tuple[tuple[str, int], ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """For people: first what the change is, then what becomes of labels, models and plan."""
        return tuple(self._sentences())

    def _sentences(self) -> Iterator[str]:
        yield self._what
        if self.change.changes_nothing:
            return
        added = named(self.change.added) if self.change.added else ""
        if self.reopened:
            shapes = counted(self.reopened, "accepted shape")
            yield f"{shapes} will be open again, to be completed by {added}; nothing else moves."
        elif not self.hidden and not self.hidden_masks:
            yield "Every label stays as it is."
        for hidden, what in ((self.hidden, "stored position"), (self.hidden_masks, "mask")):
            if hidden:
                total = counted(sum(count for _, count in hidden), what)
                each = named([f"{count:,} of {name}" for name, count in hidden])
                yield f"{total} will be hidden ({each}); undo brings them back."
        if self.lost:
            left = len(self.plan.landmarks) - len(self.lost)
            yield f"The plan loses {named(self.lost)} and keeps {counted(left, 'landmark')}."
        if self.unfit:
            titles = list(dict.fromkeys(model.backend.title for model in self.unfit))
            knows, must = ("knows", "it") if len(titles) == 1 else ("know", "they")
            yield (
                f"The {named(titles)} {knows} the landmarks as they are now: {must} must be "
                f"trained again. {self._until_then}"
            )
        elif self.reopened and self.proposes is None:
            yield "Nothing is proposed before shapes are complete again."
        before, after = self.change.before, self.change.after
        if before.normaliser is not None and after.normaliser is None:
            yield "Errors will be in % of the box's diagonal."
        if before.heading is not None and after.heading is None:
            yield "The objects will count as upright: nothing says where they point."
        elif after.heading is not None and after.heading != before.heading:
            start, end = (after.landmarks[i] for i in after.heading)
            yield f"An object will point from {start} to {end}, and be compared turned that way."
        if self.asked and self.change.added:
            opinions = counted(self.asked, "open second opinion")
            yield f"{opinions} will be asked for {added} as well."

    @property
    def _what(self) -> str:
        change = self.change
        if change.changes_nothing:
            return "Nothing is changed yet."
        renamed = [f"{old} to {new}" for old, new in change.renamed]
        groups = (("new", change.added), ("removed", change.removed), ("renamed", renamed))
        parts = [f"{what}: {named(names)}" for what, names in groups if names]
        if change.reordered:
            parts.append("in another order")
        parts += self._regions
        if not parts and change.before.regions != change.after.regions:
            return "Regions keep their names; how they are drawn changes."
        if not parts:
            done = "drawn, defined, paired or measured"
            return f"Landmarks keep names and order; how they are {done} changes."
        said = "; ".join(parts)
        return f"{said[0].upper()}{said[1:]}."

    @property
    def _regions(self) -> Iterator[str]:
        change = self.change
        for what, names in (
            ("new", change.added_regions),
            ("removed", change.removed_regions),
            ("renamed", [f"{old} to {new}" for old, new in change.renamed_regions]),
        ):
            if names:
                yield f"{what} {'region' if len(names) == 1 else 'regions'}: {named(names)}"

    @property
    def _until_then(self) -> str:
        if self.proposes is None:
            return "Until then nothing is proposed before shapes are complete again."
        return f"Until then {self.proposes[0].lower()}{self.proposes[1:]} proposes."


def preview_change(affected: Affected, change: SchemeChange) -> SchemeChangePreview:
    """Reads the cards of models and no database, so that an editor can ask after every step."""
    library = replace(affected.library, scheme=change.after)
    fitting = [model for model in library.kept() if model.fits]
    still = {model.folder for model in fitting}
    reopened = affected.accepted if change.added else 0
    kept = affected.accepted - reopened
    if fitting:
        proposes: str | None = fitting[0].subject.rstrip(",")
    else:
        proposes = f"the {PriorModel.name} from labelled shapes" if kept else None
    names = change.before.landmarks
    gone = [names.index(name) for name in change.removed]
    return SchemeChangePreview(
        change,
        reopened,
        tuple((names[i], affected.positions[i]) for i in gone if affected.positions[i]),
        tuple(model for model in affected.models if model.folder not in still),
        proposes,
        affected.plan,
        tuple(names[i] for i in gone if i in affected.plan.landmarks),
        affected.second_opinions,
        tuple((r, affected.masks[r]) for r in change.removed_regions if affected.masks[r]),
    )


def change_with_backup(
    project: Project, change: SchemeChange, who: str
) -> tuple[Entry, Path | None]:
    """The change, after a verified copy of the database as it was; and where the copy is, None
    where this login can make none: a lead who has not made a shared project. It is a step for
    undo all the same.

    Raises what `Project.change_scheme` and `Project.back_up` raise; then nothing has changed.
    """
    # Before the copy: who may not do this is told so, and not what the copy takes.
    project.refuse_below(who, Role.LEAD, ActionKind.SCHEME)
    copy = project.back_up(f"scheme_{project.scheme.version}") if project.backs_up else None
    return project.change_scheme(change, who=who), copy


def change_opened(
    folder: Path, change: SchemeChange, who: str, placed: PlacedAnew | None = None
) -> Path | None:
    """As `change_with_backup`, on a connection of its own; where the copy is. placed: clicks that
    are stored after it."""
    with Project.open(folder) as project:
        copy = change_with_backup(project, change, who)[1]
        if placed is not None:
            place_new(project, placed, who)
        return copy


def named(names: Sequence[str]) -> str:
    """Such as "a, b and c", or "a, b, c and 14 more"."""
    if len(names) > _NAMED:
        return f"{', '.join(names[: _NAMED - 1])} and {len(names) - _NAMED + 1:,} more"
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
