"""Which image of a folder a COCO result is of, which names it by a number."""

import json
from pathlib import Path

from PIL import Image

from landmark_annotator.projects.exchange import by_name
from landmark_annotator.projects.vocabulary import Scheme

SCHEME = Scheme("pair", ("one", "two"))


def test_a_number_that_several_images_have_is_that_of_none(tmp_path: Path) -> None:
    for name in ("cage1/0001.png", "cage2/0001.png", "cage2/0002.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (40, 30)).save(tmp_path / name)
    found = [{"image_id": n, "category_id": 1, "bbox": [1, 1, 9, 9], "score": 0.9} for n in (1, 2)]
    (tmp_path / "found.json").write_text(json.dumps(found))

    contents = by_name("coco-results").reader().read(tmp_path / "found.json", SCHEME)

    assert [each.image.name for each in contents.instances] == ["0002.png"]
    assert len(contents.unreadable) == 1
    assert "have the number 1:" in contents.notes[0]
