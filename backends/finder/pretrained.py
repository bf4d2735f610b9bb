"""What a training starts from: a finder of other objects knows edges, textures and sizes."""

from pathlib import Path

from safetensors.torch import load_file

from landmark_annotator.backends.finder.model_files import FILES
from landmark_annotator.backends.finder.network import FinderNetwork
from landmark_annotator.backends.learning.model_files import fill_network

_SHIPPED = Path(__file__).parent / "weights" / "face68"


def start_from(trunk: str, network: FinderNetwork) -> None:
    """trunk: the folder of a trained finder, "shipped" for the one that came with the program, or
    "none". Where nothing came with it, the network is left as it is. Raises WeightsMismatch."""
    folder = _SHIPPED if trunk == "shipped" else Path(trunk)
    if trunk == "none" or not folder.is_dir():
        return
    with FILES.understood(f"The trained finder in {folder} cannot be read"):
        fill_network(network, load_file(folder / "weights.safetensors"))
