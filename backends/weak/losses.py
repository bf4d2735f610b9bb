"""What the branches are trained with."""

import torch
from torch import Tensor


def squared_error(found: Tensor, wanted: Tensor, unit: float) -> Tensor:
    """The L2 loss: squared distances (B, l, 2) in units, summed over the landmarks of an instance.

    Unknown ones are left out. A sum, so that what a landmark teaches its own weights does not
    depend on how many others there are.
    """
    squares = ((found - wanted.nan_to_num()) / unit) ** 2 * torch.isfinite(wanted)
    return squares.sum() / len(found)
