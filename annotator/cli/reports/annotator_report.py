"""How each annotator places beside the others, for people and for scripts."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from landmark_annotator.annotator.cli.support.output import columns, counted
from landmark_annotator.annotator.session.review.each_annotator import (
    CHANCE,
    Annotators,
    Outlier,
)
from landmark_annotator.projects.images.source import image_name
from landmark_annotator.projects.store import ImageRecord
from landmark_annotator.projects.vocabulary import Scheme

_WORST = 3
"""Landmarks and outliers that a person is shown of each annotator."""


def annotator_report(found: Annotators, scheme: Scheme, names: Mapping[int, str]) -> str:
    """names: of the instances with outliers, by their ids."""
    outliers = found.outliers()
    counts = ("outliers",) if found.by_several else ()
    rows = [("annotator", "objects", "mean %", "95 % below", "habit px", "steady to px", *counts)]
    lines = []
    for k, name in enumerate(found.people.names):
        spread = found.distance(k)
        own = [one for one in outliers if one.who == name and not one.other]
        rows.append(
            (
                name,
                f"{found.objects[k]:,}",
                f"{spread.mean:.2f}",
                f"{spread.high:.2f}",
                _habit(found, k),
                f"{float(np.nanmedian(found.steadiness[k])):.1f}",
                *((f"{len(own):,}",) if counts else ()),
            )
        )
        worst = ", ".join(
            f"{scheme.landmarks[j]} {found.distance_of(k, j).mean:.2f} %{_shift(found, k, j)}"
            for j in _worst_landmarks(found, k)[:_WORST]
        )
        lines.append(f"{name} is farthest at: {worst}.")
        lines += [
            f"  {scheme.landmarks[one.landmark]} of "
            f"{names[one.instance_id]} (id {one.instance_id}): "
            f"{one.pixels:.0f} px from where the others have it."
            for one in own[:_WORST]
        ]
    apart = [one for one in outliers if one.who < one.other]
    lines += _far_apart(apart, scheme, names)
    rare = "an outlier is so far off" if counts else "two people are far apart where they are so"
    said = (
        f"Each against the consensus of all, in % of {scheme.divisor}. A habit is a shift that a "
        f"person makes on every object; {rare} by chance {CHANCE:g} of the time:"
    )
    alone = sum(not one.other for one in outliers)
    told = [counted(alone, "outlier")] if alone else []
    told += [f"{counted(len(apart), 'place')} where two people are far apart"] if apart else []
    if told:
        lines.append(f"{' and '.join(told)}; --flag sends them to review.")
    return "\n".join([said, columns(rows), *lines])


def _far_apart(apart: Sequence[Outlier], scheme: Scheme, names: Mapping[int, str]) -> list[str]:
    """Lines on landmarks that exactly two people have placed, far from each other."""
    of_two: dict[tuple[str, str], list[Outlier]] = {}
    for one in apart:
        of_two.setdefault((one.who, one.other), []).append(one)
    lines = []
    for (who, other), several in of_two.items():
        lines.append(f"{who} and {other} are far apart, and nobody else says whose label is off:")
        lines += [
            f"  {scheme.landmarks[one.landmark]} of {names[one.instance_id]} "
            f"(id {one.instance_id}): {one.pixels:.0f} px."
            for one in several[:_WORST]
        ]
    return lines


def annotator_facts(
    found: Annotators, scheme: Scheme, images: Mapping[int, ImageRecord]
) -> dict[str, Any]:
    """images: of the outliers, by the ids of their instances. Of two people alone who are far apart
    both labels are among them, each with the other's name."""
    return {
        "annotators": [
            {
                "name": name,
                "objects": found.objects[k],
                "mean": found.distance(k).mean,
                "below_95": found.distance(k).high,
                "landmarks": {
                    landmark: {
                        "mean": found.distance_of(k, j).mean,
                        "habit": found.habits[k, j].tolist(),
                        "covariance": found.covariances[k, j].tolist(),
                    }
                    for j, landmark in enumerate(scheme.landmarks)
                },
            }
            for k, name in enumerate(found.people.names)
        ],
        "outliers": [
            {
                "instance": one.instance_id,
                "image": images[one.instance_id].path,
                "frame": images[one.instance_id].frame,
                "name": image_name(images[one.instance_id]),
                "who": one.who,
                "other": one.other or None,
                "landmark": scheme.landmarks[one.landmark],
                "pixels": one.pixels,
            }
            for one in found.outliers()
        ],
    }


def _habit(found: Annotators, person: int) -> str:
    """The mean length of the habits, in pixels; one object alone tells none from chance."""
    lengths = np.linalg.norm(found.habits[person], axis=-1)
    known = lengths[np.isfinite(lengths)]
    return f"{known.mean():.1f}" if len(known) else "-"


def _shift(found: Annotators, person: int, landmark: int) -> str:
    x, y = found.habits[person, landmark].tolist()
    return f" (habit {x:+.1f}, {y:+.1f})" if np.isfinite(x) else ""


def _worst_landmarks(found: Annotators, person: int) -> list[int]:
    means = [found.distance_of(person, j).mean for j in range(found.distances.shape[2])]
    return [int(j) for j in np.argsort(means)[::-1] if np.isfinite(means[j])]
