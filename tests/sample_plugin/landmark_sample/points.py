"""One line an object: the image, then x and y of every landmark."""

import numpy as np

from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ImportedInstance,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import (
    named_path,
    replace_file,
    written_path,
)
from landmark_annotator.projects.exchange.codecs.common.text import beginning, read_text
from landmark_annotator.projects.vocabulary import Provenance, Shape

HEAD = "points 1"


def sniff(source):
    return source.is_file() and beginning(source).startswith(HEAD)


def read(source, scheme, *, images=None, annotator=None):
    contents = Contents()
    for number, line in enumerate(read_text(source).splitlines()[1:]):
        name, *words = line.split("\t")
        shape = Shape(np.array(words, float).reshape(-1, 2)).with_provenance(Provenance.IMPORTED)
        image = named_path(name, images or source.parent)
        contents.instances.append(ImportedInstance(image, shape, None, f"{source.name}#{number}"))
    return contents


def write(target, instances, scheme):
    rows = [
        [written_path(i.image, target.parent), *map(repr, i.shape.points.ravel().tolist())]
        for i in instances
    ]
    replace_file(target, "".join("\t".join(row) + "\n" for row in [[HEAD], *rows]))
    return Written(len(rows), len({i.image for i in instances}), ["There are no names and boxes."])
