"""Run in the environment of `datasets`: OUT EXPECTED. As its Parquet files, by another loader."""

import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).with_name("open_huggingface.py")))
