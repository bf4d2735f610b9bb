"""What the face does: weights of the 52 facial action units."""

import numpy as np

from landmark_annotator.projects.rendering.mesh.assets import Assets
from landmark_annotator.projects.vocabulary.arrays import Floats

_BOTH = ("Left", "Right")
_MOODS: dict[str, dict[str, float]] = {
    "calm": {},
    "smile": {"mouthSmile*": 0.7, "cheekSquint*": 0.35, "eyeSquint*": 0.2},
    "laugh": {"mouthSmile*": 0.85, "jawOpen": 0.35, "cheekSquint*": 0.5, "mouthUpperUp*": 0.3},
    "surprise": {"jawOpen": 0.5, "browInnerUp": 0.8, "browOuterUp*": 0.7, "eyeWide*": 0.5},
    "speech": {"jawOpen": 0.28, "mouthFunnel": 0.35, "mouthLowerDown*": 0.3},
    "frown": {"browDown*": 0.7, "mouthFrown*": 0.5, "mouthPress*": 0.3, "noseSneer*": 0.2},
    "pucker": {"mouthPucker": 0.6, "eyeSquint*": 0.3},
    "shout": {"jawOpen": 0.75, "mouthStretch*": 0.3, "browDown*": 0.4, "eyeSquint*": 0.3},
    "asleep": {"eyeBlink*": 1.0},
    "wink": {"eyeBlinkLeft": 1.0, "mouthSmileLeft": 0.6, "cheekSquintLeft": 0.5},
}
_SHARES = (0.28, 0.18, 0.12, 0.08, 0.1, 0.07, 0.04, 0.05, 0.05, 0.03)
CLOSED_LIPS = 0.1
"""How far the unit that closes the lips goes at rest: the mesh parts them by a hair."""


def draw_expression(rng: np.random.Generator) -> tuple[str, dict[str, float]]:
    """A mood and its action units by weight, each varied, with a little of everything."""
    mood = str(rng.choice(list(_MOODS), p=_SHARES))
    strength = float(rng.uniform(0.6, 1.15))
    found: dict[str, float] = {}
    for unit, weight in _MOODS[mood].items():
        for name in [unit.replace("*", side) for side in _BOTH] if "*" in unit else [unit]:
            whole = 1.0 if "Blink" in name else strength * rng.uniform(0.85, 1.15)
            found[name] = min(1.0, weight * float(whole))
    for name in ("browInnerUp", "jawOpen", "mouthPressLeft", "mouthPressRight", "mouthShrugLower"):
        found[name] = found.get(name, 0.0) + float(abs(rng.normal(0, 0.04)))
    for name in ("eyeBlink", "eyeSquint", "browOuterUp", "mouthDimple"):
        amount = float(abs(rng.normal(0, 0.08)))
        for side in _BOTH:
            found[name + side] = min(1.0, found.get(name + side, 0.0) + amount)
    return mood, found


def expressed(assets: Assets, neutral: Floats, units: dict[str, float]) -> Floats:
    """(V, 3) the neutral face (V, 3) with the action units done."""
    scale = _height(neutral) / _height(assets.mesh.vertices)
    points = neutral.copy()
    for unit, weight in units.items():
        points += weight * scale * assets.target(f"faceunits01/targets/faceunits/{unit}")
    return points


def _height(points: Floats) -> float:
    """From the chin to the top of the head."""
    return float(points[1013, 1] - points[5225, 1])
