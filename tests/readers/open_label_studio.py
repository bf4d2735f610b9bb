"""Run in the environment of Label Studio's SDK: OUT EXPECTED. Its converter makes YOLO and COCO of
the tasks, which orders keypoints by the configuration's model_index."""

import json
import sys
import tempfile
from pathlib import Path

from label_studio_sdk.converter import Converter
from label_studio_sdk.label_interface import LabelInterface

out, expected = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
tasks = json.loads(out.read_text())
configuration = out.with_suffix(".config.xml").read_text()
interface = LabelInterface(configuration)
for task in tasks:
    assert interface.validate_task({"data": task["data"]})
    for annotation in task["annotations"]:
        for region in annotation["result"]:
            if region["type"] == "rectanglelabels":
                box = region["value"]
                assert min(box["x"], box["y"]) >= 0, box
                assert max(box["x"] + box["width"], box["y"] + box["height"]) <= 100 + 1e-9, box
with tempfile.TemporaryDirectory() as folder:
    converter = Converter(configuration, folder, download_resources=False)
    converter.convert_to_yolo(str(out), str(Path(folder) / "yolo"), is_dir=False)
    lines = sorted(
        line
        for file in (Path(folder) / "yolo" / "labels").glob("*.txt")
        for line in file.read_text().splitlines()
    )
width, height = expected["size"]
seen = []
for line in lines:
    numbers = [float(word) for word in line.split()[5:]]
    rows = [numbers[i : i + 3] for i in range(0, len(numbers), 3)]
    seen.append([[x * width - 0.5, y * height - 0.5, v] if v else [0, 0, 0] for x, y, v in rows])
for _, exact in expected["objects"]:
    assert any(
        all(
            bool(row[2]) == bool(other[2])
            and abs(row[0] - other[0]) + abs(row[1] - other[1]) < 1e-4
            for row, other in zip(rows, exact, strict=True)
        )
        for rows in seen
    ), (exact, seen)
