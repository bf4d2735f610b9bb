"""Puts finished pictures into the package: pictures, masks, and one file with all the truth."""

import shutil
from pathlib import Path

import orjson

from landmark_annotator.projects.rendering.mesh.assets import Assets
from landmark_annotator.projects.rendering.production.batch import head_names
from landmark_annotator.projects.rendering.production.sequence import FRAMES, film_built
from landmark_annotator.projects.rendering.production.studio import sitting
from landmark_annotator.projects.rendering.production.truth import LABELS
from landmark_annotator.projects.samples.rendered_heads.heads import FOLDER, rendered_heads

SEED, SIZE, STILLS = 68, 384, 120
REPRODUCED = 0.01
"""Pixels."""
FILM = [f"frame_{number:02}" for number in range(FRAMES)]


def largest_difference(assets: Assets, every: int = 1) -> float:
    """Builds the geometry of every so many of the set anew; pixels from what is written of it."""
    found = [0.0]
    for head in rendered_heads()[::every]:
        kind, _, number = head.name.partition("_")
        if kind == "frame":
            built = film_built(assets, SEED, int(number), SIZE)
        else:
            built = sitting(assets, SEED, int(number), SIZE)[2]
        again = built.view.project(built.landmarks)
        found.append(float(abs(again - head.shape.points).max()))
    return max(found)


def embed(source: Path, target: Path = FOLDER) -> None:
    """Copies what is finished of the set in `source`; the data card stays as it is."""
    names = [name for name in head_names(STILLS) + FILM if (source / f"{name}.json").exists()]
    for folder, ending in (("pictures", "jpg"), ("masks", "png")):
        (target / folder).mkdir(parents=True, exist_ok=True)
        for name in names:
            shutil.copyfile(source / f"{name}.{ending}", target / folder / f"{name}.{ending}")
    heads = {name: orjson.loads((source / f"{name}.json").read_bytes()) for name in names}
    truth = {
        "seed": SEED,
        "labels": {str(key): name for key, name in LABELS.items()},
        "heads": heads,
    }
    (target / "truth.json").write_bytes(orjson.dumps(truth))
