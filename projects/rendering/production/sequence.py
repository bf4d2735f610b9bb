"""A short film of one person: the head turns, the face moves, a hand passes before it."""

from dataclasses import replace

import numpy as np

from landmark_annotator.projects.rendering.mesh.assets import Assets
from landmark_annotator.projects.rendering.person.eyes import Gaze
from landmark_annotator.projects.rendering.person.posing import Pose
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
"""Of the embedded film; it can go on for as long as anyone wants."""
_WHO = 900
_HAND = (22, 50)
"""The frames between which the hand passes."""
_EVERY = 97
"""Frames after which it passes again, where the film goes on."""
_PACE = {"yaw": 0.83, "pitch": 0.71, "roll": 0.57, "smile": 0.64, "jaw": 1.37, "hand": 0.9}
"""Of each motion after the embedded film: no two moments of a long one are the same."""


def film_frame(assets: Assets, seed: int, number: int, size: int, samples: int) -> Shot:
    """One frame, counted from 0: the first FRAMES are those of the embedded film."""
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

    def paced(motion: str) -> float:
        return t if t <= 1 else 1 + _PACE[motion] * (t - 1)

    yaw = 38 * np.sin(2 * np.pi * paced("yaw"))
    pitch = 8 * np.sin(4 * np.pi * paced("pitch") + 0.6)
    roll = 5 * np.sin(2 * np.pi * paced("roll") + 1)
    smile = float(np.clip(np.sin(np.pi * paced("smile")), 0, 1)) * 0.7
    of_film = number % FRAMES
    blink = max(0.0, 1 - abs(of_film - 15) / 2, 1 - abs(of_film - 54) / 2)
    units = {
        "mouthSmileLeft": smile,
        "mouthSmileRight": smile,
        "eyeBlinkLeft": blink,
        "eyeBlinkRight": blink,
    }
    units["jawOpen"] = 0.35 * float(np.clip(np.sin(6 * np.pi * paced("jaw")), 0, 1))
    first, last = _HAND
    of_hand = number % _EVERY
    passing = first <= of_hand <= last
    share = (of_hand - first) / (last - first)
    height = (
        -0.15 if t <= 1 else 0.25 * np.sin(2 * np.pi * _PACE["hand"] * (number // _EVERY)) - 0.1
    )
    at = (float(-1.3 + 2.6 * share), float(height + 0.2 * np.sin(np.pi * share)))
    pose = Pose(float(yaw), float(pitch), float(roll))
    gaze = Gaze(float(-0.3 * yaw), 0.0)
    return Moment("film", units, gaze, pose, "hand" if passing else "none", at)
