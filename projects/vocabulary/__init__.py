"""The values that travel between the parts of the tool. Imports numpy and the standard library.

Coordinates everywhere: (x, y) in image pixels, 0-based, the centre of the top-left pixel is
(0, 0), float64; NaN is unknown.
"""

from landmark_annotator.projects.vocabulary.arguments import tell_members, tell_methods
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.curve import Curve
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.evidence import Evidence
from landmark_annotator.projects.vocabulary.labelled_image import Found, LabelledImage
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.mask import Mask
from landmark_annotator.projects.vocabulary.progress import SILENT, Progress
from landmark_annotator.projects.vocabulary.provenance import (
    EVIDENCE,
    MODELLED,
    PINNED,
    PLACED,
    Provenance,
)
from landmark_annotator.projects.vocabulary.region import MaskProvenance, Region, RegionMask
from landmark_annotator.projects.vocabulary.region_map import RegionClick, RegionMap
from landmark_annotator.projects.vocabulary.scheme import Scheme
from landmark_annotator.projects.vocabulary.scheme_change import SchemeChange
from landmark_annotator.projects.vocabulary.shape import Shape, Visibility
from landmark_annotator.projects.vocabulary.unlabelled_instance import UnlabelledInstance

# Scripts make these, and nothing checks what they pass before they run.
tell_methods(Box, Curve, Evidence, Mask, Region, RegionMask, Scheme, Shape)
tell_members(MaskProvenance, Provenance, Visibility)

__all__ = [
    "EVIDENCE",
    "MODELLED",
    "PINNED",
    "PLACED",
    "SILENT",
    "ActionableError",
    "Box",
    "Curve",
    "Evidence",
    "Found",
    "LabelledImage",
    "LabelledInstance",
    "Mask",
    "MaskProvenance",
    "Progress",
    "Provenance",
    "Region",
    "RegionClick",
    "RegionMap",
    "RegionMask",
    "Scheme",
    "SchemeChange",
    "Shape",
    "UnlabelledInstance",
    "Visibility",
]
