"""Where there is no room for an HDF5 file, the export is refused and the program goes on: h5py ends
the process where what it has to write at last cannot be written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

resource = pytest.importorskip("resource", reason="files cannot be bounded here")

PROGRAM = """
import resource, sys
from importlib import import_module
from pathlib import Path

import numpy as np

from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.vocabulary import ActionableError, Scheme, Shape

sys.dont_write_bytecode = True  # which would be cut off, too
codec = import_module(f"landmark_annotator.projects.exchange.codecs.{sys.argv[1]}")
folder = Path(sys.argv[2])
images = [folder / f"{number}.png" for number in range(20)]
entries = [ExportedInstance(i, 9, 9, Shape(np.ones((1, 2))), None, i.name) for i in images]
resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))
try:
    codec.write(folder / sys.argv[3], entries, Scheme("one", ("a",)))
except ActionableError as error:
    print(error.happened)
"""


@pytest.mark.parametrize(("codec", "name"), [("deeplabcut_h5", "a.h5"), ("nwb", "a.nwb")])
def test_what_cannot_be_written_is_told(tmp_path: Path, codec: str, name: str) -> None:
    words = [sys.executable, "-c", PROGRAM, codec, str(tmp_path), name]
    # pynwb would leave a part of its cache, and fail with it from then on.
    own = {**os.environ, "PYNWB_NO_CACHE_DIR": "1"}
    done = subprocess.run(words, capture_output=True, text=True, env=own)

    assert done.returncode == 0, done.stderr
    assert f"{name} cannot be written: File too large" in done.stdout
    assert [*tmp_path.iterdir()] == []
