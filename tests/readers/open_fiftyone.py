"""Run in FiftyOne's environment: OUT EXPECTED. Its importer, which Dataset.from_dir runs; the data
set itself would need a MongoDB server."""

import json
import math
import sys
from pathlib import Path

from fiftyone.types import COCODetectionDataset

out, expected = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
width, height = expected["size"]
found = []
with COCODetectionDataset().get_dataset_importer_cls()(str(out)) as importer:
    for path, size, labels in importer:
        assert Path(path).is_file()
        assert (size.width, size.height) == (width, height)
        for each in labels["keypoints"].keypoints:
            pairs = zip(each.points, each["visible"], strict=True)
            rows = [
                [0, 0, 0] if math.isnan(x) or not seen else [x * width, y * height, seen]
                for (x, y), seen in pairs
            ]
            found.append([Path(path).name, rows])
for (name, rows), (wanted, exact) in zip(sorted(found), sorted(expected["objects"]), strict=True):
    assert name == wanted
    for row, other in zip(rows, exact, strict=True):
        assert all(abs(a - b) < 1e-9 for a, b in zip(row, other, strict=True)), (row, other)
