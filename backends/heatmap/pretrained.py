"""What training starts from: what a network learned elsewhere of edges, textures and parts."""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from landmark_annotator.backends.heatmap.model_files import FILES, has_coordinates, load_model
from landmark_annotator.backends.heatmap.network import COLOURS, HeatmapNetwork
from landmark_annotator.backends.learning.model_cards import is_made_for, read_card
from landmark_annotator.backends.learning.model_files import network_state
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.scheme import Scheme

_FOLDER = Path(__file__).parent / "weights"
_BEST = "face68"
"""Of what comes with the program, what has seen most photographs."""
_OWN = ("densities.", "scale_")
"""Parts of the network that belong to the landmarks of one scheme."""
_FIRST = "stem.0.weight"


def start_from(trunk: str, network: HeatmapNetwork, scheme: Scheme) -> str | None:
    """Takes over what a trained model knows; the name of its scheme.

    trunk: its folder, "shipped" for weights that came with the program, or "none". The layers that
    name landmarks are taken over only where the landmarks are the same. None, and the network is
    left as it is, where nothing came with the program. Raises WeightsMismatch, or ActionableError
    for a model that sees coordinates where the network does not.
    """
    folder = _folder(trunk)
    if folder is None:
        return None
    with FILES.understood(f"The trained model in {folder} cannot be read"):
        card = read_card(folder)
        seen = has_coordinates(card["settings"])
        parts = _parts(folder, is_made_for(card, scheme))
    if seen and not network.coordinates:
        raise ActionableError(
            f"The trained model in {folder} sees where pixels are, and this one is not to.",
            kept="Nothing was trained.",
            remedy="Set coordinates to true, or trunk to another.",
        )
    with FILES.understood(f"The trained model in {folder} cannot be read"):
        if network.coordinates and not seen:
            # What was learned without coordinates stays the same function with them.
            blind = torch.zeros_like(network.get_parameter(_FIRST))
            blind[:, :COLOURS] = parts[_FIRST]
            parts[_FIRST] = blind
        network.load_state_dict(parts, strict=False)
        return str(card["scheme"]["name"])


def learned_elsewhere(trunk: str, scheme: Scheme) -> str:
    """What photographs the weights that are started from have learned the same landmarks from;
    empty where there are none. Raises WeightsMismatch."""
    folder = _of_same_landmarks(trunk, scheme)
    return "" if folder is None else str(read_card(folder).get("learned_elsewhere", ""))


def shapes_elsewhere(trunk: str, scheme: Scheme) -> ShapeMixture | None:
    """The prior over shapes of the weights that are started from, where these have learned the same
    landmarks. Raises WeightsMismatch."""
    folder = _of_same_landmarks(trunk, scheme)
    return None if folder is None else load_model(folder, scheme).prior


def _of_same_landmarks(trunk: str, scheme: Scheme) -> Path | None:
    folder = _folder(trunk)
    if folder is None:
        return None
    with FILES.understood(f"The trained model in {folder} cannot be read"):
        same = is_made_for(read_card(folder), scheme)
    return folder if same else None


def _folder(trunk: str) -> Path | None:
    """None where nothing is started from: by choice, or as nothing came with the program."""
    if trunk == "none":
        return None
    folder = _FOLDER / _BEST if trunk == "shipped" else Path(trunk)
    return folder if trunk != "shipped" or folder.is_dir() else None


def _parts(folder: Path, every: bool) -> dict[str, Tensor]:
    state = network_state(load_file(folder / "weights.safetensors"))
    return {k: v for k, v in state.items() if every or not k.startswith(_OWN)}
