"""The labels of a CVAT file: a scheme as CVAT's definition of a skeleton."""

from collections.abc import Sequence
from xml.etree import ElementTree as Xml

import numpy as np

from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats


def box_label(scheme: Scheme) -> str:
    return f"{scheme.name} box"


def label_names(root: Xml.Element) -> dict[str, list[str]]:
    """Of each skeleton that the file declares, the names of its points in order."""
    names: dict[str, list[str]] = {}
    for label in root.iter("label"):
        parent = label.findtext("parent")
        if parent:
            names.setdefault(parent, []).append(label.findtext("name") or "")
    return names


def add_labels(root: Xml.Element, instances: Sequence[ExportedInstance], scheme: Scheme) -> None:
    task = Xml.SubElement(Xml.SubElement(root, "meta"), "task")
    for name, value in (
        ("name", scheme.title or scheme.name),
        ("mode", "annotation"),
        ("scheme", scheme.name),
        ("scheme_version", str(scheme.version)),
    ):
        Xml.SubElement(task, name).text = value
    labels = Xml.SubElement(task, "labels")
    _add_label(labels, scheme.name, "skeleton", svg=_drawing(instances, scheme))
    for name in scheme.landmarks:
        _add_label(labels, name, "points", parent=scheme.name)
    _add_label(labels, box_label(scheme), "rectangle")


def _add_label(labels: Xml.Element, name: str, kind: str, **more: str) -> None:
    label = Xml.SubElement(labels, "label")
    Xml.SubElement(label, "name").text = name
    Xml.SubElement(label, "type").text = kind
    attributes = Xml.SubElement(label, "attributes")
    carried = ("source", "annotator", "labelled_at", "state", "track")
    about = [(name, "text", "") for name in carried]
    for said, how, usual in about if kind != "points" else [("absent", "checkbox", "false")]:
        attribute = Xml.SubElement(attributes, "attribute")
        for key, value in (
            ("name", said),
            ("mutable", "False"),
            ("input_type", how),
            ("default_value", usual),
            ("values", usual),
        ):
            Xml.SubElement(attribute, key).text = value
    for key, value in more.items():
        Xml.SubElement(label, key).text = value


def _drawing(instances: Sequence[ExportedInstance], scheme: Scheme) -> str:
    """CVAT draws a skeleton's template from this: a field of 100 by 100, points from 1."""
    drawing = Xml.Element("svg")
    at = _template(instances, len(scheme))
    for a, b in scheme.lines:
        line = Xml.SubElement(drawing, "line", stroke="black")
        line.set("data-type", "edge")
        line.set("data-node-from", str(a + 1))
        line.set("data-node-to", str(b + 1))
        for name, value in zip(("x1", "y1", "x2", "y2"), (*at[a], *at[b]), strict=True):
            line.set(name, f"{value:.2f}")
    for number, (name, (x, y)) in enumerate(zip(scheme.landmarks, at, strict=True), 1):
        circle = Xml.SubElement(
            drawing, "circle", r="0.75", stroke="black", cx=f"{x:.2f}", cy=f"{y:.2f}"
        )
        circle.set("data-type", "element node")
        circle.set("data-element-id", str(number))
        circle.set("data-node-id", str(number))
        circle.set("data-label-name", name)
    return "".join(Xml.tostring(child, encoding="unicode") for child in drawing)


def _template(instances: Sequence[ExportedInstance], size: int) -> Floats:
    """(L, 2) the first complete shape, else a circle, in a field of 100 by 100."""
    turns = np.linspace(0, 2 * np.pi, size, endpoint=False)
    points = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    complete = next((i.shape.points for i in instances if i.shape.complete), None)
    if complete is not None:
        points = complete
    low, high = points.min(axis=0), points.max(axis=0)
    extent = max(float((high - low).max()), 1e-9)
    return np.asarray(50 + (points - (low + high) / 2) / extent * 80)
