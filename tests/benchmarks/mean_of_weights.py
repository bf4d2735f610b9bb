"""The mean of networks that were trained from the same start: a model soup (Wortsman et al., "Model
soups: averaging weights of multiple fine-tuned models", ICML 2022, uniform).

    python -m tests.benchmarks.mean_of_weights OUT MODEL MODEL [MODEL ...]

writes OUT as the first of the trained models with that mean as its network. What stands behind a
network is still the first one's, and so OUT is to be calibrated anew, by `annotator evaluate
accuracy --set trunk=OUT --set epochs=1 --set learning_rate=1e-9 --work FOLDER`.
"""

import argparse
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

_NETWORK = "network."


def mean_of(models: list[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """Tensors of the first, those of its network as the mean of all where they are not counts."""
    return {
        name: torch.stack([model[name].double() for model in models]).mean(dim=0).to(value.dtype)
        if name.startswith(_NETWORK) and value.is_floating_point()
        else value
        for name, value in models[0].items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.mean_of_weights")
    parser.add_argument("out", type=Path)
    parser.add_argument("models", type=Path, nargs="+")
    options = parser.parse_args()
    found = mean_of([load_file(folder / "weights.safetensors") for folder in options.models])
    options.out.mkdir(parents=True, exist_ok=True)
    shutil.copy(options.models[0] / "card.json", options.out)
    save_file(found, options.out / "weights.safetensors")


if __name__ == "__main__":
    main()
