"""The label formats: what they are called, and which of them a file is in."""

import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from landmark_annotator.projects.exchange import packed_files
from landmark_annotator.projects.exchange.codecs.common.files import files_below, refuse_missing
from landmark_annotator.projects.exchange.codecs.common.text import beginning
from landmark_annotator.projects.exchange.format_card import Format
from landmark_annotator.projects.exchange.format_cards import FORMATS
from landmark_annotator.projects.exchange.format_cards_by_program import BY_PROGRAM
from landmark_annotator.projects.exchange.other_project import how_to_bring, project_of
from landmark_annotator.projects.exchange.plugged_code import guarded
from landmark_annotator.projects.images import IMAGE_SUFFIXES
from landmark_annotator.projects.remote import address_of
from landmark_annotator.projects.video import is_video
from landmark_annotator.projects.vocabulary.arguments import told
from landmark_annotator.projects.vocabulary.errors import FormatError, closest
from landmark_annotator.projects.vocabulary.plugins import FORMATS as PLUGGED
from landmark_annotator.projects.vocabulary.plugins import Plugin, plugins

_FORMATS = (*BY_PROGRAM, *FORMATS)
"""In the order in which they are tried on a file of unknown format."""


def plugged_formats() -> tuple[Plugin, ...]:
    """Those that other packages bring."""
    return plugins(PLUGGED, Format, tuple(card.name for card in _FORMATS))


def formats() -> tuple[Format, ...]:
    """The cards of all, in the order in which they are tried on a file: those of other packages
    come last but for images, which any folder may hold."""
    others = [guarded(plugin) for plugin in plugged_formats()]
    return (*_FORMATS[:-1], *others, _FORMATS[-1])


@told
def by_name(name: str) -> Format:
    """Raises FormatError with the closest known name."""
    known = {card.name: card for card in formats()}
    if name not in known:
        raise FormatError(
            f'There is no label format "{name}".{closest(name, known)}',
            remedy=f"Known formats: {', '.join(known)}.",
        )
    return known[name]


@told
def sniff(source: Path | str) -> Format:
    """The format of a file or folder. Raises FormatError where it is none of them.

    At an address there are images.
    """
    source = Path(source)
    if address_of(source) is not None:
        return by_name("images")
    refuse_missing(source)
    if source.is_file() and source.name.endswith(_SHEETS):
        raise FormatError(
            f"{source.name} is the data sheet of an export: it describes labels and holds none.",
            remedy="Import the file or folder that it names.",
        )
    packed = packed_files.refusal(source) if source.is_file() else None
    for card in formats():
        # Of archives those of other packages may make something.
        if (packed is None or card not in _FORMATS) and card.reader().sniff(source):
            return card
    if packed is not None:
        raise packed
    if is_video(source) and source.is_file():
        raise FormatError(
            f"{source.name} is a video, and import takes images and labels.",
            remedy="Add frames of it: annotator frames PROJECT "
            f"{shlex.quote(source.name)} --count 40.",
        )
    inside = _known_inside(source)
    if inside is not None:
        raise FormatError(
            f"The folder {source} is no label format itself, and holds the labels {inside.name}.",
            remedy=f"Import the file: {inside}.",
        )
    if (project := project_of(source)) is not None:
        raise FormatError(
            f"{project} is a project, and its labels are in its database.",
            remedy=how_to_bring(project),
        )
    columns = _columns_of(source)
    if columns:
        some = f"{', '.join(columns[:_MOST_NAMED])}{', ...' if len(columns) > _MOST_NAMED else ''}"
        raise FormatError(
            f"{_nothing_known_in(source)} It is a table with the columns {some}.",
            remedy="Say at a terminal which is which, such as --columns "
            "'image=photo,{}.x={}_px,{}.y={}_py', or name them image, NAME.x and NAME.y. Other "
            "formats: annotator formats lists all.",
        )
    if source.is_dir() and any(map(is_video, islice(source.rglob("*"), _MOST_FILES))):
        raise FormatError(
            _nothing_known_in(source),
            remedy="Name its videos themselves: frames of them come in. At a terminal: "
            "annotator frames PROJECT VIDEO --count 40.",
        )
    raise FormatError(
        _nothing_known_in(source),
        remedy="Known are images, tables (.csv), and the labels of COCO, CVAT, DeepLabCut, SLEAP, "
        "YOLO and many others: annotator formats lists all.",
    )


_TABLES = (".csv", ".tsv")
_SHEETS = (".datasheet.json", ".datasheet.md")
_MOST_NAMED = 6
_MOST_FILES = 1000
"""Files of a folder that are looked at to say what is in it."""
_MOST_SNIFFED = 20


def left_beside_images(folder: Path) -> tuple[Path | None, list[Path]]:
    """Of what is in a folder of images or below it, and is not read with them: a label file, and
    all videos."""
    others = [path for path in files_below(folder)[0] if path.suffix.lower() not in IMAGE_SUFFIXES]
    videos = [path for path in others if is_video(path)]
    rest = (path for path in others if not is_video(path) and path.is_file())
    return _first_known(rest, formats()[:-1]), videos


def _known_inside(source: Path) -> Path | None:
    """A label file in the folder, which is not a known one as a whole."""
    files = (path for path in sorted(source.iterdir()) if path.is_file()) if source.is_dir() else ()
    return _first_known(files, formats())


def _first_known(files: Iterable[Path], cards: Sequence[Format]) -> Path | None:
    readers = [card.reader() for card in cards]
    for path in islice(files, _MOST_SNIFFED):
        if packed_files.refusal(path) is None and any(reader.sniff(path) for reader in readers):
            return path
    return None


def _columns_of(source: Path) -> Sequence[str]:
    """The names of a table's columns; nothing where it is none."""
    if source.suffix.lower() not in _TABLES or not source.is_file():
        return ()
    from landmark_annotator.projects.exchange.codecs.csv_rows import names_in

    names = names_in(beginning(source))
    return names if len(names) > 1 else ()


def _nothing_known_in(source: Path) -> str:
    if not source.is_dir():
        return f"The file {source} holds no labels or images of a known kind."
    found = islice((path for path in source.rglob("*") if path.is_file()), _MOST_FILES)
    kinds = Counter(path.suffix.lower() or "no ending" for path in found)
    if not kinds:
        return f"The folder {source} is empty."
    few = ", ".join(kind for kind, _ in kinds.most_common(3))
    return f"The folder {source} holds no labels or images of a known kind, only files of {few}."
