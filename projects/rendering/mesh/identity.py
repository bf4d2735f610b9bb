"""Who the head is: weights of the shape targets, drawn from one random stream."""

from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.rendering.mesh.assets import Assets
from landmark_annotator.projects.vocabulary.arrays import Floats

_ORIGINS = ("african", "asian", "caucasian")
_SPREAD = 0.28
"""Standard deviation of a detail, where 1 is the most that the target's author intended."""
_DETAILS = ("cheek", "chin", "ears", "eyebrows", "eyes", "forehead", "head", "mouth", "nose")
_OPPOSITE = (
    ("incr", "decr"),
    ("up", "down"),
    ("in", "out"),
    ("forward", "backward"),
    ("convex", "concave"),
    ("uncompress", "compress"),
)
_STEADY = ("head-trans", "head-age", "eye-trans", "mouth-trans", "eyes/r-eye-push", "l-eye-push")
"""Left alone: they move whole parts away from where the rest expects them."""


@dataclass(frozen=True)
class Identity:
    """origins: (3,) shares of the three origins that the mesh knows. masculine: 0..1.
    years: its age. weight, muscle: -1..1. details: weight by target."""

    origins: tuple[float, float, float]
    masculine: float
    years: float
    weight: float
    muscle: float
    details: dict[str, float]

    def shape(self, assets: Assets) -> Floats:
        """(V, 3) the neutral face on the coarse mesh."""
        points = assets.mesh.vertices.copy()
        for name, share in {**self._whole(), **self.details}.items():
            points += share * assets.target(f"mpfb2/targets/{name}")
        return points

    def _whole(self) -> dict[str, float]:
        ages = _between(self.years, (("child", 9.0), ("young", 25.0), ("old", 90.0)))
        sexes = {"male": self.masculine, "female": 1 - self.masculine}
        muscles = _between(self.muscle, _levels("muscle"))
        weights = _between(self.weight, _levels("weight"))
        found = {}
        for sex, of_sex in sexes.items():
            for age, of_age in ages.items():
                for origin, of_origin in zip(_ORIGINS, self.origins, strict=True):
                    found[f"macrodetails/{origin}-{sex}-{age}"] = of_sex * of_age * of_origin
                for muscle, of_muscle in muscles.items():
                    for weight, of_weight in weights.items():
                        name = f"macrodetails/universal-{sex}-{age}-{muscle}-{weight}"
                        found[name] = of_sex * of_age * of_muscle * of_weight
        return {name: share for name, share in found.items() if share > 0.002}


def draw_identity(assets: Assets, rng: np.random.Generator) -> Identity:
    origins = rng.dirichlet([0.45, 0.45, 0.45])
    years = float(
        rng.choice(
            [rng.uniform(10, 17), rng.uniform(18, 45), rng.uniform(45, 84)], p=[0.1, 0.58, 0.32]
        )
    )
    return Identity(
        origins=(float(origins[0]), float(origins[1]), float(origins[2])),
        masculine=float(rng.beta(0.25, 0.25)),
        years=years,
        weight=float(np.clip(rng.normal(0, 0.35), -0.8, 0.9)),
        muscle=float(np.clip(rng.normal(0, 0.35), -0.8, 0.8)),
        details=_details(assets, rng),
    )


def _details(assets: Assets, rng: np.random.Generator) -> dict[str, float]:
    """One normal number for each pair of opposite targets, the same on both sides."""
    found: dict[str, float] = {}
    for folder in _DETAILS:
        names = [
            name.removeprefix("mpfb2/targets/") for name in assets.names(f"mpfb2/targets/{folder}")
        ]
        for name in names:
            opposite = _opposite(name, names)
            if opposite is None or any(word in name for word in _STEADY) or "/r-" in name:
                continue
            amount = float(np.clip(rng.normal(0, _SPREAD), -0.8, 0.8))
            chosen = name if amount > 0 else opposite
            for side in {chosen, chosen.replace("/l-", "/r-")}:
                found[side] = abs(amount)
    for name in assets.names("mpfb2/targets/asym"):
        if "asymm" not in name and name.endswith("-l"):
            amount = float(np.clip(rng.normal(0, 0.18), -0.5, 0.5))
            side = "l" if amount > 0 else "r"
            found[name.removeprefix("mpfb2/targets/")[:-1] + side] = abs(amount)
    return found


def _opposite(name: str, names: list[str]) -> str | None:
    """The opposite of a target that is the first of its pair."""
    for first, second in _OPPOSITE:
        if name.endswith(f"-{first}") and name.removesuffix(first) + second in names:
            return name.removesuffix(first) + second
    return None


def _levels(word: str) -> tuple[tuple[str, float], ...]:
    return ((f"min{word}", -1.0), (f"average{word}", 0.0), (f"max{word}", 1.0))


def _between(value: float, stops: tuple[tuple[str, float], ...]) -> dict[str, float]:
    """Shares of the two stops that the value lies between."""
    places = [place for _, place in stops]
    return {
        name: float(np.interp(value, places, np.eye(len(stops))[index]))
        for index, (name, _) in enumerate(stops)
    }
