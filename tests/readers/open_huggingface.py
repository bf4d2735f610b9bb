"""Run in the environment of `datasets`: OUT EXPECTED. The folder is loaded without a word more."""

import json
import os
import sys
import tempfile
from pathlib import Path

with tempfile.TemporaryDirectory() as cache:
    os.environ |= {"HF_HOME": cache, "HF_HUB_OFFLINE": "1"}
    from datasets import load_dataset

    out, expected = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
    loader = ["imagefolder"] if out.joinpath("metadata.jsonl").exists() else []
    data = load_dataset(*loader, data_dir=str(out)) if loader else load_dataset(str(out))
    found = []
    for row in data["train"]:
        assert row["image"].size == tuple(expected["size"]) == (row["width"], row["height"])
        for each in row["objects"]:
            found.append([each["annotator"], each["keypoints"]])
    people = ["anna", "ben", "anna"]
    wanted = [[who, rows] for who, (_, rows) in zip(people, expected["objects"], strict=True)]
    assert found == wanted, (found, wanted)
    card = (out / "README.md").read_text(encoding="utf-8")
    assert all(name in card for name in expected["landmarks"])
