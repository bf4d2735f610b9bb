"""The code of the label formats, each loaded when it is first used."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    Stream,
    Written,
)
from landmark_annotator.projects.vocabulary import SILENT, Progress, Scheme


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


class StreamReader(Protocol):
    def stream(
        self,
        source: Path,
        scheme: Scheme,
        *,
        images: Path | None = None,
        annotator: str | None = None,
        progress: Progress = SILENT,
    ) -> Stream:
        """As `read`, in a memory that does not grow with the file. What is wrong with the file as
        a whole is found before the first instance. Raises FormatError, Cancelled."""
        ...


class Writer(Protocol):
    def write(self, target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
        """Raises FormatError or DiskFull; what was there before is then as it was."""
        ...


class StreamWriter(Protocol):
    def write(self, target: Path, instances: Iterable[ExportedInstance], scheme: Scheme) -> Written:
        """Goes through the instances once, and needs only their positions and visibilities."""
        ...


class Both(Reader, Writer, Protocol):
    pass


class Streaming(Reader, StreamWriter, Protocol):
    pass


class ReadsEither(Reader, StreamReader, Protocol):
    pass


class ReadsStreams(Reader, StreamReader, Writer, Protocol):
    pass


class StreamsBoth(Streaming, StreamReader, Protocol):
    pass


def coco() -> StreamsBoth:
    from landmark_annotator.projects.exchange.codecs import coco

    return coco


def coco_folder() -> Streaming:
    from landmark_annotator.projects.exchange.codecs import coco_folder

    return coco_folder


def csv() -> ReadsStreams:
    from landmark_annotator.projects.exchange.codecs import csv_table

    return csv_table


def pts() -> ReadsStreams:
    from landmark_annotator.projects.exchange.codecs import pts

    return pts


def tem() -> Both:
    from landmark_annotator.projects.exchange.codecs import tem

    return tem


def cvat() -> Both:
    from landmark_annotator.projects.exchange.codecs import cvat

    return cvat


def cvat_video() -> Both:
    from landmark_annotator.projects.exchange.codecs import cvat_video

    return cvat_video


def datumaro() -> Both:
    from landmark_annotator.projects.exchange.codecs import datumaro

    return datumaro


def labelme() -> ReadsStreams:
    from landmark_annotator.projects.exchange.codecs import labelme

    return labelme


def indexed_png() -> Both:
    from landmark_annotator.projects.exchange.codecs import indexed_png

    return indexed_png


def label_studio() -> Both:
    from landmark_annotator.projects.exchange.codecs import label_studio

    return label_studio


def sleap() -> Both:
    from landmark_annotator.projects.exchange.codecs import sleap

    return sleap


def sleap_package() -> Both:
    from landmark_annotator.projects.exchange.codecs import sleap_package

    return sleap_package


def tps() -> Both:
    from landmark_annotator.projects.exchange.codecs import tps

    return tps


def wflw() -> Both:
    from landmark_annotator.projects.exchange.codecs import wflw

    return wflw


def imglab() -> Both:
    from landmark_annotator.projects.exchange.codecs import imglab

    return imglab


def yolo() -> Both:
    from landmark_annotator.projects.exchange.codecs import yolo

    return yolo


def deeplabcut() -> Both:
    from landmark_annotator.projects.exchange.codecs import deeplabcut

    return deeplabcut


def deeplabcut_h5() -> Both:
    from landmark_annotator.projects.exchange.codecs import deeplabcut_h5

    return deeplabcut_h5


def deeplabcut_project() -> Both:
    from landmark_annotator.projects.exchange.codecs import deeplabcut_project

    return deeplabcut_project


def lightning_pose() -> Both:
    from landmark_annotator.projects.exchange.codecs import lightning_pose

    return lightning_pose


def coco_wholebody() -> Both:
    from landmark_annotator.projects.exchange.codecs import coco_wholebody

    return coco_wholebody


def openpose() -> Both:
    from landmark_annotator.projects.exchange.codecs import openpose

    return openpose


def via() -> Both:
    from landmark_annotator.projects.exchange.codecs import via

    return via


def slicer() -> Both:
    from landmark_annotator.projects.exchange.codecs import slicer

    return slicer


def asf() -> Both:
    from landmark_annotator.projects.exchange.codecs import asf

    return asf


def isbi() -> Both:
    from landmark_annotator.projects.exchange.codecs import isbi

    return isbi


def napari() -> Both:
    from landmark_annotator.projects.exchange.codecs import point_lists

    return point_lists.NAPARI


def imagej() -> Both:
    from landmark_annotator.projects.exchange.codecs import point_lists

    return point_lists.IMAGEJ


def nwb() -> Both:
    from landmark_annotator.projects.exchange.codecs import nwb

    return nwb


def webdataset() -> ReadsStreams:
    from landmark_annotator.projects.exchange.codecs import webdataset

    return webdataset


def huggingface() -> ReadsStreams:
    from landmark_annotator.projects.exchange.codecs import huggingface

    return huggingface


def image_metadata() -> ReadsStreams:
    from landmark_annotator.projects.exchange.codecs import image_metadata

    return image_metadata


def sleap_predictions() -> Reader:
    from landmark_annotator.projects.exchange.codecs import sleap

    return sleap.PREDICTIONS


def label_studio_predictions() -> Reader:
    from landmark_annotator.projects.exchange.codecs import label_studio

    return label_studio.PREDICTIONS


def coco_results() -> ReadsEither:
    from landmark_annotator.projects.exchange.codecs import coco_results

    return coco_results


def images() -> Reader:
    from landmark_annotator.projects.exchange.codecs import image_folder

    return image_folder
