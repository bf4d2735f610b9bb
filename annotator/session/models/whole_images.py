"""What a model has learned from where whole images are boxes, kept beside it; see `OwnBoxes`."""

import json
from dataclasses import asdict
from pathlib import Path

from landmark_annotator.annotator.session.models.library import BOXES, KeptModel
from landmark_annotator.projects.folder_sync import write_whole
from landmark_annotator.projects.vocabulary.own_boxes import OwnBoxes, UsualBox


def keep(kept: KeptModel, own: OwnBoxes | None) -> None:
    """What a model has learned from: boxes may be drawn, or whole images be labelled, after it."""
    write_whole(kept.boxes_file, json.dumps(None if own is None else asdict(own.typical)) + "\n")


def learned_from(folder: Path, now: OwnBoxes | None) -> OwnBoxes | None:
    """What `keep` has kept beside the model in the folder. now: of the project, where that is not
    known."""
    try:
        content = json.loads((folder / BOXES).read_text(encoding="utf-8"))
        if content is None:
            return None
        (x, y), (width, height) = content["centre"], content["sides"]
        return OwnBoxes(UsualBox((float(x), float(y)), (float(width), float(height))))
    except (OSError, ValueError, KeyError, TypeError):
        return now
