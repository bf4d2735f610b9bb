"""Arguments and options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

ProjectFolder = Annotated[
    Path, typer.Argument(metavar="PROJECT", help="The project's folder.", show_default=False)
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on standard output, nothing else.")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Exit with status 4 where something was left out.")
]
Seed = Annotated[int, typer.Option(help="Of everything random: the same seed, the same result.")]
