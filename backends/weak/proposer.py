"""Proposals of a trained weakly supervised network."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.shapes.proposal import novelty_widening
from landmark_annotator.backends.weak.model_files import WeakModel, load_model
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.scheme import Scheme

_PARTS = 5
_LEAST_MOVE = 1e-6


@dataclass(frozen=True)
class WeakProposer:
    model: WeakModel

    def unseen(self) -> dict[str, Proposal]:
        """By instance's key: what networks that had not seen it said, with a residual that was
        not measured on it."""
        found = {}
        unseen, keys = self.model.unseen, self.model.card["held_out_keys"]
        groups = np.array(self.model.card.get("held_out_groups", range(len(keys))), dtype=np.int64)
        for first in range(_PARTS):
            part = np.flatnonzero(groups % _PARTS == first)
            if not 0 < len(part) < len(keys):
                continue
            residual = unseen.without(part).residual()
            for instance in part.tolist():
                row = int(np.flatnonzero(unseen.instances == instance)[0])
                mixture = ShapeMixture(np.zeros(1), unseen.found[row][None], residual)
                found[keys[instance]] = Proposal(unseen.boxes[row], mixture, "weak")
        return found

    def stages(self, pixels: Pixels, box: Box) -> dict[str, Floats]:
        """Where the landmarks (L, 2) are, in image pixels, after each pass."""
        found = self.model.localiser.passes(pixels, box)
        return {f"look {i}": b.to_image(shape) for i, (b, shape) in enumerate(found, start=1)}

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        """One Gaussian (K = 1) in the frame of the refined box: the network's landmarks, and how
        far they were off on instances that it had not seen."""
        refined, shape, moved = self.model.localiser.locate(pixels, box)
        usual = self.model.unseen.usual_move
        novelty = moved / max(usual, _LEAST_MOVE) if math.isfinite(usual) else None
        widened = novelty_widening(novelty)
        mixture = ShapeMixture(np.zeros(1), shape[None], self.model.residual * widened)
        return Proposal(refined, mixture, "weak", novelty=novelty, widened=widened)


def load(folder: Path, scheme: Scheme, device: str = "cpu") -> WeakProposer:
    """From the folder that training wrote, to run on one of DEVICES. Raises WeightsMismatch."""
    return WeakProposer(load_model(folder, scheme, device))
