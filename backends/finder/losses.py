"""How wrong the network is."""

from torch import Tensor
from torch.nn import functional

from landmark_annotator.backends.finder.network import boxes_at
from landmark_annotator.backends.finder.targets import IGNORED, OPEN

_BELIEVED = 0.5
"""Where nobody labelled anything, and the network says more than this that an object is there, it
may be right: photographs hold objects that nobody labelled, and nothing is learned from them."""
_BOXED = 0.3
"""How near a centre a cell has to be to learn the box."""


def loss(said: Tensor, targets: Tensor, turns: bool) -> Tensor:
    """said: (B, 7, H, W) of the network; targets: (B, 8, H, W). turns: whether angles count.

    Where objects are: Li et al., "Generalized Focal Loss" (NeurIPS 2020), equation 2, by object.
    """
    near, kind = targets[:, 0], targets[:, 1]
    logits = said[:, 0]
    chance = logits.sigmoid().detach()
    away = (logits.sigmoid() - near).abs() ** 2
    weights = (kind != IGNORED).float()
    weights = weights * ~((kind == OPEN) & (chance > _BELIEVED))
    centres = functional.binary_cross_entropy_with_logits(logits, near, reduction="none")
    objects = near.sum().clamp_min(4.0)
    whole = (weights * away * centres).sum() / objects * 8.0

    share = near * (near > _BOXED)
    boxes = boxes_at(said)
    sides = targets[:, 4:6]
    apart = (boxes[:, :2] - targets[:, 2:4]).abs() / sides.amax(dim=1, keepdim=True)
    logs = (boxes[:, 2:] / sides).log().abs()
    wrong = (2.0 * apart + logs).sum(dim=1)
    if turns:
        wrong = wrong + 1.0 - functional.cosine_similarity(said[:, 5:7], targets[:, 6:8], dim=1)
    return whole + (share * wrong).sum() / share.sum().clamp_min(1.0)
