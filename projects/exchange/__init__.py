"""Label formats in and out. One file a format; `registry` knows them all."""

from projects.exchange.exporting import ExportReport, export_labels
from projects.exchange.importing import ImportReport, import_labels
from projects.exchange.instances import Unreadable
from projects.exchange.registry import Format, by_name, formats, sniff

__all__ = [
    "ExportReport",
    "Format",
    "ImportReport",
    "Unreadable",
    "by_name",
    "export_labels",
    "formats",
    "import_labels",
    "sniff",
]
