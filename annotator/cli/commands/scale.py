"""annotator scale: what a pixel measures."""

from collections import Counter
from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder
from landmark_annotator.annotator.cli.support.output import answer, counted


def scale(
    project: ProjectFolder,
    mm_per_pixel: Annotated[
        float | None,
        typer.Argument(
            metavar="[MM]", help="Millimetres a pixel, from now on.", show_default=False
        ),
    ] = None,
    image: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Of these images alone, by their names or paths. Default: of all that have none "
            "of their own.",
        ),
    ] = None,
    unknown: Annotated[bool, typer.Option("--unknown", help="Take back what was said.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show or say what a pixel measures: errors are then told in millimetres too.

    DICOM files, TIFF of ImageJ, OME-TIFF and SCALE= of TPS files say it
    themselves. TPS exports hold it so, too. Of single images whoever labels
    them says it, of all a lead; Ctrl+Z in the window takes it back.

    Example: annotator scale skulls 0.4
    """
    from landmark_annotator.annotator.cli.support.opened_project import open_to_read, open_to_write
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.session.review.named_images import images_named
    from landmark_annotator.projects.images.source import image_name

    saying = mm_per_pixel is not None or unknown
    if mm_per_pixel is not None and unknown:
        raise typer.BadParameter("Give millimetres, or --unknown.", param_hint="--unknown")
    if image and not saying:
        raise typer.BadParameter("goes with millimetres a pixel.", param_hint="--image")
    with open_to_write(project) if saying else open_to_read(project) as opened:
        if saying:
            images = [record.id for record in images_named(opened, image or [])]
            opened.set_pixel_size(mm_per_pixel, images=images, who=who())
        sizes = opened.pixel_sizes()
        own = [(one, sizes.of_images.get(one.id)) for one in opened.images()]
    sized = [(one, size) for one, size in own if size is not None]
    often = Counter(image_name(one) for one, _ in sized)
    known = {
        name if often[name := image_name(one)] == 1 else f"{name} ({one.path.parent})": size
        for one, size in sized
    }
    usual = "nobody has said" if sizes.usual is None else f"{sizes.usual:g} mm"
    text = f"A pixel measures: {usual}."
    if known:
        own_size = counted(len(known), "image has a size of its", "images have a size of their")
        text += f"\n{own_size} own."
    answer({"mm_per_pixel": sizes.usual, "images": known}, text, as_json=as_json)
