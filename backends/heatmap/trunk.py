"""Where the network starts from: what it learned elsewhere of edges, textures and parts."""

import json
from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor

from backends.heatmap.model_files import FILES
from backends.heatmap.network import HeatmapNetwork
from projects.vocabulary.scheme import Scheme

_SHIPPED = Path(__file__).parent / "weights"
_CARD = "card.json"
_OWN = ("densities.", "scale_")
"""Parts of the network that belong to the landmarks of one scheme."""


def start_from(trunk: str, network: HeatmapNetwork, scheme: Scheme) -> str | None:
    """Takes over what a trained model knows; the name of its scheme.

    trunk: its folder, or "shipped" for weights that came with the program. The layers that name
    landmarks are taken over only where the landmarks are the same. None, and the network is left
    as it is, where nothing came with the program. Raises WeightsMismatch.
    """
    cards = sorted(_SHIPPED.glob("*/card.json")) if trunk == "shipped" else [Path(trunk, _CARD)]
    if not cards:
        return None
    with FILES.understood(f"The trained model in {cards[0].parent} cannot be read"):
        made_for = json.loads(cards[0].read_text(encoding="utf-8"))["scheme"]
        same = made_for["landmarks"] == list(scheme.landmarks)
        network.load_state_dict(_parts(cards[0].parent, same), strict=False)
        return str(made_for["name"])


def _parts(folder: Path, every: bool) -> dict[str, Tensor]:
    tensors = load_file(folder / "weights.safetensors")
    own = {k.removeprefix("network."): v for k, v in tensors.items() if k.startswith("network.")}
    return {k: v.float() for k, v in own.items() if every or not k.startswith(_OWN)}
