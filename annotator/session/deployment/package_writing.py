"""A model as one zip that can be carried anywhere: what is in it, and writing it."""

import json
import zipfile
from dataclasses import dataclass
from importlib import metadata
from io import BytesIO
from pathlib import Path
from typing import Any

from landmark_annotator.annotator.session.deployment.named_model import NamedModel
from landmark_annotator.annotator.session.models.library import BOXES
from landmark_annotator.backends.learning.model_cards import CARD, read_card
from landmark_annotator.backends.registry import Portable
from landmark_annotator.projects.exchange.codecs.common.files import replace_file
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.scheme_text import scheme_text
from landmark_annotator.projects.vocabulary.wording import counted

FORM = "landmark-annotator package 1"
ABOUT, MODEL, FINDER, ONNX = "package.json", "model", "finder", "model.onnx"
WEIGHTS = "weights.safetensors"
_OF_THE_PROJECT = ("held_out_keys", "held_out_errors", "learned")
"""What a card says of the images that it was trained on, by their names: nobody else's business."""

USE = '''"""python use.py PHOTOGRAPH [CENTRE_X CENTRE_Y WIDTH HEIGHT]: its landmarks, in pixels."""
import json, sys
import numpy as np, onnxruntime
from PIL import Image, ImageOps
session = onnxruntime.InferenceSession(sys.path[0] + "/model.onnx")
image = np.asarray(ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("RGB"))
height, width = image.shape[:2]
box = [*map(float, sys.argv[2:6])] or [(width - 1) / 2, (height - 1) / 2, width, height]
points, spreads, hidden, novelty = session.run(None, {"image": image, "box": np.r_[box, 0.0]})
names = json.loads(session.get_modelmeta().custom_metadata_map["scheme"])["landmarks"]
for name, (x, y), spread in zip(names, points, spreads):
    print(name, x, y, *np.sqrt(np.diag(spread)), sep="\\t")
'''

_READ_ME = """# {title}

{about}

`{MODEL}/` has the weights (safetensors) with the calibration of their uncertainty, and the card:
scheme, settings, figures. `annotator predict THIS.zip photographs/ --out results.json` runs the
model with all that is in here.
"""

_OF_FINDER = """
`{FINDER}/` is what finds the objects.
"""

_OF_BOXES = """
`{MODEL}/{BOXES}` says where labelled objects mostly were in their images, in longer sides of the
image and from its centre: a whole image, which no model has learned from, stands for that box.
"""

_OF_ONNX = """
`{ONNX}` is the whole proposal for one box: crops, network, fitting the box, calibration, fusion
with the prior over shapes{second}. `use.py` are ten lines that use it; numpy, onnxruntime and
Pillow are all they need.

In: `image` (height, width, 3), bytes, RGB and upright; `box` (5,) float64: centre x and y, width,
height, angle in radians. Out: `points` (L, 2) in pixels from 0 at the centre of the first,
`covariances` (L, 2, 2) in squared pixels, `hidden` (L,) the probability that the image
does not show a landmark, `novelty` above 1 where the model has never seen the like: what it says
there is a guess. Not in it: finding the objects, clicks as evidence, what a project's labels say
of its proposals, and further looks at what is novel, of which the program takes the least novel
one: with the grey levels in the box stretched from black to white and half of them made darker
than the middle, and where none of these is at most 1, as a negative (255 - image), or with the box
turned by one, two or three quarters (by one: width and height exchanged, angle + pi / 2):
photographs in other light, and those that lie on their side.
"""


@dataclass(frozen=True)
class Packaged:
    """size: in bytes. onnx: whether there is an ONNX file in it; reason: why there is none."""

    size: int
    onnx: bool
    finder: bool
    reason: str


def write_package(model: NamedModel, target: Path, *, onnx: bool = True) -> Packaged:
    """The zip is the old file or the complete new one. onnx: whether to write the model as an ONNX
    file too, where its backend can.

    Names of images are left out of the cards. Raises MissingPackage where `onnx` is not installed,
    WeightsMismatch, FormatError or DiskFull.
    """
    module = model.backend.imported()
    portable = isinstance(module, Portable)
    files: dict[str, bytes] = {}
    for part, folder in ((MODEL, model.folder), (FINDER, model.finder)):
        if folder is not None:
            card = _card(folder)
            if part == MODEL:  # by the names of today
                card["scheme"] = model.scheme.to_dict()
            files[f"{part}/{CARD}"] = _json(card)
            files[f"{part}/{WEIGHTS}"] = (folder / WEIGHTS).read_bytes()
    if (model.folder / BOXES).is_file():
        files[f"{MODEL}/{BOXES}"] = (model.folder / BOXES).read_bytes()
    # Weights that do not load are of no use to anybody.
    model.load()
    if onnx and portable:
        files[ONNX] = module.onnx_file(model.folder, model.scheme)
        files["use.py"] = USE.encode()
    files["scheme.toml"] = scheme_text(model.scheme).encode()
    files["README.md"] = _read_me(model, files).encode()
    about = {
        "format": FORM,
        "name": model.name,
        "backend": model.backend.name,
        "program": f"landmark-annotator {metadata.version('landmark-annotator')}",
    }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {ABOUT: _json(about), **files}.items():
            # The same model is the same file.
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    replace_file(target, buffer.getvalue())
    reason = "" if ONNX in files or not onnx else f"The {model.backend.title} has no ONNX form."
    return Packaged(len(buffer.getvalue()), ONNX in files, model.finder is not None, reason)


def _card(folder: Path) -> dict[str, Any]:
    return {k: v for k, v in read_card(folder).items() if k not in _OF_THE_PROJECT}


def _json(content: Any) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def _read_me(model: NamedModel, files: dict[str, bytes]) -> str:
    names = {"MODEL": MODEL, "FINDER": FINDER, "ONNX": ONNX, "BOXES": BOXES}
    second = ", second look" if "refinement" in read_card(model.folder) else ""
    title = model.title[0].upper() + model.title[1:]
    text = _READ_ME + (_OF_FINDER if model.finder is not None else "")
    text += _OF_BOXES if f"{MODEL}/{BOXES}" in files else ""
    text += _OF_ONNX if ONNX in files else ""
    return text.format(**names, title=title, about=_sentence(model.scheme), second=second)


def _sentence(scheme: Scheme) -> str:
    return (
        f"{counted(len(scheme), 'landmark')} of the scheme {scheme.name}, in the order of "
        "`scheme.toml`. Of each there are a place and a covariance, whose 95 % ellipse held on "
        "labels that the model had not seen."
    )
