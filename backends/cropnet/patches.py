"""Patches of features around landmarks: equations 3.5 to 3.7 of the thesis "Deep face analysis"."""

import torch
from torch import Tensor
from torch.nn import functional

PATCH = 8
"""Cells a side."""


def patches_at(maps: Tensor, points: Tensor, margin: float) -> Tensor:
    """Maps (B, C, H, H) of whole crops to (B, L, C, 8, 8), centred on landmarks, which lie between
    cells as they like: bilinear, nought outside the map. points: (B, L, 2) in the frame of each
    crop's box; margin: side of the crop in sides of that box.

    Both learn: maps where patches are cut from them (equation 3.9), points by how patches would
    change if they moved (equation 3.12).
    """
    count, landmarks = points.shape[:2]
    cells = torch.arange(PATCH, dtype=torch.float32, device=points.device) - (PATCH - 1) / 2
    cells = cells * (2.0 / maps.shape[-1])
    # To the samples' frame, in which the crop reaches from -1 to 1.
    places = points.float() * (2.0 / margin)
    across = (places[..., 0, None] + cells)[:, :, None, :].expand(-1, -1, PATCH, -1)
    down = (places[..., 1, None] + cells)[:, :, :, None].expand(-1, -1, -1, PATCH)
    grid = torch.stack([across, down], dim=4).flatten(1, 2)
    # Half as many bits would place a patch to within a cell only.
    with torch.autocast(maps.device.type, enabled=False):
        cut = functional.grid_sample(maps.float(), grid, padding_mode="zeros", align_corners=False)
    return cut.view(count, maps.shape[1], landmarks, PATCH, PATCH).transpose(1, 2)
