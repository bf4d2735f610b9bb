"""All objects of a frame that wait are seen together, as large as they go."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.canvas.geometry.viewport import whole_image
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from tests.unit.projects.video.encoded import drawn, encode

BOXES = Box(20.0, 20.0, 16.0, 16.0), Box(40.0, 24.0, 16.0, 16.0)


@pytest.fixture
def hands(tmp_path, open_window, blind_priors, request):
    """At two small objects beside each other, in a frame of a video or in a photograph; another
    one has labels, and a third one none."""
    kind = request.param
    with Project.create(tmp_path / "bars", Scheme("bar", ("start", "end"))) as project:
        if kind == "video":
            images = add_frames(project, encode(tmp_path / "a.mp4", 6), (0, 2, 4), who="x").added
        else:
            images = []
            for number in range(3):
                path = tmp_path / f"{number}.png"
                Image.fromarray(drawn(number)).save(path)
                images.append(project.add_image(path, examine(path)))
        for number, image in enumerate(images):
            for record in project.instances_of(image.id):
                project.remove_instance(record.id)
            for box in BOXES:
                ends = np.array([[-5.0, -3.0], [5.0, 4.0]]) + box.centre
                project.add_instance(image.id, box, shape=None if number else Shape(ends), who="x")
    with Project.open(tmp_path / "bars") as opened:
        hands = open_window(opened)
        hands.wait_for()
        yield hands


def closer(hands) -> float:
    """How much closer than all of the image is what is seen."""
    scene = hands.canvas.scene
    extent = hands.canvas.width(), hands.canvas.height()
    return scene.viewport.scale / whole_image(scene.image_size, extent).scale


@pytest.mark.parametrize("hands", ["video"], indirect=True)
def test_small_ones_of_a_frame_are_seen_closely_and_together(hands) -> None:
    """Two flies were specks in the whole frame, to be accepted together."""
    assert "accepts all 2" in hands.text
    assert all(hands.canvas.scene.shows(box) for box in BOXES)
    assert closer(hands) > 1.5


@pytest.mark.parametrize("hands", ["photograph"], indirect=True)
def test_of_a_photograph_all_is_seen(hands) -> None:
    """There may be more than were found."""
    assert "accepts all 2" in hands.text
    assert closer(hands) == pytest.approx(1.0)


@pytest.mark.parametrize("hands", ["video", "photograph"], indirect=True)
def test_the_next_frame_is_seen_at_once_as_it_will_be(hands) -> None:
    """Its first object was seen closely for a moment."""
    following = hands.order[hands.order.index(hands.open_id) + 2]
    acceptance, seen = hands.window.label_page.acceptance, []

    def see() -> None:
        if acceptance.sees(following):
            seen.append(closer(hands))

    hands.key(Qt.Key.Key_Return)
    hands.wait_for()
    hands.qtbot.waitUntil(lambda: acceptance.sees(hands.open_id), timeout=20_000)
    ready = hands.window.preparation
    hands.qtbot.waitUntil(lambda: ready.prior(following) is not None, timeout=20_000)
    hands.canvas.painted.connect(see)
    hands.key(Qt.Key.Key_Return)
    hands.wait_for()
    hands.qtbot.waitUntil(lambda: bool(seen), timeout=20_000)
    assert hands.open_id == following
    assert seen == pytest.approx([closer(hands)] * len(seen))
