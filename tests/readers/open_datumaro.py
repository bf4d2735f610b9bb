"""Run in Datumaro's environment: OUT EXPECTED."""

import json
import sys
from pathlib import Path

import datumaro
from datumaro import Dataset, Environment

out, expected = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
assert Environment().detect_dataset(str(out)) == ["datumaro"]
data = Dataset.import_from(str(out), "datumaro")
points = data.categories()[datumaro.AnnotationType.points].items[0]
assert points.labels == expected["landmarks"], points.labels
found = []
for item in data:
    assert item.media.data.shape == (expected["size"][1], expected["size"][0], 3)
    for each in item.annotations:
        if each.type == datumaro.AnnotationType.points:
            pairs = zip(each.points[::2], each.points[1::2], each.visibility, strict=True)
            rows = [
                [x - 0.5, y - 0.5, seen.value] if seen.value else [0, 0, 0] for x, y, seen in pairs
            ]
            found.append([Path(item.media.path).name, rows])
for (name, rows), (wanted, exact) in zip(found, expected["objects"], strict=True):
    assert name == wanted
    worst = max(
        abs(a - b)
        for row, other in zip(rows, exact, strict=True)
        for a, b in zip(row, other, strict=True)
    )
    assert worst < 6e-3, worst  # it keeps positions to two decimals
