"""The actions of the label page that go through the frames of a video."""

from functools import partial

from landmark_annotator.annotator.gui.pages.action_card import ActionCard

_Card = partial(ActionCard, page="label")

OF_FRAMES: tuple[ActionCard, ...] = (
    _Card(
        "next_frame",
        "Go",
        "Next frame",
        ("Alt+Right",),
        "Of the video: what is labelled there is opened, else the frame is only shown",
        repeats=True,
    ),
    _Card(
        "previous_frame",
        "Go",
        "Frame before",
        ("Alt+Left",),
        "The frame before, likewise",
        repeats=True,
    ),
    _Card(
        "next_second",
        "Go",
        "A second on",
        ("Alt+Shift+Right",),
        "Further in the video",
        repeats=True,
    ),
    _Card(
        "previous_second",
        "Go",
        "A second back",
        ("Alt+Shift+Left",),
        "Back in the video",
        repeats=True,
    ),
    _Card(
        "next_label",
        "Go",
        "Next labelled frame",
        ("Alt+Down",),
        "The next frame of the video that somebody has labelled",
        repeats=True,
    ),
    _Card(
        "previous_label",
        "Go",
        "Labelled frame before",
        ("Alt+Up",),
        "The last frame of the video before this one that somebody has labelled",
        repeats=True,
    ),
    _Card(
        "next_unsure_frame",
        "Go",
        "Next frame to label",
        ("Alt+N",),
        "The next of the frames that the track is least sure of, spread over it; the timeline "
        "marks them",
    ),
    _Card(
        "asked_frame",
        "Go",
        "Most telling click of the track",
        ("Alt+Q",),
        "The frame and the landmark whose click teaches most about all frames of the track",
    ),
    _Card("play", "Go", "Play", ("Ctrl+Space",), "Play the video with its landmarks, or stop"),
    _Card(
        "mark_from",
        "Go",
        "Mark frames from here",
        ("Alt+,",),
        "Of the video, to the last one that is marked: they are played over and over, followed or "
        "written; once more: none is",
    ),
    _Card(
        "mark_to",
        "Go",
        "Mark frames up to here",
        ("Alt+.",),
        "Of the video, from the first one that is marked; once more: none is",
    ),
    _Card(
        "label_frame",
        "Go",
        "Label this frame",
        ("Ctrl+Return",),
        "The frame that is shown comes into the project; as does a click on it",
    ),
)
