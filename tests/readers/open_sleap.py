"""Run in sleap-io's environment: OUT EXPECTED. A package, moved away from the photographs."""

import json
import math
import shutil
import sys
import tempfile
from pathlib import Path

import sleap_io

out, expected = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
with tempfile.TemporaryDirectory() as folder:
    labels = sleap_io.load_slp(shutil.copy(out, Path(folder) / "moved.pkg.slp"))
    assert labels.skeletons[0].node_names == expected["landmarks"]
    found = []
    for frame in labels:
        assert frame.image.shape == (expected["size"][1], expected["size"][0], 3)
        for each in frame.instances:
            rows = zip(each.points["xy"].tolist(), each.points["visible"].tolist(), strict=True)
            found.append(
                [[0, 0, 0] if math.isnan(x) else [x, y, 2 if seen else 1] for (x, y), seen in rows]
            )
wanted = [rows for _, rows in expected["objects"]]
assert found == wanted, (found, wanted)
