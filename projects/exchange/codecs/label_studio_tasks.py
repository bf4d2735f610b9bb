"""A task of Label Studio for each image, and the labelling configuration that tasks need, as
`label_studio` describes both."""

from collections.abc import Sequence
from statistics import fmean
from typing import Any
from xml.etree import ElementTree as Xml

import numpy as np

from landmark_annotator.projects.exchange.codecs.common import pixel_corners
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.exchange.codecs.common.labelling import absent_names, time_text
from landmark_annotator.projects.exchange.codecs.common.losses import labelled
from landmark_annotator.projects.exchange.codecs.common.text import one_line, xml_text
from landmark_annotator.projects.exchange.codecs.label_studio_brush import brush_labels, strokes
from landmark_annotator.projects.exchange.codecs.label_studio_rectangles import rectangle_of
from landmark_annotator.projects.vocabulary import Scheme, Visibility


def configuration(scheme: Scheme) -> str:
    for name in (scheme.name, *scheme.landmarks):
        one_line(xml_text(name))
    view = Xml.Element("View")
    Xml.SubElement(view, "Image", name="image", value="$image", zoom="true")
    boxes = Xml.SubElement(view, "RectangleLabels", name="instance", toName="image")
    Xml.SubElement(boxes, "Label", value=scheme.name, model_index="0")
    points = Xml.SubElement(view, "KeyPointLabels", name="landmark", toName="image")
    for number, name in enumerate(scheme.landmarks):
        Xml.SubElement(points, "Label", value=name, model_index=str(number))
    brush_labels(view, scheme)
    choices = Xml.SubElement(view, "Choices", name="visibility", toName="image", perRegion="true")
    Xml.SubElement(choices, "Choice", value="occluded")
    Xml.indent(view)
    return Xml.tostring(view, encoding="unicode") + "\n"


def task_of(
    number: int, name: str, instances: Sequence[ExportedInstance], scheme: Scheme
) -> dict[str, Any]:
    result: list[dict[str, Any]] = []
    for place, instance in enumerate(instances):
        result += _regions(f"t{number}i{place}", instance, scheme)
    annotation = {
        "id": number,
        "result": result,
        "was_cancelled": False,
        "ground_truth": False,
        "result_count": len(result),
    }
    predicted = all(each.confidence is not None for each in instances)
    return {
        "id": number,
        "data": {"image": name},
        "meta": {"scheme": scheme.name, "scheme_version": scheme.version},
        "annotations": [] if predicted else [annotation],
        "predictions": [{"result": result, "score": _score(instances)}] if predicted else [],
    }


def _score(instances: Sequence[ExportedInstance]) -> float:
    return round(fmean(each.score or 0.0 for each in instances), 4)


def _regions(key: str, instance: ExportedInstance, scheme: Scheme) -> list[dict[str, Any]]:
    common = {
        "to_name": "image",
        "original_width": instance.width,
        "original_height": instance.height,
        "image_rotation": 0,
    }
    said: dict[str, Any] = {
        "annotator": instance.annotator,
        "labelled_at": time_text(instance.at),
        "absent": absent_names(instance.shape, scheme),
        "state": instance.state,
    }
    value, cut = rectangle_of(instance)
    if cut is not None:
        said["box"] = [float(number) for number in cut.numbers]
    rectangle = {
        "id": key,
        "type": "rectanglelabels",
        "from_name": "instance",
        **common,
        "value": {**value, "rectanglelabels": [scheme.name]},
        "meta": {"text": [instance.source], **{key: value for key, value in said.items() if value}},
    }
    regions: list[dict[str, Any]] = [rectangle]
    for landmark in np.flatnonzero(labelled(instance.shape)).tolist():
        x, y = instance.shape.points[landmark].tolist()
        place = {
            "x": pixel_corners.to_percent(x, instance.width),
            "y": pixel_corners.to_percent(y, instance.height),
            "width": 0.5,
        }
        point = {"id": f"{key}p{landmark}", **common}
        if instance.confidence is not None:
            point["score"] = instance.confidence[landmark]
        names = [scheme.landmarks[landmark]]
        shown = {"type": "keypointlabels", "from_name": "landmark", "parentID": key}
        regions.append({**point, **shown, "value": {**place, "keypointlabels": names}})
        if instance.shape.visibility[landmark] == Visibility.OCCLUDED:
            value = {**place, "choices": ["occluded"]}
            regions.append({**point, "type": "choices", "from_name": "visibility", "value": value})
        regions.append(
            {"type": "relation", "from_id": point["id"], "to_id": key, "direction": "right"}
        )
    return regions + strokes(key, instance, scheme, common)
