"""From a number to a picture, its mask and everything that is known of it."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from projects.samples.rendering.assets import Assets
from projects.samples.rendering.backdrop import draw_backdrop
from projects.samples.rendering.finishing import Sensor, draw_sensor, photograph
from projects.samples.rendering.lighting import draw_light
from projects.samples.rendering.portrait import (
    Built,
    Moment,
    Person,
    build,
    draw_moment,
    draw_person,
)
from projects.samples.rendering.tracing import trace
from projects.samples.rendering.truth import described, mask_png
from projects.samples.rendering.view import View

PEOPLE = 1_000_000
"""That many to a seed, so that no two seeds share a person."""


@dataclass(frozen=True)
class Shot:
    """jpeg, mask: the files. truth: see truth.described."""

    jpeg: bytes
    mask: bytes
    truth: dict[str, Any]


def still(assets: Assets, seed: int, number: int, size: int, samples: int) -> Shot:
    """The portrait `number` of the set that `seed` makes."""
    person, moment, built = sitting(assets, seed, number, size)
    sensor = draw_sensor(np.random.default_rng([person.seed, 21]))
    return _shot(built, person, moment, sensor, samples, grain=0)


def sitting(assets: Assets, seed: int, number: int, size: int) -> tuple[Person, Moment, Built]:
    """The portrait `number` before it is rendered, with all of its geometry."""
    which = seed * PEOPLE + number
    person, moment = draw_person(assets, which), draw_moment(which)
    return person, moment, build(assets, person, moment, size)


def frame(
    assets: Assets, person: Person, moment: Moment, view: View, number: int, samples: int
) -> Shot:
    """One picture of a sequence: the light and the place stay, the sensor's noise does not."""
    built = build(assets, person, moment, view.size, frame=view)
    sensor = replace(draw_sensor(np.random.default_rng([person.seed, 21])), motion=0.0, quality=80)
    return _shot(built, person, moment, sensor, samples, grain=number)


def _shot(
    built: Built, person: Person, moment: Moment, sensor: Sensor, samples: int, grain: int
) -> Shot:
    rng = np.random.default_rng([person.seed, 20])
    view = built.view
    kind, backdrop = draw_backdrop(view.size, rng)
    light = draw_light(backdrop, rng)
    parts = built.parts + [strands.ribbons(view.eye) for strands in built.strands]
    traced = trace(parts, view, light, samples, person.seed + grain)
    noise = np.random.default_rng([person.seed, 22, grain])
    jpeg = photograph(traced, backdrop, view.size / view.across, sensor, noise)
    truth = described(built, person, moment, traced) | {"background": kind}
    return Shot(jpeg, mask_png(traced.labels), truth)
