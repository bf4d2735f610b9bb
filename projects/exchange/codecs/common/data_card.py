"""README.md of a data set for Hugging Face's programs: a card that they and people read."""

import json
from collections.abc import Sequence
from pathlib import Path

from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.wording import counted

SPLITS = ("train", "validation", "test")
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_LARGEST = "n>1M"


def split_of(target: Path) -> str:
    """The part of a split that the folder is called; train where it is called otherwise."""
    return target.name if target.name in SPLITS else SPLITS[0]


def data_card(
    scheme: Scheme, images: int, objects: int, files: Sequence[tuple[str, str]] = ()
) -> str:
    """files: the name of each split, and the pattern of its files; none where the folder itself
    says it. No licence is named: nobody but the owner of the images knows it."""
    size = next((words for most, words in _SIZES if images < most), _LARGEST)
    header = [
        "---",
        f"pretty_name: {json.dumps(scheme.title or scheme.name)}",
        "task_categories:",
        "- keypoint-detection",
        "tags:",
        "- landmarks",
        "size_categories:",
        f"- {size}",
    ]
    if files:
        header += ["configs:", "- config_name: default", "  data_files:"]
        for split, pattern in files:
            header += [f"  - split: {split}", f"    path: {json.dumps(pattern)}"]
    rows = [f"| {number} | {_cell(name)} |" for number, name in enumerate(scheme.landmarks)]
    edges = ", ".join(f"{a}-{b}" for a, b in scheme.edges)
    return "\n".join(
        [
            *header,
            "---",
            "",
            f"# {scheme.title or scheme.name}",
            "",
            f"{counted(objects, 'object')} in {counted(images, 'image')}, with "
            f"{counted(len(scheme), 'landmark')} each.",
            "",
            "    from datasets import load_dataset",
            '    rows = load_dataset("THIS FOLDER")',
            "",
            "| In `objects`, one an object | What it is |",
            "|---|---|",
            "| `keypoints` | a row a landmark: x, y in pixels of the upright image, from 0 at the "
            "centre of the first one; 2 visible, 1 occluded, 0 not labelled, as in COCO |",
            "| `bbox` | the upright box: x, y of its corner, from that of the first pixel, width, "
            "height |",
            "| `box` | the box as it was drawn: x, y of its centre, width, height, angle in "
            "radians; empty where there is none |",
            "| `absent` | landmarks that are not in the image |",
            "| `annotator`, `labelled_at`, `id` | who labelled it, when, and its key |",
            "| `state` | accepted, started or untouched; empty where all are accepted |",
            "",
            "| Row | Landmark |",
            "|---|---|",
            *rows,
            *(["", f"Lines between landmarks: {edges}."] if edges else []),
            "",
        ]
    )


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")
