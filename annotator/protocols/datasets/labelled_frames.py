"""Frames of videos in LANDMARK_DATA that people have labelled, as sets of images."""

from dataclasses import dataclass, replace

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.datasets.campaign_sets import instances_of
from landmark_annotator.projects.exchange.codecs import deeplabcut
from landmark_annotator.projects.vocabulary import LabelledInstance, Scheme
from landmark_annotator.projects.vocabulary.sides import partners_by_name


@dataclass(frozen=True)
class LabelledFrames:
    """table: a DeepLabCut CSV file in the folder of videos."""

    name: str
    table: str

    def scheme(self) -> Scheme:
        """As the table names its parts: nothing says where an object points."""
        rows = (faces300w.data_folder() / "video" / self.table).read_text().splitlines()
        parts = next(row for row in rows if row.startswith("bodyparts")).split(",")
        named = tuple(dict.fromkeys(part for part in parts if part not in ("bodyparts", "")))
        return Scheme(self.name, named, partners=partners_by_name(named))

    def read(self, scheme: Scheme) -> list[LabelledInstance]:
        """Those with most landmarks in them."""
        contents = deeplabcut.read(faces300w.data_folder() / "video" / self.table, scheme)
        enough = [e for e in contents.instances if e.shape.known.mean() > 0.5]
        return instances_of(replace(contents, instances=enough))


MOUSE = LabelledFrames("mouse17", "mirror-mouse17/CollectedData.csv")
"""Two views of a mouse in one picture."""
FIELD = LabelledFrames("field4", "openfield4/labeled-data/m4s1/CollectedData_Pranav.csv")
"""A mouse from above: it points anywhere."""
