"""Run in pynwb's environment, with ndx-pose: OUT EXPECTED."""

import json
import math
import sys
from pathlib import Path

import ndx_pose  # noqa: F401 - what its tables are
import pynwb

out, expected = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
found = []
with pynwb.NWBHDF5IO(str(out), mode="r") as file:
    behaviour = file.read().processing["behavior"]
    (skeleton,) = behaviour["Skeletons"].skeletons.values()
    assert list(skeleton.nodes) == expected["landmarks"]
    frames = behaviour["PoseTraining"].training_frames.training_frames
    for name in sorted(frames):
        frame = frames[name]
        file_name = frame.source_video.external_file[int(frame.source_video_frame_index)]
        assert (out.parent / file_name).is_file(), file_name
        for each in frame.skeleton_instances.skeleton_instances.values():
            rows = zip(each.node_locations[:].tolist(), each.node_visibility[:], strict=True)
            places = [
                [0, 0, 0] if math.isnan(x) else [x, y, 2 if seen else 1] for (x, y), seen in rows
            ]
            found.append([Path(file_name).name, frame.annotator, places])
people = ["anna", "ben", "anna"]
wanted = [[name, who, rows] for who, (name, rows) in zip(people, expected["objects"], strict=True)]
assert found == wanted, (found, wanted)
