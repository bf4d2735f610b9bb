"""The cards of the label formats, in the order in which they are tried on a file."""

from landmark_annotator.projects.exchange import format_code
from landmark_annotator.projects.exchange.capabilities import (
    NOT_WRITTEN,
    ONE_AN_IMAGE,
    ONE_PERSON,
    Carries,
)
from landmark_annotator.projects.exchange.format_card import Format

_ORDER = "in the scheme's order"
_LEFT_OUT = "the shape is left out"
_CORNER = "plus 0.5: from the first pixel's corner"
_UPRIGHT = "upright: a turned one becomes the box around it"
_ATTRIBUTE = "as an attribute"
_PROVENANCE = "in its provenance"
_WHOLE = "whole pixels, exact ones beside"
_BESIDE = "beside, for this program"
_ONE_VIDEO = "of one video, as individuals"

_COCO = Carries(
    "as they are",
    "yes",
    "yes",
    "yes",
    _UPRIGHT,
    "yes",
    "yes",
    absent=_ATTRIBUTE,
    people="yes",
    masks="yes",
)
_SLEAP = Carries(
    "as they are",
    "yes",
    "yes",
    "yes",
    _PROVENANCE,
    "yes",
    "yes",
    absent=_PROVENANCE,
    people=_PROVENANCE,
)

FORMATS = (
    Format(
        "coco-results",
        "predictions as COCO results (.json)",
        format_code.coco_results,
        stream_predictions=format_code.coco_results,
    ),
    Format(  # before coco, some of whose words are in it too
        "datumaro",
        "Datumaro (folders annotations and images)",
        format_code.datumaro,
        format_code.datumaro,
        writes_folder=True,
        images_in="images/default",
        carries=Carries(
            _CORNER, "yes", "yes", "yes", _UPRIGHT, "yes", absent=_ATTRIBUTE, people="yes"
        ),
    ),
    Format(
        "coco",
        "COCO keypoints (.json)",
        format_code.coco,
        format_code.coco,
        format_code.coco,
        stream_reader=format_code.coco,
        suffix=".json",
        carries=_COCO,
    ),
    Format(
        "coco-folder",
        "COCO keypoints as FiftyOne has them (labels.json, folder data)",
        format_code.coco_folder,
        format_code.coco_folder,
        format_code.coco_folder,
        writes_folder=True,
        images_in="data",
        carries=_COCO,
    ),
    Format(
        "pts",
        "300-W points (.pts beside each image)",
        format_code.pts,
        format_code.pts,
        stream_reader=format_code.pts,
        writes_folder=True,
        carries=Carries(
            "counted from 1",
            _ORDER,
            "no",
            _LEFT_OUT,
            "no",
            "a numbered file each",
            absent=_LEFT_OUT,
        ),
        names_images=False,
    ),
    Format(
        "tem",
        "Psychomorph and WebMorph (.tem beside each image)",
        format_code.tem,
        format_code.tem,
        writes_folder=True,
        carries=Carries(
            "as they are", _ORDER, "no", _LEFT_OUT, "no", "a numbered file each", absent=_LEFT_OUT
        ),
        names_images=False,
    ),
    Format(
        "tps",
        "tpsDig (.tps)",
        format_code.tps,
        format_code.tps,
        suffix=".tps",
        carries=Carries("y points up from the lowest row", _ORDER, "no", "-1 -1", "no", "yes"),
    ),
    Format(
        "wflw",
        "WFLW lists (.txt)",
        format_code.wflw,
        format_code.wflw,
        suffix=".txt",
        carries=Carries(
            "as they are",
            _ORDER,
            "one attribute",
            _LEFT_OUT,
            "whole pixels around it",
            "yes",
            absent=_LEFT_OUT,
        ),
    ),
    Format(
        "csv",
        "table (.csv)",
        format_code.csv,
        format_code.csv,
        stream_reader=format_code.csv,
        suffix=".csv",
        carries=Carries(
            "as they are", "yes", "yes", "yes", "yes", "yes", "yes", absent="yes", people="yes"
        ),
        frames=True,
    ),
    Format(
        "labelme",
        "labelme (.json beside each image)",
        format_code.labelme,
        format_code.labelme,
        stream_reader=format_code.labelme,
        writes_folder=True,
        carries=Carries(
            _CORNER,
            "yes",
            "as a flag",
            "left out",
            _UPRIGHT,
            "yes",
            absent="as a flag",
            people="yes",
        ),
    ),
    Format(
        "label-studio",
        "Label Studio tasks (.json)",
        format_code.label_studio,
        format_code.label_studio,
        suffix=".json",
        carries=Carries(
            "percent of the extent, from its corner",
            "yes",
            "as a choice",
            "left out",
            "yes",
            "yes",
            absent="in the rectangle's meta",
            people="yes",
            masks="yes",
        ),
    ),
    Format(
        "indexed-png",
        "indexed PNG masks, as Pascal VOC and CVAT have them (folder SegmentationClass)",
        format_code.indexed_png,
        format_code.indexed_png,
        writes_folder=True,
        names_images=False,
        images_in="JPEGImages",
        carries=Carries(
            "no", "no", "no", "no", "no", "by their number", absent=NOT_WRITTEN, masks="yes"
        ),
    ),
    Format(  # before cvat, which is the same but for the tracks
        "cvat-video",
        "CVAT for video 1.1 (.xml)",
        format_code.cvat_video,
        format_code.cvat_video,
        suffix=".xml",
        carries=Carries(
            _CORNER,
            "yes",
            "yes",
            "as outside",
            "yes",
            "yes",
            "yes",
            absent=_ATTRIBUTE,
            people="yes",
        ),
        frames=True,
    ),
    Format(
        "cvat",
        "CVAT for images 1.1 (.xml)",
        format_code.cvat,
        format_code.cvat,
        suffix=".xml",
        carries=Carries(
            _CORNER,
            "yes",
            "yes",
            "as outside",
            "yes",
            "yes",
            absent=_ATTRIBUTE,
            people="yes",
            masks="yes, but those of nothing",
        ),
    ),
    Format(
        "sleap-package",
        "SLEAP with the images inside (.pkg.slp)",
        format_code.sleap_package,
        format_code.sleap_package,
        suffix=".pkg.slp",
        carries=_SLEAP,
        predictions=format_code.sleap_predictions,
        frames=True,
        names_images=False,
        upright_inside=True,
    ),
    Format(
        "sleap",
        "SLEAP (.slp)",
        format_code.sleap,
        format_code.sleap,
        suffix=".slp",
        carries=_SLEAP,
        predictions=format_code.sleap_predictions,
        frames=True,
        names_images=False,
    ),
    Format(
        "imglab",
        "dlib's imglab (.xml)",
        format_code.imglab,
        format_code.imglab,
        suffix=".xml",
        carries=Carries(_WHOLE, "in a comment", _BESIDE, "yes", _WHOLE, "yes"),
    ),
    Format(
        "yolo",
        "YOLO pose (folders images and labels, data.yaml)",
        format_code.yolo,
        format_code.yolo,
        writes_folder=True,
        carries=Carries(
            "shares of the size, from its corner", "in data.yaml", "yes", "yes", _UPRIGHT, "yes"
        ),
        names_images=False,
        images_in="images",
    ),
    Format(
        "deeplabcut",
        "DeepLabCut (CollectedData .csv)",
        format_code.deeplabcut,
        format_code.deeplabcut,
        suffix=".csv",
        carries=Carries(
            "as they are", "yes", "no", "yes", "no", "yes", _ONE_VIDEO, people=ONE_PERSON
        ),
        frames=True,
    ),
    Format(
        "deeplabcut-h5",
        "DeepLabCut (CollectedData .h5)",
        format_code.deeplabcut_h5,
        format_code.deeplabcut_h5,
        suffix=".h5",
        carries=Carries(
            "as they are", "yes", "no", "yes", "no", "yes", _ONE_VIDEO, people=ONE_PERSON
        ),
        frames=True,
    ),
    Format(
        "deeplabcut-project",
        "DeepLabCut project (config.yaml, folder labeled-data)",
        format_code.deeplabcut_project,
        format_code.deeplabcut_project,
        writes_folder=True,
        names_images=False,
        images_in="labeled-data",
        carries=Carries(
            "as they are", "yes", "no", "yes", "no", "yes", "as individuals", people=ONE_PERSON
        ),
    ),
    Format(
        "lightning-pose",
        "Lightning Pose (CollectedData.csv, folder labeled-data)",
        format_code.lightning_pose,
        format_code.lightning_pose,
        writes_folder=True,
        names_images=False,
        images_in="labeled-data",
        carries=Carries("as they are", "yes", "no", "yes", "no", ONE_AN_IMAGE, people=ONE_PERSON),
    ),
    Format("images", "images without labels", format_code.images),
)
