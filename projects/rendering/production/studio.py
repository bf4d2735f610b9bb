"""From a number to a picture, its mask and everything that is known of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from landmark_annotator.projects.rendering.mesh.assets import Assets
from landmark_annotator.projects.rendering.production.motion import motion
from landmark_annotator.projects.rendering.production.portrait import (
    Built,
    Moment,
    Person,
    build,
    draw_moment,
    draw_person,
    draw_pose,
)
from landmark_annotator.projects.rendering.production.truth import described, mask_png
from landmark_annotator.projects.rendering.scene.backdrop import draw_backdrop
from landmark_annotator.projects.rendering.scene.camera import View
from landmark_annotator.projects.rendering.scene.lighting import draw_light
from landmark_annotator.projects.rendering.scene.path_tracing import Stage, Traced
from landmark_annotator.projects.rendering.scene.photograph import Sensor, draw_sensor, photograph
from landmark_annotator.projects.vocabulary.arrays import Floats

PEOPLE = 1_000_000
"""That many to a seed, so that no two seeds share a person."""
_FURTHEST = np.radians(50)
"""Between the first camera of a sitting and another."""


@dataclass(frozen=True)
class Shot:
    """jpeg, mask: the files. truth: see truth.described."""

    jpeg: bytes
    mask: bytes
    truth: dict[str, Any]


def stills(
    assets: Assets, seed: int, number: int, size: int, samples: int, views: Sequence[int] = (0,)
) -> Iterator[Shot]:
    """The sitting `number` of the set that `seed` makes, by its first camera, 0, or by others, each
    with a place, light and sensor of its own: most of what a picture costs is its sitting."""
    person, moment, first = sitting(assets, seed, number, size)
    stage: Stage | None = None
    for view in views:
        built = first if view == 0 else _seen_again(assets, person, first, view)
        further = [view] if view else []
        place = _place(built.view, _draw(person, 20, *further))
        if stage is None:
            stage = _stage(first, place)
        else:
            stage.relight(place.light)
        traced = stage.trace(built.view, samples, person.seed + view)
        sensor = draw_sensor(_draw(person, 21, *further))
        yield _shot(built, person, moment, traced, place, sensor, _draw(person, 22, view))


def _draw(person: Person, purpose: int, *take: int) -> np.random.Generator:
    return np.random.default_rng([person.seed, purpose, *take])


def _seen_again(assets: Assets, person: Person, first: Built, view: int) -> Built:
    """By a camera that gives the head another pose, as heads have them, but does not go so far that
    strands are seen from their edge."""
    wanted = draw_pose(_draw(person, 24, view)).rotation
    way = (wanted * first.turn.inv()).as_rotvec()
    share = min(1.0, _FURTHEST / max(float(np.linalg.norm(way)), 1e-9))
    return first.seen_from(assets, Rotation.from_rotvec(share * way), _draw(person, 4, view))


def sitting(assets: Assets, seed: int, number: int, size: int) -> tuple[Person, Moment, Built]:
    """The portrait `number` before it is rendered, with all of its geometry."""
    which = seed * PEOPLE + number
    person, moment = draw_person(assets, which), draw_moment(which)
    return person, moment, build(assets, person, moment, size)


def frame(
    assets: Assets,
    person: Person,
    moment: Moment,
    view: View,
    number: int,
    samples: int,
    during: tuple[Moment, Moment] | None = None,
) -> Shot:
    """One picture of a sequence: the light and the place stay, the sensor's noise does not.

    during: the moments at which the exposure begins and ends, by default one instant.
    """
    built = build(assets, person, moment, view.size, frame=view)
    sensor = replace(draw_sensor(_draw(person, 21)), motion=0.0, quality=80)
    place = _place(view, _draw(person, 20))
    traced = _stage(built, place).trace(view, samples, person.seed + number)
    blur = None if during is None else motion(assets, person, built, traced, during)
    return _shot(built, person, moment, traced, place, sensor, _draw(person, 22, number), blur)


@dataclass(frozen=True)
class _Place:
    kind: str
    backdrop: Floats
    light: Floats


def _place(view: View, rng: np.random.Generator) -> _Place:
    kind, backdrop = draw_backdrop(view.size, rng)
    return _Place(kind, backdrop, draw_light(backdrop, rng))


def _stage(built: Built, place: _Place) -> Stage:
    ribbons = [strands.ribbons(built.view.eye) for strands in built.strands]
    return Stage(built.parts + ribbons, place.light)


def _shot(
    built: Built,
    person: Person,
    moment: Moment,
    traced: Traced,
    place: _Place,
    sensor: Sensor,
    noise: np.random.Generator,
    blur: Floats | None = None,
) -> Shot:
    unit = built.view.size / built.view.across
    jpeg = photograph(traced, place.backdrop, unit, sensor, noise, blur)
    truth = described(built, person, moment, traced) | {"background": place.kind}
    return Shot(jpeg, mask_png(traced.labels), truth)
