"""Label formats in and out. One file a format; `registry` knows them all."""

from landmark_annotator.projects.exchange.codecs.common.entries import Unreadable
from landmark_annotator.projects.exchange.format_card import Format
from landmark_annotator.projects.exchange.mapping import Mapping, mapping_for
from landmark_annotator.projects.exchange.registry import by_name, formats, sniff
from landmark_annotator.projects.exchange.scheme_of_labels import scheme_from, scheme_of_labels
from landmark_annotator.projects.exchange.splits import Split
from landmark_annotator.projects.exchange.transfer.export_labels import ExportReport, export_labels
from landmark_annotator.projects.exchange.transfer.export_set import SetReport, export_set
from landmark_annotator.projects.exchange.transfer.import_labels import import_labels
from landmark_annotator.projects.exchange.transfer.import_proposals import (
    ProposalReport,
    import_proposals,
)
from landmark_annotator.projects.exchange.transfer.import_report import ImportReport

__all__ = [
    "ExportReport",
    "Format",
    "ImportReport",
    "Mapping",
    "ProposalReport",
    "SetReport",
    "Split",
    "Unreadable",
    "by_name",
    "export_labels",
    "export_set",
    "formats",
    "import_labels",
    "import_proposals",
    "mapping_for",
    "scheme_from",
    "scheme_of_labels",
    "sniff",
]
