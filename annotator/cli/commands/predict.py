"""annotator predict: what a model says of images, without a project."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.exit_codes import ExitCode
from landmark_annotator.annotator.cli.support.options import (
    AsJson,
    Device,
    Strict,
    confirm_typed,
    images_there,
    no_project_file,
)
from landmark_annotator.annotator.cli.support.output import answer, counted, note


def predict(
    model: Annotated[
        str,
        typer.Argument(
            metavar="MODEL",
            help="Weights that came with the program, such as face68; a project's folder or one of "
            "its models; or a zip that `annotator package` wrote.",
            show_default=False,
        ),
    ],
    images: Annotated[
        list[Path],
        typer.Argument(
            metavar="IMAGES...",
            help="Folders of images, files, or their addresses (s3://, https://, sftp://).",
            parser=images_there,
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="What to write: .json with all that is known, .csv as a table, or a label format.",
        ),
    ],
    format: Annotated[
        str | None,
        typer.Option(
            help="json, csv or any of `annotator formats`. Default: by the file's ending."
        ),
    ] = None,
    boxes: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Where the objects are: a table with image, x, y, width, height, or a label file. "
            "Default: the finder looks for them.",
            exists=True,
        ),
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="Take each image as one object, whole.")
    ] = False,
    device: Device = "cpu",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Write over what is there already.")
    ] = False,
    strict: Strict = False,
    as_json: AsJson = False,
) -> None:
    """Say where the landmarks of all objects in images are, and how sure that is, without a
    project.

    It computes in single precision, so the answer is the same on every machine; the proposals of a
    project are made in half the time, and differ by less than a tenth of a pixel.

    Example: annotator predict face68 photographs/ --out results.json
    """
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.deployment.boxes_to_look_at import (
        found_places,
        told_places,
        whole_images,
    )
    from landmark_annotator.annotator.session.deployment.package_reading import model_at
    from landmark_annotator.annotator.session.deployment.prediction import (
        Predicting,
        exact,
        images_in,
    )
    from landmark_annotator.annotator.session.deployment.prediction_files import PredictionFile
    from landmark_annotator.annotator.session.models.novelty import novelty_sentence
    from landmark_annotator.backends.other_sides import is_known
    from landmark_annotator.projects.remote import address_of

    if boxes is not None and whole:
        raise typer.BadParameter("goes not with --boxes", param_hint="--whole")
    no_project_file(out)
    file = PredictionFile.of(out, format, overwrite=overwrite)
    for place in images:
        confirm_typed(place)
    paths = images_in(images)
    with model_at(model) as chosen:
        places = whole_images(chosen) if whole else None
        if boxes is not None:  # what is wrong with it is told before a network is loaded
            folders = [place for place in images if place.is_dir()]
            places = told_places(boxes, chosen.scheme, folders[0] if len(folders) == 1 else None)
        file.rehearse(paths, chosen.scheme)
        proposes = exact(chosen.load(device))
        if places is None:
            places = found_places(chosen, partial(is_known, proposes), device)
        predicting = Predicting(chosen, proposes, places)
        with ProgressBar() as progress:
            notes = file.write(predicting, predicting.over(paths, progress))
    facts = {
        "out": out.absolute(),
        "format": file.kind,
        "model": {
            "name": chosen.name,
            "backend": chosen.backend.name,
            # What a package was put into for the time being is gone.
            "folder": chosen.folder if chosen.folder.is_dir() else Path(model).absolute(),
        },
        "scheme": chosen.scheme.name,
        "boxes": places.reason,
        "images": predicting.images,
        "objects": predicting.objects,
        "empty": predicting.empty,
        "unfamiliar": predicting.unfamiliar,
        "unreadable": [
            {"image": address_of(path) or path, "reason": reason}
            for path, reason in predicting.unreadable
        ],
        "complete": not predicting.stopped,
        "notes": notes,
    }
    answer(
        facts,
        f"{places.reason}\n{chosen.title[0].upper()}{chosen.title[1:]} predicted "
        f"{counted(predicting.objects, 'object')} in {counted(predicting.images, 'image')}"
        f"{_nothing_in(predicting.empty)}.\nThey are in {out}.",
        as_json=as_json,
    )
    if predicting.unfamiliar:
        note(novelty_sentence(predicting.unfamiliar, predicting.objects))
    for line in notes:
        note(line)
    for _, reason in predicting.unreadable:
        note(reason)
    if predicting.stopped:
        note("Stopped before the end. What was predicted until then is in the file.")
        raise typer.Exit(ExitCode.INTERRUPTED)
    if strict and predicting.unreadable:
        raise typer.Exit(ExitCode.INCOMPLETE)


def _nothing_in(images: int) -> str:
    return f"; in {images:,} there is nothing" if images else ""
