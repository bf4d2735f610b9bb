"""The label formats: what they are called, and which of them a file is in."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from projects.exchange.capabilities import Carries
from projects.exchange.codecs.common.entries import Contents, ExportedInstance, Written
from projects.video import is_video
from projects.vocabulary import Scheme
from projects.vocabulary.errors import FormatError, closest


class Reader(Protocol):
    def sniff(self, source: Path) -> bool:
        """Whether the file or folder is in this format, judged by what it holds."""
        ...

    def read(
        self,
        source: Path,
        scheme: Scheme,
        *,
        images: Path | None = None,
        annotator: str | None = None,
    ) -> Contents:
        """Raises FormatError where nothing of it can be read."""
        ...


class Writer(Protocol):
    def write(self, target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
        """Raises FormatError or DiskFull; what was there before is then as it was."""
        ...


class StreamWriter(Protocol):
    def write(self, target: Path, instances: Iterable[ExportedInstance], scheme: Scheme) -> Written:
        """Goes through the instances once, and needs only their positions and visibilities."""
        ...


@dataclass(frozen=True)
class Format:
    """The card of a format. Its code is loaded when it is first used.

    writer is None where the format can only be read. stream_writer: where it takes instances as
    they come, so that memory does not grow with their number. writes_folder: the target is a
    folder; else suffix is that of the file. carries: what of an instance it holds; None where it
    is not written. frames: it names frames of videos themselves, so that none has to be written as
    an image, and keeps their tracks. predictions: reads what a program predicted, where the reader
    passes that over.
    """

    name: str
    title: str
    reader: Callable[[], Reader]
    writer: Callable[[], Writer] | None = None
    stream_writer: Callable[[], StreamWriter] | None = None
    writes_folder: bool = False
    suffix: str = ""
    carries: Carries | None = None
    predictions: Callable[[], Reader] | None = None
    frames: bool = False


def _coco() -> "_Streaming":
    from projects.exchange.codecs import coco

    return coco


def _csv() -> "_Both":
    from projects.exchange.codecs import csv_table

    return csv_table


def _pts() -> "_Both":
    from projects.exchange.codecs import pts

    return pts


def _tem() -> "_Both":
    from projects.exchange.codecs import tem

    return tem


def _cvat() -> "_Both":
    from projects.exchange.codecs import cvat

    return cvat


def _cvat_video() -> "_Both":
    from projects.exchange.codecs import cvat_video

    return cvat_video


def _datumaro() -> "_Both":
    from projects.exchange.codecs import datumaro

    return datumaro


def _labelme() -> "_Both":
    from projects.exchange.codecs import labelme

    return labelme


def _label_studio() -> "_Both":
    from projects.exchange.codecs import label_studio

    return label_studio


def _sleap() -> "_Both":
    from projects.exchange.codecs import sleap

    return sleap


def _tps() -> "_Both":
    from projects.exchange.codecs import tps

    return tps


def _wflw() -> "_Both":
    from projects.exchange.codecs import wflw

    return wflw


def _imglab() -> "_Both":
    from projects.exchange.codecs import imglab

    return imglab


def _yolo() -> "_Both":
    from projects.exchange.codecs import yolo

    return yolo


def _deeplabcut() -> "_Both":
    from projects.exchange.codecs import deeplabcut

    return deeplabcut


def _deeplabcut_h5() -> "_Both":
    from projects.exchange.codecs import deeplabcut_h5

    return deeplabcut_h5


def _sleap_predictions() -> Reader:
    from projects.exchange.codecs import sleap

    return sleap.PREDICTIONS


def _coco_results() -> Reader:
    from projects.exchange.codecs import coco_results

    return coco_results


def _images() -> Reader:
    from projects.exchange.codecs import image_folder

    return image_folder


class _Both(Reader, Writer, Protocol):
    pass


class _Streaming(Reader, StreamWriter, Protocol):
    pass


_ORDER = "in the scheme's order"
_LEFT_OUT = "the shape is left out"
_CORNER = "plus 0.5: from the first pixel's corner"
_UPRIGHT = "upright: the one around it"
_ATTRIBUTE = "as an attribute"
_PROVENANCE = "in its provenance"
_WHOLE = "whole pixels, exact ones beside"
_BESIDE = "beside, for this program"
_ONE_VIDEO = "of one video, as individuals"

# In the order in which they are tried on a file of unknown format.
_FORMATS = (
    Format("coco-results", "predictions as COCO results (.json)", _coco_results),
    Format(  # before coco, some of whose words are in it too
        "datumaro",
        "Datumaro skeletons (.json)",
        _datumaro,
        _datumaro,
        suffix=".json",
        carries=Carries(
            _CORNER, "yes", "yes", "yes", _UPRIGHT, "yes", absent=_ATTRIBUTE, people="yes"
        ),
    ),
    Format(
        "coco",
        "COCO keypoints (.json)",
        _coco,
        _coco,
        _coco,
        suffix=".json",
        carries=Carries(
            "as they are",
            "yes",
            "yes",
            "yes",
            _UPRIGHT,
            "yes",
            "yes",
            absent=_ATTRIBUTE,
            people="yes",
        ),
    ),
    Format(
        "pts",
        "300-W points (.pts beside each image)",
        _pts,
        _pts,
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
    ),
    Format(
        "tem",
        "Psychomorph and WebMorph (.tem beside each image)",
        _tem,
        _tem,
        writes_folder=True,
        carries=Carries(
            "as they are", _ORDER, "no", _LEFT_OUT, "no", "a numbered file each", absent=_LEFT_OUT
        ),
    ),
    Format(
        "tps",
        "tpsDig (.tps)",
        _tps,
        _tps,
        suffix=".tps",
        carries=Carries("y points up from the lowest row", _ORDER, "no", "-1 -1", "no", "yes"),
    ),
    Format(
        "wflw",
        "WFLW lists (.txt)",
        _wflw,
        _wflw,
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
        _csv,
        _csv,
        suffix=".csv",
        carries=Carries(
            "as they are", "yes", "yes", "yes", "yes", "yes", "yes", absent="yes", people="yes"
        ),
        frames=True,
    ),
    Format(
        "labelme",
        "labelme (.json beside each image)",
        _labelme,
        _labelme,
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
        _label_studio,
        _label_studio,
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
        ),
    ),
    Format(  # before cvat, which is the same but for the tracks
        "cvat-video",
        "CVAT for video 1.1 (.xml)",
        _cvat_video,
        _cvat_video,
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
        _cvat,
        _cvat,
        suffix=".xml",
        carries=Carries(
            _CORNER, "yes", "yes", "as outside", "yes", "yes", absent=_ATTRIBUTE, people="yes"
        ),
    ),
    Format(
        "sleap",
        "SLEAP (.slp)",
        _sleap,
        _sleap,
        suffix=".slp",
        carries=Carries(
            "as they are",
            "yes",
            "yes",
            "yes",
            _PROVENANCE,
            "yes",
            "yes",
            absent=_PROVENANCE,
            people=_PROVENANCE,
        ),
        predictions=_sleap_predictions,
        frames=True,
    ),
    Format(
        "imglab",
        "dlib's imglab (.xml)",
        _imglab,
        _imglab,
        suffix=".xml",
        carries=Carries(_WHOLE, "in a comment", _BESIDE, "yes", _WHOLE, "yes"),
    ),
    Format(
        "yolo",
        "YOLO pose (folders images and labels, data.yaml)",
        _yolo,
        _yolo,
        writes_folder=True,
        carries=Carries(
            "shares of the size, from its corner", "in data.yaml", "yes", "yes", _UPRIGHT, "yes"
        ),
    ),
    Format(
        "deeplabcut",
        "DeepLabCut (CollectedData .csv)",
        _deeplabcut,
        _deeplabcut,
        suffix=".csv",
        carries=Carries("as they are", "yes", "no", "yes", "no", "yes", _ONE_VIDEO),
        frames=True,
    ),
    Format(
        "deeplabcut-h5",
        "DeepLabCut (CollectedData .h5)",
        _deeplabcut_h5,
        _deeplabcut_h5,
        suffix=".h5",
        carries=Carries("as they are", "yes", "no", "yes", "no", "yes", _ONE_VIDEO),
        frames=True,
    ),
    Format("images", "images without labels", _images),
)


def formats() -> tuple[Format, ...]:
    """The cards of all, in the order in which they are tried on a file."""
    return _FORMATS


def by_name(name: str) -> Format:
    """Raises FormatError with the closest known name."""
    known = {card.name: card for card in _FORMATS}
    if name not in known:
        raise FormatError(
            f'There is no label format "{name}".{closest(name, known)}',
            remedy=f"Known formats: {', '.join(known)}.",
        )
    return known[name]


def sniff(source: Path) -> Format:
    """The format of a file or folder. Raises FormatError where it is none of them."""
    if not source.exists():
        raise FormatError(f"There is no file or folder {source}.", remedy="Correct the path.")
    for card in _FORMATS:
        if card.reader().sniff(source):
            return card
    if is_video(source) and source.is_file():
        raise FormatError(
            f"{source.name} is a video, and import takes images and labels.",
            remedy=f"Add frames of it: annotator frames PROJECT {source.name} --count 40.",
        )
    what = "The folder" if source.is_dir() else "The file"
    raise FormatError(
        f"{what} {source} holds no labels or images of a known kind.",
        remedy=f"Known formats: {', '.join(f'{c.name}, {c.title}' for c in _FORMATS)}.",
    )
