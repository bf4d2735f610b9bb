"""What the program says of itself, at once."""

import subprocess
import sys

from landmark_annotator.annotator.cli.main import app
from tests.end_to_end.conftest import Annotator


def test_help_of_every_command_has_an_example(annotator: Annotator) -> None:
    overview = annotator("--help").out
    commands = [
        line.split()[1]
        for line in overview.split("Commands")[1].splitlines()
        if line.startswith("│ ") and line[2] != " "
    ]
    registered = {c.name or getattr(c.callback, "__name__", "") for c in app.registered_commands}
    assert set(commands) == registered
    for command in commands:
        assert f"Example: annotator {command}" in annotator(command, "--help").out


def test_help_imports_neither_torch_nor_qt_nor_the_database() -> None:
    script = (
        "import sys; from landmark_annotator.annotator.cli.main import run; run(['--help']); "
        "slow = {'torch', 'PySide6', 'sqlalchemy', 'numpy', 'cv2'} & set(sys.modules); "
        "sys.exit(', '.join(slow) or 0)"
    )
    subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
