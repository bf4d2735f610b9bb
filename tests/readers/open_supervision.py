"""Run in supervision's environment: OUT EXPECTED."""

import json
import sys
from collections import Counter
from pathlib import Path

from supervision import DetectionDataset

out, expected = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
data = DetectionDataset.from_coco(str(out / "data"), str(out / "labels.json"))
wanted = Counter(name for name, _ in expected["objects"])
found = {}
for path, image, detections in data:
    assert image.shape == (expected["size"][1], expected["size"][0], 3)
    found[Path(path).name] = len(detections)
assert found == dict(wanted), found
