"""Label formats in and out. One file a format; `registry` knows them all."""

from projects.exchange.codecs.common.entries import Unreadable
from projects.exchange.format_card import Format
from projects.exchange.mapping import Mapping, mapping_for
from projects.exchange.registry import by_name, formats, sniff
from projects.exchange.scheme_of_labels import scheme_from, scheme_of_labels
from projects.exchange.splits import Split
from projects.exchange.transfer.export_labels import ExportReport, export_labels
from projects.exchange.transfer.export_set import SetReport, export_set
from projects.exchange.transfer.import_labels import ImportReport, import_labels
from projects.exchange.transfer.import_proposals import ProposalReport, import_proposals

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
