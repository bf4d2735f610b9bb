"""The four sets of LANDMARK_DATA that campaigns label from nothing."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.projects.exchange.codecs import csv_table, tem
from landmark_annotator.projects.exchange.codecs.common.entries import Contents
from landmark_annotator.projects.exchange.curve_files import read_curves
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Scheme
from landmark_annotator.projects.vocabulary.errors import ActionableError, closest


@dataclass(frozen=True)
class CampaignSet:
    """count: how many of its images a campaign labels. weights: by name, those that come with the
    program and have not learned from these very images, where the others have. mm_per_pixel: where
    it is known."""

    name: str
    count: int
    scheme: Callable[[], Scheme]
    read: Callable[[Scheme], list[LabelledInstance]]
    weights: str | None = None
    mm_per_pixel: float | None = None

    def job(self, seed: int, jitter: float, images: int | None) -> list[LabelledInstance]:
        """In a seeded order, each in the square around its landmarks, off by `jitter` sides."""
        everything = self.read(self.scheme())
        order = np.random.default_rng(seed).permutation(len(everything))[: self.count][:images]
        return [
            LabelledInstance(
                everything[i].key,
                jittered(everything[i].box, jitter, seed, i),
                everything[i].shape,
                everything[i].read_pixels,
            )
            for i in order.tolist()
        ]


def _faces(scheme: Scheme) -> list[LabelledInstance]:
    return faces300w.faces(("faces68/helen-train",))


def _flies(scheme: Scheme) -> list[LabelledInstance]:
    return instances_of(csv_table.read(faces300w.data_folder() / "fly32" / "points.csv", scheme))


def _skulls(scheme: Scheme) -> list[LabelledInstance]:
    table = faces300w.data_folder() / "ceph19" / "points.csv"
    return instances_of(csv_table.read(table, scheme, annotator="mean"))


def _london(scheme: Scheme) -> list[LabelledInstance]:
    return instances_of(tem.read(faces300w.data_folder() / "london189", scheme))


def instances_of(contents: Contents) -> list[LabelledInstance]:
    """In the order of their names, each in the square around its landmarks."""
    if contents.unreadable:
        first = contents.unreadable[0]
        raise ActionableError(f"{first.path} cannot be read: {first.reason}")
    return [
        LabelledInstance(
            each.source,
            Box.square_around(each.shape.points),
            each.shape,
            partial(read_pixels, each.image),
        )
        for each in sorted(contents.instances, key=lambda each: each.source)
    ]


def _face_scheme() -> Scheme:
    """By another name, or the weights that came with the program would propose from the start."""
    return replace(Scheme.named("face68"), name="helen68")


def _skull_scheme() -> Scheme:
    names = (
        "sella, nasion, orbitale, porion, subspinale, supramentale, pogonion, menton, gnathion, "
        "gonion, lower incisor, upper incisor, upper lip, lower lip, subnasale, "
        "soft tissue pogonion, posterior nasal spine, anterior nasal spine, articulare"
    )
    # The anterior cranial base, by which cephalograms are compared.
    return Scheme("ceph19", tuple(names.split(", ")), normaliser=(0, 1))


def london_scheme() -> Scheme:
    """The template's 189 points and contours; errors are in percent of the head's width between the
    ears."""
    template = faces300w.data_folder() / "london189" / "frl189-names.json"
    points = json.loads(template.read_text(encoding="utf-8"))["points"]
    names = tuple(f"{point['name']} {point['n']}" for point in points)  # some are there twice
    pairs = tuple((p["n"], p["sym"]) for p in points if p["n"] < p["sym"])
    curves = read_curves(min(template.parent.glob("*.tem")), len(names))
    return Scheme("london189", names, partners=pairs, normaliser=(109, 112), curves=curves)


SETS = (
    CampaignSet("helen", 500, _face_scheme, _faces, weights="heads68"),
    CampaignSet("fly32", 100, partial(Scheme.named, "fly32"), _flies),
    CampaignSet("ceph19", 200, _skull_scheme, _skulls, mm_per_pixel=0.4),
    CampaignSet("london189", 102, london_scheme, _london),
)


def set_named(name: str) -> CampaignSet:
    """Raises ActionableError with the closest known name."""
    for one in SETS:
        if one.name == name:
            return one
    names = [one.name for one in SETS]
    raise ActionableError(
        f'There is no set "{name}".{closest(name, names)}', remedy=f"Known sets: {', '.join(names)}"
    )
