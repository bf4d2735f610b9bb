"""A short film of one person: the head turns, the face moves, a hand passes before it."""

from dataclasses import replace

import numpy as np

from projects.rendering.mesh.assets import Assets
from projects.rendering.person.eyes import Gaze
from projects.rendering.person.posing import Pose
from projects.rendering.production.portrait import Built, Moment, Person, build, draw_person
from projects.rendering.production.studio import PEOPLE, Shot, frame
from projects.rendering.scene.camera import View

FRAMES = 60
_WHO = 900
_HAND = (22, 50)
"""The frames between which the hand passes."""


def film_frame(assets: Assets, seed: int, number: int, size: int, samples: int) -> Shot:
    """The frame `number` of FRAMES."""
    person = _person(assets, seed)
    shot = frame(assets, person, _moment(number), _view(assets, person, size), number, samples)
    return replace(shot, truth=shot.truth | {"frame": number})


def film_built(assets: Assets, seed: int, number: int, size: int) -> Built:
    """The frame `number` before it is rendered, with all of its geometry."""
    person = _person(assets, seed)
    return build(assets, person, _moment(number), size, frame=_view(assets, person, size))


def _person(assets: Assets, seed: int) -> Person:
    drawn = draw_person(assets, seed * PEOPLE + _WHO)
    return replace(drawn, glasses="none", hat="none")


def _view(assets: Assets, person: Person, size: int) -> View:
    """Wide enough for the whole turn; the same for all frames."""
    straight = build(assets, person, replace(_moment(0), pose=Pose(0, 0, 0), units={}), size)
    points = straight.guides
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    across = 2.3 * float(np.ptp(points[:, 1]))
    return View(middle + np.array([0, 0.12 * across, 0]), 14.0, across, size)


def _moment(number: int) -> Moment:
    t = number / (FRAMES - 1)
    yaw = 38 * np.sin(2 * np.pi * t)
    pose = Pose(
        float(yaw), float(8 * np.sin(4 * np.pi * t + 0.6)), float(5 * np.sin(2 * np.pi * t + 1))
    )
    smile = float(np.clip(np.sin(np.pi * t), 0, 1)) * 0.7
    blink = max(0.0, 1 - abs(number - 15) / 2, 1 - abs(number - 54) / 2)
    units = {
        "mouthSmileLeft": smile,
        "mouthSmileRight": smile,
        "eyeBlinkLeft": blink,
        "eyeBlinkRight": blink,
    }
    units["jawOpen"] = 0.35 * float(np.clip(np.sin(6 * np.pi * t), 0, 1))
    first, last = _HAND
    passing = first <= number <= last
    share = (number - first) / (last - first)
    at = (float(-1.3 + 2.6 * share), float(-0.15 + 0.2 * np.sin(np.pi * share)))
    return Moment(
        "film", units, Gaze(float(-0.3 * yaw), 0.0), pose, "hand" if passing else "none", at
    )
