"""Films of one person: the head turns, the face moves, a hand passes before it. A short one comes
with the program, and there are as many longer ones as there are seeds."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from landmark_annotator.projects.rendering.mesh.assets import Assets
from landmark_annotator.projects.rendering.person.eyes import Gaze
from landmark_annotator.projects.rendering.person.posing import Pose
from landmark_annotator.projects.rendering.production.acting import Acting
from landmark_annotator.projects.rendering.production.portrait import (
    Built,
    Moment,
    Person,
    build,
    draw_person,
)
from landmark_annotator.projects.rendering.production.studio import PEOPLE, Shot, frame
from landmark_annotator.projects.rendering.scene.camera import View

FRAMES = 60
_WHO, _WHO_ELSE = 900, 700_000
"""Of the embedded film, and of others: nobody whom batches of heads show."""
_HAND = (22, 50)
"""The frames between which the hand passes."""
_SHUTTER = 0.5
"""Share of the time between two frames in which it is open."""


def film_frame(assets: Assets, seed: int, number: int, size: int, samples: int) -> Shot:
    """One frame of the embedded film, counted from 0."""
    person, view = _filmed(assets, seed * PEOPLE + _WHO, size)
    shot = frame(assets, person, _moment(number), view, number, samples)
    return replace(shot, truth=shot.truth | {"frame": number})


def film_built(assets: Assets, seed: int, number: int, size: int) -> Built:
    """The frame `number` before it is rendered, with all of its geometry."""
    person, view = _filmed(assets, seed * PEOPLE + _WHO, size)
    return build(assets, person, _moment(number), size, frame=view)


def acted_frame(assets: Assets, seed: int, number: int, size: int, samples: int) -> Shot:
    """One frame, counted from 0, of a film of any length, of a person that the seed makes."""
    person, view = _filmed(assets, seed * PEOPLE + _WHO_ELSE, size)
    acting, time = Acting(person.seed), number + 1.0
    begin, middle, end = (acting.moment(time + share * _SHUTTER) for share in (-0.5, 0.0, 0.5))
    shot = frame(assets, person, middle, view, number, samples, during=(begin, end))
    return replace(shot, truth=shot.truth | {"frame": number})


@lru_cache(maxsize=1)
def _filmed(assets: Assets, who: int, size: int) -> tuple[Person, View]:
    """The same for all frames: the person, and a view wide enough for the whole turn."""
    person = replace(draw_person(assets, who), glasses="none", hat="none")
    straight = build(assets, person, replace(_moment(0), pose=Pose(0, 0, 0), units={}), size)
    points = straight.guides
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    across = 2.3 * float(np.ptp(points[:, 1]))
    return person, View(middle + np.array([0, 0.12 * across, 0]), 14.0, across, size)


def _moment(number: int) -> Moment:
    t = number / (FRAMES - 1)
    yaw = 38 * np.sin(2 * np.pi * t)
    pitch = 8 * np.sin(4 * np.pi * t + 0.6)
    roll = 5 * np.sin(2 * np.pi * t + 1)
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
    pose = Pose(float(yaw), float(pitch), float(roll))
    gaze = Gaze(float(-0.3 * yaw), 0.0)
    return Moment("film", units, gaze, pose, "hand" if passing else "none", at)
