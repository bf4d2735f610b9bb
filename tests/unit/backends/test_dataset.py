"""The PyTorch Dataset over a project: crops, mirrored samples, one epoch of a network."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch.utils.data import DataLoader

from landmark_annotator.annotator.session.models.training import labelled_instances
from landmark_annotator.backends.dataset import LandmarkDataset
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape
from tests.drawn_heads import drawn_head

FACE = Scheme.named("face68")
HEADS = 8


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Drawn heads; the first one has an occluded right eye corner and no chin."""
    folder = tmp_path_factory.mktemp("heads")
    with Project.create(folder / "project", FACE) as opened:
        for seed in range(HEADS):
            pixels, shape = drawn_head(seed)
            path: Path = folder / f"{seed}.png"
            Image.fromarray(pixels).save(path)
            image = opened.add_image(path, examine(path))
            box = Box.square_around(shape.points)
            if seed == 0:
                points, visibility = shape.points.copy(), np.full(68, 2, dtype=np.int8)
                points[8], visibility[8], visibility[36] = np.nan, 0, 1
                record = opened.add_instance(image.id, box, who="anna")
                marks = [Provenance.CLICKED] * 68
                opened.accept(record.id, Shape(points, visibility, marks), who="anna")
            else:
                opened.add_instance(image.id, box, shape=shape, who="anna")
        yield opened


@pytest.fixture
def dataset(project: Project) -> LandmarkDataset:
    return LandmarkDataset(labelled_instances(project), FACE, size=64)


def test_points_are_where_they_are_in_the_crop(dataset: LandmarkDataset, project: Project) -> None:
    """A crop of the same scale as the image is a cut: colours at the points are the same."""
    instance = dataset.instances[1]
    size = round(instance.box.side * 1.3)
    large = LandmarkDataset(dataset.instances, FACE, size=size).sample(1, mirrored=False)

    pixels = instance.read_pixels()
    for (x, y), (u, v) in zip(instance.shape.points, large["points"].numpy(), strict=True):
        there = pixels[round(y), round(x)] / 255
        here = large["image"][:, round(float(v)), round(float(u))].numpy()
        assert np.abs(there - here).max() < 0.35
    scale = size / (instance.box.side * 1.3)
    spread = large["points"].numpy().std(axis=0) / instance.shape.points.std(axis=0)
    assert np.allclose(spread, scale, rtol=1e-4)


def test_a_mirrored_sample_is_the_mirror_image(dataset: LandmarkDataset) -> None:
    straight, mirrored = (dataset.sample(2, mirrored=m) for m in (False, True))

    # Resampling rounds positions to parts of a pixel, and not the same way from both sides.
    assert (mirrored["image"].flip(2) - straight["image"]).abs().mean() < 0.005
    x, y = straight["points"][list(FACE.mirror)].T
    assert torch.allclose(mirrored["points"], torch.stack([63 - x, y], dim=1), atol=1e-4)


def test_left_stays_the_subjects_left(dataset: LandmarkDataset) -> None:
    """In a mirrored face the subject's right eye is again at the image's left."""
    for mirrored in (False, True):
        points = dataset.sample(3, mirrored=mirrored)["points"]
        assert points[36, 0] < points[45, 0]


def test_visibility_goes_with_its_landmark(dataset: LandmarkDataset) -> None:
    straight, mirrored = (dataset.sample(0, mirrored=m) for m in (False, True))

    assert (straight["visibility"][36], straight["visibility"][45]) == (1, 2)
    assert (mirrored["visibility"][36], mirrored["visibility"][45]) == (2, 1)
    assert not straight["known"][8]
    assert not mirrored["known"][8]
    assert torch.isfinite(straight["points"]).all()


def test_the_seed_and_the_epoch_decide_what_is_mirrored(dataset: LandmarkDataset) -> None:
    def mirrored(seed: int, epoch: int) -> list[bool]:
        several = LandmarkDataset(dataset.instances, FACE, size=16, mirror=True, seed=seed)
        several.start_epoch(epoch)
        return [several[index]["mirrored"] for index in range(HEADS)]

    assert mirrored(0, 0) == mirrored(0, 0)
    assert len({tuple(mirrored(0, epoch)) for epoch in range(4)}) > 1
    assert {*mirrored(0, 0), *mirrored(0, 1)} == {True, False}


def test_a_network_learns_from_an_epoch_of_it(dataset: LandmarkDataset) -> None:
    torch.manual_seed(0)
    network = torch.nn.Sequential(
        torch.nn.AvgPool2d(8), torch.nn.Flatten(), torch.nn.Linear(3 * 64, 2 * 68)
    )
    optimiser = torch.optim.Adam(network.parameters(), lr=0.001)

    def loss(batch: dict[str, torch.Tensor]) -> torch.Tensor:
        errors = network(batch["image"]).view(-1, 68, 2) - batch["points"] / 64
        return errors[batch["known"]].square().mean()

    loader = DataLoader(dataset, batch_size=2, shuffle=True)
    (everything,) = DataLoader(dataset, batch_size=HEADS)
    before = float(loss(everything).detach())
    for batch in loader:
        optimiser.zero_grad()
        loss(batch).backward()
        optimiser.step()

    assert float(loss(everything).detach()) < before / 2
