"""Where the network starts from: what it learned elsewhere of edges, textures and parts."""

import json
from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor

from backends.heatmap.model_files import FILES
from backends.heatmap.network import HeatmapNetwork
from backends.training.model_files import network_state
from projects.vocabulary.scheme import Scheme

_FOLDER = Path(__file__).parent / "weights"
_BEST = "face68"
"""Of what comes with the program, what has seen most photographs."""
_OWN = ("densities.", "scale_")
"""Parts of the network that belong to the landmarks of one scheme."""


def start_from(trunk: str, network: HeatmapNetwork, scheme: Scheme) -> str | None:
    """Takes over what a trained model knows; the name of its scheme.

    trunk: its folder, or "shipped" for weights that came with the program. The layers that name
    landmarks are taken over only where the landmarks are the same. None, and the network is left
    as it is, where nothing came with the program. Raises WeightsMismatch.
    """
    folder = _FOLDER / _BEST if trunk == "shipped" else Path(trunk)
    if trunk == "shipped" and not folder.is_dir():
        return None
    with FILES.understood(f"The trained model in {folder} cannot be read"):
        made_for = json.loads((folder / "card.json").read_text(encoding="utf-8"))["scheme"]
        same = made_for["landmarks"] == list(scheme.landmarks)
        network.load_state_dict(_parts(folder, same), strict=False)
        return str(made_for["name"])


def _parts(folder: Path, every: bool) -> dict[str, Tensor]:
    state = network_state(load_file(folder / "weights.safetensors"))
    return {k: v for k, v in state.items() if every or not k.startswith(_OWN)}
