"""Labels written back into the DeepLabCut project that their images lie in."""

from pathlib import Path

import numpy as np
from PIL import Image

from landmark_annotator.projects.exchange.codecs import deeplabcut_project
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.vocabulary import Scheme, Shape

SCHEME = Scheme("pair", ("one", "two"))


def test_a_folder_of_the_project_keeps_its_name_before_others_of_it(tmp_path: Path) -> None:
    images = [tmp_path / "new" / "cage", tmp_path / "dlc" / "labeled-data" / "cage"]
    instances = []
    for number, folder in enumerate(images):
        folder.mkdir(parents=True)
        Image.new("RGB", (40, 30), (number, 0, 0)).save(folder / f"{number}.png")
        shape = Shape(np.array([[1.5, 2.0], [3.0, 4.0]]))
        instances.append(ExportedInstance(folder / f"{number}.png", 40, 30, shape, None, "k"))

    deeplabcut_project.write(tmp_path / "dlc", instances, SCHEME)

    for place, name in (("cage", "1.png"), ("cage-2", "0.png")):
        (table,) = (tmp_path / "dlc" / "labeled-data" / place).glob("*.csv")
        assert f"labeled-data/{place}/{name}," in table.read_text()
        assert (table.parent / name).is_file()
