"""The cards of formats that a single program or data set has, each known by a mark of its own."""

from landmark_annotator.projects.exchange import format_code
from landmark_annotator.projects.exchange.capabilities import Carries
from landmark_annotator.projects.exchange.format_card import Format

_ORDER = "in the scheme's order"
_LEFT_OUT = "the shape is left out"
_NUMBERED = "a numbered file each"
_UPRIGHT = "upright: a turned one becomes the box around it"


def _points(coordinates: str) -> Carries:
    """Of a file an image with one complete shape in it."""
    return Carries(coordinates, _ORDER, "no", _LEFT_OUT, "no", _NUMBERED, absent=_LEFT_OUT)


_SCRATCH = "in its scratch"
_RECORDS = Carries(
    "as they are", "yes", "yes", "yes", "yes", "yes", absent="yes", people="yes", states="yes"
)
"""Of objects as plain values, see `object_records`."""

BY_PROGRAM = (
    Format(
        "coco-wholebody",
        "COCO-WholeBody: 133 landmarks, a face of 68 or a hand of 21 (.json)",
        format_code.coco_wholebody,
        format_code.coco_wholebody,
        suffix=".json",
        carries=Carries(
            "as they are", _ORDER, "yes", "yes", _UPRIGHT, "yes", people="yes", states="yes"
        ),
    ),
    Format(
        "openpose",
        "OpenPose (_keypoints.json beside each image)",
        format_code.openpose,
        format_code.openpose,
        writes_folder=True,
        names_images=False,
        carries=Carries("as they are", _ORDER, "no", "yes", "no", "yes"),
        scores=True,
    ),
    Format(
        "via",
        "VIA, the VGG Image Annotator (.json, .csv only read)",
        format_code.via,
        format_code.via,
        suffix=".json",
        carries=Carries(
            "as they are",
            "yes",
            "yes",
            "left out",
            _UPRIGHT,
            "yes",
            absent="in the rectangle",
            people="yes",
            states="yes",
        ),
    ),
    Format(
        "slicer",
        "3D Slicer markups (.mrk.json beside each image, .fcsv only read)",
        format_code.slicer,
        format_code.slicer,
        writes_folder=True,
        names_images=False,
        carries=Carries(
            "in millimetres, by what the image says of a pixel",
            "yes",
            "in the description",
            "yes",
            "no",
            "yes",
            absent="yes",
        ),
    ),
    Format(
        "asf",
        "AAM shapes, as of IMM faces (.asf beside each image)",
        format_code.asf,
        format_code.asf,
        writes_folder=True,
        names_images=False,
        carries=_points("shares of the size"),
    ),
    Format(
        "isbi",
        "ISBI 2015 cephalograms (.txt of x,y beside each image)",
        format_code.isbi,
        format_code.isbi,
        writes_folder=True,
        names_images=False,
        carries=_points("as they are"),
    ),
    Format(
        "napari",
        "napari points (.csv beside each image)",
        format_code.napari,
        format_code.napari,
        writes_folder=True,
        names_images=False,
        carries=_points("as they are, y first"),
    ),
    Format(
        "imagej",
        "ImageJ results (.csv beside each image)",
        format_code.imagej,
        format_code.imagej,
        writes_folder=True,
        names_images=False,
        carries=_points("as they are"),
    ),
    Format(
        "nwb",
        "NWB with ndx-pose (.nwb)",
        format_code.nwb,
        format_code.nwb,
        suffix=".nwb",
        frames=True,
        carries=Carries(
            "as they are",
            "yes",
            "yes",
            "yes",
            _SCRATCH,
            "yes",
            _SCRATCH,
            absent=_SCRATCH,
            people="yes",
            states="yes",
        ),
    ),
    Format(
        "webdataset",
        "WebDataset (folder of .tar shards, images inside)",
        format_code.webdataset,
        format_code.webdataset,
        stream_reader=format_code.webdataset,
        writes_folder=True,
        frames=True,
        names_images=False,
        holds_images=True,
        shards=True,
        carries=_RECORDS,
    ),
    Format(
        "huggingface",
        "Hugging Face datasets (folder of .parquet, images inside)",
        format_code.huggingface,
        format_code.huggingface,
        stream_reader=format_code.huggingface,
        writes_folder=True,
        frames=True,
        names_images=False,
        holds_images=True,
        shards=True,
        carries=_RECORDS,
    ),
    Format(
        "imagefolder",
        "Hugging Face image folder (metadata.jsonl, folder images)",
        format_code.image_metadata,
        format_code.image_metadata,
        stream_reader=format_code.image_metadata,
        writes_folder=True,
        images_in="images",
        carries=_RECORDS,
    ),
)
