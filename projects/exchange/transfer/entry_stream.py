"""The entries of a label file on their way into a project: one at a time where its format can."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from landmark_annotator.projects.exchange.capabilities import NOT_WRITTEN, ONE_PERSON
from landmark_annotator.projects.exchange.codecs.common.entries import ImportedInstance, Stream
from landmark_annotator.projects.exchange.codecs.common.files import exists, refuse_missing
from landmark_annotator.projects.exchange.codecs.common.labelling import of_annotator
from landmark_annotator.projects.exchange.codecs.common.taken_names import read_from
from landmark_annotator.projects.exchange.codecs.common.text import beginning
from landmark_annotator.projects.exchange.format_card import Format
from landmark_annotator.projects.exchange.registry import by_name, left_beside_images, sniff
from landmark_annotator.projects.remote import address_of
from landmark_annotator.projects.video import is_video
from landmark_annotator.projects.vocabulary import SILENT, Progress, Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError
from landmark_annotator.projects.vocabulary.wording import counted

_READING = "Reading labels"
_TABLES = {"metadata.jsonl": "", "CollectedData*.csv": "scorer"}
"""Of formats that are folders of images and a table of them: how one begins that is cut short, and
so is not known as theirs any more."""
_CHOOSE_THEMSELVES = ("csv", "label-studio")
"""Formats with a way of their own to say whose labels are whose."""


def entries_of(
    source: Path,
    scheme: Scheme,
    format: str | None,
    images: Path | None,
    annotator: str | None,
    columns: str | None,
    progress: Progress,
) -> Stream:
    """See `import_labels`. All that is wrong with the file as a whole is said before the first
    entry: raises FormatError, Cancelled."""
    about = source, scheme, format, images, annotator, columns
    read_from(lambda: entries_of(*about, SILENT).instances)
    if columns is not None:
        from landmark_annotator.projects.exchange.codecs import csv_table
        from landmark_annotator.projects.exchange.codecs.csv_columns import Columns

        told = Columns.parse(columns)
        if source.is_file() and beginning(source).lstrip()[:1] in ("{", "[", "<"):
            raise FormatError(
                f"{source} is no table: it has no columns to tell apart.",
                kept="Nothing was changed.",
                remedy="Leave the columns out: its format is found out.",
            )
        progress.start(_READING, None)
        return csv_table.stream(
            source, scheme, images=images, annotator=annotator, progress=progress, columns=told
        )
    card = by_name(format) if format is not None else sniff(source)
    if address_of(source) is None:
        refuse_missing(source)
    if format is None and card.name == "images" and source.is_dir():
        _refuse_damaged_tables(source)
    refuse_no_folder(card, images)
    _refuse_predictions(source, card)
    with told_by_content(source, card):
        stream = _read(card, source, scheme, images, annotator, progress)
    # Not before: results, which are none of these, may name their images by the numbers of a file.
    refuse_file(card, images)
    return stream


def _read(
    card: Format,
    source: Path,
    scheme: Scheme,
    images: Path | None,
    annotator: str | None,
    progress: Progress,
) -> Stream:
    # Only now: what is refused for what it is, as a video, has no labels that are read.
    progress.start(_READING, None)
    said = card.carries is not None and card.carries.people not in (NOT_WRITTEN, ONE_PERSON)
    chosen = annotator if said and card.name not in _CHOOSE_THEMSELVES else None
    if chosen is not None:
        annotator = None
    if card.stream_reader is not None:
        reader = card.stream_reader()
        stream = reader.stream(
            source, scheme, images=images, annotator=annotator, progress=progress
        )
        return _told_if_empty(_of(stream, chosen, source), source)
    contents = card.reader().read(source, scheme, images=images, annotator=annotator)
    if card.name == "images" and source.is_dir():
        labels, videos = left_beside_images(source)
        if labels is not None:
            contents.notes.append(
                f"Of the labels in the folder nothing was read, such as {labels}: import them by "
                "themselves."
            )
        if videos:
            contents.notes.append(
                f"Of {counted(len(videos), 'video')} in the folder nothing comes in, such as "
                f"{videos[0]}: to add frames of a video, name the video itself."
            )
    if any(entry.confidence is not None for entry in contents.instances):
        raise _no_labels(source, "scores")
    return _told_if_empty(_of(Stream.of(contents), chosen, source), source)


def _refuse_predictions(source: Path, card: Format) -> None:
    """Raises FormatError for the table that `annotator predict` writes: as labels, all in it would
    be accepted though nobody has seen it."""
    from landmark_annotator.projects.exchange.codecs.csv_rows import PREDICTED_ERROR, names_in

    if card.name == "csv" and PREDICTED_ERROR in names_in(beginning(source)):
        raise _no_labels(source, "expected errors")


def _no_labels(source: Path, come_with: str) -> FormatError:
    return FormatError(
        f"{source} holds predictions and not labels: they come with {come_with}.",
        remedy="Import them as predictions, which a person then confirms: a choice in the import's "
        "dialog, --as-proposals at a terminal.",
    )


def _refuse_damaged_tables(folder: Path) -> None:
    """Of a folder that is known as images alone. Raises FormatError for the table of a format that
    names its images: they would come in without a word of their labels."""
    for pattern, begins in _TABLES.items():
        for table in sorted(folder.glob(pattern)):
            text = beginning(table).strip()
            if not text or (begins and text.startswith(begins)):
                raise FormatError(
                    f"{table} says nothing of any image: it is empty or cut short.",
                    kept="Nothing was imported.",
                    remedy="Put it right, or move it away and import the images without it.",
                )


def _told_if_empty(stream: Stream, source: Path) -> Stream:
    """The same, which says so where there was nothing in it at all, and is refused where it begins
    with a prediction: by others what is predicted comes in with the labels, as not accepted."""

    def instances() -> Iterator[ImportedInstance]:
        found = False
        for each in stream.instances:
            if not found and each.confidence is not None:
                raise _no_labels(source, "scores")
            found = True
            yield each
        if not found and not stream.unreadable:
            stream.notes.append(f"There was nothing to read in {source}: no labels and no images.")

    return replace(stream, instances=instances())


def refuse_no_folder(card: Format, images: Path | None) -> None:
    """Raises FormatError where images are to be found in what is not there. Formats that hold the
    images themselves put them there."""
    if images is not None and card.names_images and not exists(images):
        raise FormatError(
            f"There is no folder {images} that names of images could start from.",
            kept="Nothing was changed.",
            remedy="Correct the path.",
        )


def refuse_file(card: Format, images: Path | None) -> None:
    """Raises FormatError where images are to be found from a file, which may only be their video:
    each of them would be missing for itself."""
    if images is not None and card.names_images and images.is_file() and not is_video(images):
        raise FormatError(
            f"{images} is no folder: names of images cannot start from it.",
            kept="Nothing was changed.",
            remedy="Give the folder of the images.",
        )


@contextmanager
def told_by_content(source: Path, card: Format) -> Iterator[None]:
    """Of a file whose format somebody has said: where it cannot be read, and it looks like another
    one, that is the way out, and no other copy of it."""
    try:
        yield
    except FormatError as error:
        other = _looks_like(source, card)
        if other is None:
            raise
        remedy = f"It looks like {other}: leave the format out, or give that one."
        raise FormatError(error.happened, kept=error.kept, remedy=remedy) from error


def _looks_like(source: Path, card: Format) -> str | None:
    """Another format, of a file that does not look like this one."""
    try:
        found = None if card.reader().sniff(source) else sniff(source)
    except FormatError:
        return None
    return None if found is None or found.name == "images" else found.name


def _of(stream: Stream, annotator: str | None, source: Path) -> Stream:
    if annotator is None:
        return stream
    return replace(stream, instances=of_annotator(stream.instances, annotator, source))
