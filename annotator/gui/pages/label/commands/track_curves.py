"""What the timeline draws of the open track: how unsure its frames are, and how far it leaps."""

from landmark_annotator.annotator.gui.pages.label.controller.open_track import Read
from landmark_annotator.annotator.gui.pages.label.panels.timeline import Curves


def curves_of(read: Read) -> Curves:
    clip, posterior = read.clip, read.posterior
    frames = [each.frame for each in clip.frames]
    suggested = [frames[n] for n in read.suggested]
    return Curves(frames, clip.uncertainty(posterior), clip.jumps(posterior), suggested)
