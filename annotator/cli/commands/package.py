"""annotator package: a model as one file that can be carried anywhere."""

from pathlib import Path
from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.options import AsJson, no_project_file
from landmark_annotator.annotator.cli.support.output import answer, note


def package(
    model: Annotated[
        str,
        typer.Argument(
            metavar="MODEL",
            help="A project's folder or one of its models, or weights that came with the program.",
            show_default=False,
        ),
    ],
    out: Annotated[Path, typer.Argument(metavar="FILE", help="The zip to write.")],
    onnx: Annotated[
        bool, typer.Option(help="Write the model as an ONNX file too, where its backend can.")
    ] = True,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Write over what is there already.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put a model into one file: weights, card, scheme, calibration, an ONNX file that gives the
    same landmarks without this program, and ten lines of Python that use it.

    Example: annotator package faces model.zip
    """
    from landmark_annotator.annotator.session.deployment.named_model import named_model
    from landmark_annotator.annotator.session.deployment.package_writing import write_package
    from landmark_annotator.projects.vocabulary.errors import FormatError

    no_project_file(out)
    if out.suffix.lower() != ".zip":
        raise typer.BadParameter("the name has to end in .zip", param_hint="FILE")
    if out.exists() and not overwrite:
        raise FormatError(
            f"{out} is there already.",
            kept="It was left as it is.",
            remedy="Name another file, or say --overwrite.",
        )
    chosen = named_model(model)
    done = write_package(chosen, out, onnx=onnx)
    facts = {
        "out": out.absolute(),
        "bytes": done.size,
        "model": {"name": chosen.name, "backend": chosen.backend.name},
        "scheme": chosen.scheme.name,
        "onnx": done.onnx,
        "finder": done.finder,
    }
    parts = ["weights", *(["an ONNX file"] if done.onnx else [])]
    parts += ["a finder"] if done.finder else []
    answer(
        facts,
        f"Wrote {chosen.title} with {', '.join(parts)} to {out} ({done.size / 1e6:.1f} MB).",
        as_json=as_json,
    )
    if done.reason:
        note(done.reason)
