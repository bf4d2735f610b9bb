"""The K-way exemplar classifier: a network whose softmax is a distribution over whole shapes.

Source: Li, Jeni, Ramanan, "Brute-Force Facial Landmark Analysis With A 140,000-Way Classifier"
(AAAI 2018).
"""

from landmark_annotator.backends.exemplar.proposer import load
from landmark_annotator.backends.exemplar.settings import Settings
from landmark_annotator.backends.exemplar.training import train

__all__ = ["Settings", "load", "train"]
