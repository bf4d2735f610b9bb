"""A simulation in parts."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.session.evaluation.simulated_project import (
    Settings,
    simulate_project,
)
from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS
from landmark_annotator.annotator.session.shards.checked_lines import read_lines, write_lines
from landmark_annotator.annotator.session.shards.manifest import Shard
from landmark_annotator.annotator.session.shards.result_file import agreed, computed
from landmark_annotator.annotator.session.shards.simulation_shards import (
    SimulationShards,
    gathered_simulation,
)
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError

SETTINGS = Settings("mixture", "worst", clicks=2, limit=4, seed=3)


def compute(project: Project, folder: Path, *numbers: int) -> None:
    work = SimulationShards(project, SETTINGS)
    for number in numbers:
        manifest = agreed(work, 3, folder)
        computed(work, manifest, Shard(number, 3), folder, THIS_PROCESS, SILENT)


@pytest.mark.usefixtures("shipped_weights")
def test_gathered_parts_say_what_the_plain_command_says(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    compute(project, folder, 1, 3)
    with pytest.raises(ActionableError, match="1 is missing: part 2"):
        gathered_simulation(project, folder)
    compute(project, folder, 2)
    gathered, settings = gathered_simulation(project, folder)
    assert settings == SETTINGS
    assert gathered == simulate_project(project, SETTINGS, SILENT)
    file = Shard(1, 3).file(folder)
    head, line, *rest = read_lines(file)
    write_lines(file, [head, {**line, "clicks": line["clicks"] + 1}, *rest])
    with pytest.raises(ActionableError, match="errors has not"):
        gathered_simulation(project, folder)


@pytest.mark.usefixtures("blind_priors")
def test_objects_of_which_no_length_is_named_are_simulated_in_parts_too(tmp_path: Path) -> None:
    with Project.create(tmp_path / "threes", Scheme("three", ("a", "b", "c"))) as project:
        for number in range(3):
            path = tmp_path / f"{number}.png"
            Image.new("RGB", (80, 80), (number, 0, 0)).save(path)
            image = project.add_image(path, examine(path))
            record = project.add_instance(image.id, Box(40.0, 40.0, 40.0, 40.0), who="ann")
            points = np.array([[30.0, 30.0], [50.0, 30.0 + number], [40.0, 50.0]])
            project.accept(record.id, Shape(points), who="ann")
        folder = tmp_path / "parts"
        compute(project, folder, 1, 2, 3)
        gathered, _ = gathered_simulation(project, folder)
        assert gathered == simulate_project(project, SETTINGS, SILENT)


@pytest.mark.usefixtures("shipped_weights")
def test_parts_of_other_labels_or_settings_are_refused(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    compute(project, folder, 1)
    other = Settings("hard", "worst", clicks=2, limit=4, seed=3)
    with pytest.raises(ActionableError, match="its rule is mixture, not hard"):
        agreed(SimulationShards(project, other), 3, folder)
    project.exclude(instances=[project.instances()[0].id], why="blurred", who="ada")
    with pytest.raises(ActionableError, match="of other shapes"):
        compute(project, folder, 2)
