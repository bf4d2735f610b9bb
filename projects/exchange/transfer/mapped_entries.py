"""Entries of a sparse scheme in the project's own."""

from dataclasses import replace

from landmark_annotator.projects.exchange.codecs.common.entries import ImportedInstance
from landmark_annotator.projects.exchange.mapping import Mapping


def left_out_by(mapping: Mapping) -> list[str]:
    """What a person is told of landmarks that have no others."""
    if not mapping.means:
        return []
    return [f"No single landmark follows from {', '.join(mapping.means)}: they were left out."]


def mapped_entry(entry: ImportedInstance, mapping: Mapping) -> ImportedInstance:
    return replace(
        entry,
        shape=mapping.to_dense(entry.shape),
        confidence=entry.confidence and mapping.dense_values(entry.confidence),
    )
