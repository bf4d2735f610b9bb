"""Lightning Pose: a folder that its own program takes as data_dir.

    CollectedData.csv                          scorer, bodyparts, coords; a row an image
    labeled-data/VIDEO/img0000120.png

The table is that of `deeplabcut`, without individuals: an image has one object. Its rows name
images from the folder. Read are the tables of several views too (CollectedData_top.csv and so on),
each with the images that it names.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from landmark_annotator.projects.exchange.codecs import deeplabcut
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    Unreadable,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import make_folder
from landmark_annotator.projects.exchange.codecs.deeplabcut_project import place_images
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError
from landmark_annotator.projects.vocabulary.wording import counted

_FILE = "CollectedData.csv"


def sniff(source: Path) -> bool:
    return source.is_dir() and any(map(deeplabcut.sniff, _tables(source)))


def _tables(source: Path) -> list[Path]:
    return sorted(source.glob("CollectedData*.csv"))


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """annotator: the scorer."""
    contents = Contents()
    for table in _tables(source):
        try:
            one = deeplabcut.read(table, scheme, images=images, annotator=annotator)
        except FormatError as error:
            contents.unreadable.append(Unreadable(table, str(error)))
            continue
        contents.instances.extend(one.instances)
        contents.unreadable.extend(one.unreadable)
        contents.notes.extend(note for note in one.notes if note not in contents.notes)
    if not contents.instances and contents.unreadable:
        raise FormatError(contents.unreadable[0].reason)
    return contents


def landmarks(source: Path) -> Scheme:
    return deeplabcut.landmarks(_tables(source)[0])


def _one_an_image(instances: Sequence[ExportedInstance]) -> list[ExportedInstance]:
    """Of two animals the same one in all images that show it: that of the longest track, else the
    first object."""
    seen = Counter(each.track for each in instances if each.track)
    ranks = {track: rank for rank, (track, _) in enumerate(seen.most_common())}
    chosen: dict[tuple[Path, int | None], ExportedInstance] = {}
    for each in instances:
        other = chosen.setdefault(each.place, each)
        if ranks.get(each.track, len(ranks)) < ranks.get(other.track, len(ranks)):
            chosen[each.place] = each
    return list(chosen.values())


def write(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
    """Into the folder `target`. Raises FormatError or DiskFull."""
    make_folder(target)
    first = _one_an_image(instances)
    placed, missing = place_images(target, first)
    moved = [replace(each, image=target / placed[each.image], track="") for each in first]
    people = {each.annotator for each in first if each.annotator}
    scorer = deeplabcut.scorer_of(first)
    table = deeplabcut.table_of(target / _FILE, moved, scheme, ([], [""]), scorer)
    deeplabcut.write_table(target / _FILE, table)
    written = deeplabcut.written(table, moved)
    notes = [*written.notes]
    if len(first) < len(instances):
        notes.append(
            f"Lightning Pose has one object an image: left out were "
            f"{counted(len(instances) - len(first), 'object')}."
        )
        kept = Counter(each.track for each in first if each.track).most_common(1)
        if kept and any(each.track not in ("", kept[0][0]) for each in instances):
            notes.append(f"Of several in an image, that of track {kept[0][0]} is written.")
    if len(people) > 1:
        notes.append(f"A table has one scorer: {scorer} stands for {', '.join(sorted(people))}.")
    if missing:
        notes.append(
            f"{counted(missing, 'image')} could not be copied: gone, unreadable, or changed since."
        )
    return Written(len(first), written.images, notes)
