"""What a person chooses of an export, and the export: one code for the command and the window."""

from dataclasses import dataclass, replace
from pathlib import Path

from landmark_annotator.annotator.session.exchange.people_choice import (
    agreed_labels,
    labels_of,
    without_hidden,
)
from landmark_annotator.projects.exchange import Split, by_name, export_set, formats, mapping_for
from landmark_annotator.projects.exchange.codecs.common.shards import shards_of
from landmark_annotator.projects.exchange.transfer.export_set import SetReport
from landmark_annotator.projects.exchange.transfer.image_files import ImageNaming, ImagesAs
from landmark_annotator.projects.exchange.transfer.whose_labels import EVERYBODYS, WhoseLabels
from landmark_annotator.projects.store import Project, read_at_once
from landmark_annotator.projects.vocabulary import Progress, Provenance
from landmark_annotator.projects.vocabulary.errors import FormatError


@dataclass(frozen=True)
class ExportChoice:
    """format, target: what is written, and where to. mapping: the landmarks to write instead, by
    the name of a built-in mapping or the path of one. shares: of a split, such as "80/10/10".
    group: which images a split keeps together, as in `Split`. all_labels: also shapes that
    nobody has accepted yet. frames: labelled frames of videos become image files beside it.
    annotator: only this person's labels. consensus: one shape an object from several people's.
    by_people: without what a rule accepted. images: whether they are put into the export, and how
    they are named; images_root: the folder that relative names start from. shard_size: megabytes of
    each file, by formats that write several; None: the usual ones. who: exports it, and gets
    nothing that is hidden from them; None: nobody in particular, who gets all."""

    format: str
    target: Path
    mapping: str | None = None
    shares: str | None = None
    group: str | None = None
    seed: int = 0
    all_labels: bool = False
    frames: bool = False
    annotator: str | None = None
    consensus: bool = False
    by_people: bool = False
    images: ImagesAs = ImagesAs.MOVABLE
    images_root: Path | None = None
    shard_size: float | None = None
    who: str | None = None

    @property
    def split(self) -> Split | None:
        """Raises ActionableError where the shares or the group make none."""
        return None if self.shares is None else Split.parse(self.shares, self.seed, self.group)


@read_at_once
def export_as_chosen(project: Project, choice: ExportChoice, progress: Progress) -> SetReport:
    """Raises FormatError, SchemeError, DiskFull, ActionableError; see `export_set`."""
    _refuse_ending_of_another(choice)
    split = choice.split
    if choice.shard_size is not None and not by_name(choice.format).shards:
        several = ", ".join(card.name for card in formats() if card.shards)
        raise FormatError(
            f"{choice.format} is not written in files of a size.",
            kept="Nothing was written.",
            remedy=f"Leave the size out, or choose one of {several}.",
        )
    mapping = None if choice.mapping is None else mapping_for(choice.mapping, project.scheme)
    with shards_of(choice.shard_size):
        return export_set(
            project,
            choice.target,
            format=choice.format,
            split=split,
            mapping=mapping,
            include_unaccepted=choice.all_labels,
            frames=choice.frames,
            whose=_whose(project, choice),
            naming=ImageNaming(choice.images, choice.images_root),
            progress=progress,
        )


def _refuse_ending_of_another(choice: ExportChoice) -> None:
    """Programs tell formats by the ending: what is named for another one they cannot open.

    Raises FormatError. Endings that no format has say nothing. What is there already and is of the
    other kind, a folder or none, is told by who writes.
    """
    card, target = by_name(choice.format), choice.target
    name = target.name.lower()
    if target.is_dir() or (card.writes_folder and target.exists()):
        return
    # A package of SLEAP is a .slp as well as a .pkg.slp.
    if card.suffix and name.endswith(Path(f"x{card.suffix}").suffix):
        return
    others = [each for each in formats() if each.suffix and name.endswith(each.suffix)]
    if others:
        written = "a folder" if card.writes_folder else f"a {card.suffix} file"
        named = ", ".join(sorted(each.name for each in others if each.writer or each.stream_writer))
        raise FormatError(
            f"{target.name} has the ending of another format: {card.name} is {written}.",
            kept="Nothing was written.",
            remedy=f"Call it {target.stem}{card.suffix}, or choose the format that is meant: "
            f"{named}.",
        )


def _whose(project: Project, choice: ExportChoice) -> WhoseLabels:
    if choice.annotator is not None:
        whose = labels_of(project, choice.annotator)
    else:
        whose = agreed_labels(project) if choice.consensus else EVERYBODYS
    if choice.who is not None:
        whose = without_hidden(project, whose, choice.who)
    if not choice.by_people:
        return whose
    ruled = frozenset(
        instance_id
        for instance_id, parts in project.tally().items()
        if any(part.provenance is Provenance.RULED for part in parts)
    )
    said = f"{whose.said} Shapes that were accepted by rule are left out.".strip()
    return replace(whose, said=said, left_out=whose.left_out | ruled, ruled=ruled)


def suggested_target(folder: Path, name: str, format: str) -> Path:
    """In the folder. The format is in the name, so that the data sheets of two are apart."""
    return folder / f"{name}-{format}{by_name(format).suffix}"
