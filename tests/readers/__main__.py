"""Whether other people's programs open exports as they are: python -m tests.readers [NAME ...].

Each is installed once into an environment of its own below --into, which may take minutes and a
gigabyte; what it took is printed. The Python that runs this is that of the environments too.
"""

import argparse
import subprocess
import sys
import time
import venv
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from landmark_annotator.projects.exchange import by_name, export_set
from tests.readers.hard_case import expected, made


@dataclass(frozen=True)
class Program:
    """packages: as pip takes them. format: of the export that it opens."""

    packages: tuple[str, ...]
    format: str


PROGRAMS = {
    "datumaro": Program(("datumaro==1.13.12",), "datumaro"),
    "deeplabcut": Program(("deeplabcut==3.0.2", "torch==2.13.0"), "deeplabcut-project"),
    "fiftyone": Program(("fiftyone==1.22.1",), "coco-folder"),
    "imagefolder": Program(("datasets==5.2.0", "pillow==13.0.0"), "imagefolder"),
    "huggingface": Program(("datasets==5.2.0", "pillow==13.0.0"), "huggingface"),
    "label-studio": Program(("label-studio-sdk==2.1.2",), "label-studio"),
    "nwb": Program(("ndx-pose==0.4.0", "pynwb==4.2.0"), "nwb"),
    "sleap": Program(("sleap-io==0.9.5",), "sleap-package"),
    "supervision": Program(("supervision==0.31.2",), "coco-folder"),
    "webdataset": Program(("webdataset==1.0.2", "pillow==13.0.0"), "webdataset"),
}


def installed(program: Program, folder: Path) -> Path:
    """Its environment's Python."""
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, *program.packages], check=True)
        (folder / "complete").touch()
    return python


def megabytes(folder: Path) -> float:
    files = (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    return sum(file.stat().st_size for file in files) / 1e6


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(PROGRAMS))
    parser.add_argument("--into", type=Path, default=Path("build") / "readers")
    asked = parser.parse_args()
    unknown = [name for name in asked.names if name not in PROGRAMS]
    if unknown:
        parser.error(f"no program {unknown[0]}: choose of {', '.join(PROGRAMS)}")
    failed = 0
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "expected.json").write_text(expected(), encoding="utf-8")
        with made(folder) as project:
            for program in asked.names or PROGRAMS:
                format = PROGRAMS[program].format
                out = folder / program / f"out{by_name(format).suffix}"
                out.parent.mkdir()
                export_set(project, out, format=format, include_unaccepted=True)
        for program in asked.names or PROGRAMS:
            home = (asked.into / program).absolute()
            python = installed(PROGRAMS[program], home)
            out = folder / program / f"out{by_name(PROGRAMS[program].format).suffix}"
            script = Path(__file__).with_name(f"open_{program.replace('-', '_')}.py")
            began = time.perf_counter()
            done = subprocess.run(
                [str(python), str(script), str(out), str(folder / "expected.json")],
                capture_output=True,
                text=True,
            )
            took = time.perf_counter() - began
            word = "opens it" if done.returncode == 0 else "FAILED"
            sys.stdout.write(
                f"{PROGRAMS[program].packages[0]}: {word}, {took:.0f} s; environment of "
                f"{megabytes(home):.0f} MB\n"
            )
            if done.returncode:
                failed += 1
                sys.stdout.write(done.stderr[-3000:])
    return failed


if __name__ == "__main__":
    sys.exit(main())
