"""Where the network starts from: what it learned elsewhere of edges, textures and parts."""

import json
from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor

from backends.heatmap.network import HeatmapNetwork
from projects.vocabulary.scheme import Scheme

_SHIPPED = Path(__file__).parent / "weights"
_OWN = ("densities.", "scale_")
"""Parts of the network that belong to the landmarks of one scheme."""


def start_from_shipped(network: HeatmapNetwork, scheme: Scheme) -> str | None:
    """Takes over what weights that came with the program know; the name of their scheme.

    The layers that name landmarks are taken over only where the landmarks are the same. None, and
    the network is left as it is, where nothing came with the program.
    """
    for card in sorted(_SHIPPED.glob("*/card.json")):
        made_for = json.loads(card.read_text(encoding="utf-8"))["scheme"]
        same = made_for["landmarks"] == list(scheme.landmarks)
        network.load_state_dict(_parts(card.parent, same), strict=False)
        return str(made_for["name"])
    return None


def _parts(folder: Path, every: bool) -> dict[str, Tensor]:
    tensors = load_file(folder / "weights.safetensors")
    own = {k.removeprefix("network."): v for k, v in tensors.items() if k.startswith("network.")}
    return {k: v.float() for k, v in own.items() if every or not k.startswith(_OWN)}
