"""The entries of a label file on their way into a project: one at a time where its format can."""

from pathlib import Path

from landmark_annotator.projects.exchange.codecs.common.entries import Stream
from landmark_annotator.projects.exchange.registry import by_name, sniff
from landmark_annotator.projects.vocabulary import Progress, Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError


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
    if columns is not None:
        from landmark_annotator.projects.exchange.codecs import csv_table
        from landmark_annotator.projects.exchange.codecs.csv_columns import Columns

        told = Columns.parse(columns)
        return csv_table.stream(
            source, scheme, images=images, annotator=annotator, progress=progress, columns=told
        )
    card = by_name(format) if format is not None else sniff(source)
    if card.stream_reader is not None:
        reader = card.stream_reader()
        return reader.stream(source, scheme, images=images, annotator=annotator, progress=progress)
    contents = card.reader().read(source, scheme, images=images, annotator=annotator)
    if any(entry.confidence is not None for entry in contents.instances):
        raise FormatError(
            f"{source} holds predictions and not labels: they come with scores.",
            remedy="Import them as proposals (--as-proposals), which a person then confirms.",
        )
    return Stream.of(contents)
