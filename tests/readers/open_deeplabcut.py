"""Run in DeepLabCut's environment: OUT EXPECTED. What it reads before it trains."""

import json
import os
import re
import sys
from pathlib import Path

import torch

os.environ["DLClight"] = "True"  # noqa: SIM112 - it is called so


def torchvision_imported() -> None:
    """A torchvision that is built for graphics cards has no operators beside a Torch that is not.
    None is needed to read labels; that they are named is enough."""
    operators = torch.library.Library("torchvision", "DEF")
    while True:
        try:
            import torchvision  # noqa: F401
        except RuntimeError as error:
            missing = re.search(r"operator torchvision::(\w+) does not exist", str(error))
            if missing is None:
                raise
            operators.define(f"{missing[1]}(Tensor input) -> Tensor")
            for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
                del sys.modules[name]
        else:
            return


torchvision_imported()

import numpy as np  # noqa: E402
from deeplabcut.generate_training_dataset import trainingsetmanipulation  # noqa: E402
from deeplabcut.utils import auxiliaryfunctions  # noqa: E402

out, expected = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
config = auxiliaryfunctions.read_config(str(out / "config.yaml"))
assert Path(config["project_path"]).samefile(out)
assert config["multianimalbodyparts"] == expected["landmarks"]
sets = out / auxiliaryfunctions.get_training_set_folder(config)
sets.mkdir(parents=True, exist_ok=True)
frame = trainingsetmanipulation.merge_annotateddatasets(config, sets)
found = []
for index, row in frame.iterrows():
    assert (out / Path(*index)).is_file(), index
    for individual in config["individuals"]:
        points = row.xs(individual, level="individuals").to_numpy().reshape(-1, 2)
        if np.isfinite(points).any():
            found.append([index[-1], np.nan_to_num(points).tolist()])
wanted = [[name, [row[:2] for row in rows]] for name, rows in expected["objects"]]
assert sorted(found) == sorted(wanted), (found, wanted)
