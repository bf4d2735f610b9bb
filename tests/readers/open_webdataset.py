"""Run in the environment of webdataset: OUT EXPECTED."""

import json
import sys
from pathlib import Path

import webdataset

out, expected = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
found = []
for shard in sorted(out.glob("*.tar")):
    for sample in webdataset.WebDataset(str(shard), shardshuffle=False).decode("rgb8"):
        about = sample["json"]
        assert sample["png"].shape == (about["height"], about["width"], 3)
        assert about["landmarks"] == expected["landmarks"]
        for each in about["objects"]:
            found.append([Path(about["image"]).name, each["keypoints"]])
assert found == expected["objects"], (found, expected["objects"])
