"""What labelled images teach about the next one, on drawn textures that are bent."""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from landmark_annotator.backends.metrics.calibration import inside, squared_mahalanobis
from landmark_annotator.backends.registration import RegistrationModel
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.errors import ImageError, TooFewLabels
from landmark_annotator.projects.vocabulary.provenance import Provenance

_SIDE = 240
_POINTS = np.array([[70.0, 80], [165, 75], [120, 125], [80, 170], [160, 165], [120, 70]])
_SCHEME = Scheme("drawn", tuple("abcdef"))
_POINTING = replace(_SCHEME, name="pointing", heading=(3, 5))


def _texture(seed: int) -> Pixels:
    random = np.random.default_rng(seed)
    grey = np.full((_SIDE, _SIDE), 120, np.uint8)
    for _ in range(60):
        x, y = random.integers(30, _SIDE - 30, 2)
        axes = random.integers(4, 26, 2)
        level = int(random.integers(0, 255))
        cv2.ellipse(grey, (int(x), int(y)), axes.tolist(), float(x), 0, 360, level, -1)
    return cv2.cvtColor(cv2.GaussianBlur(grey, (0, 0), 1.5), cv2.COLOR_GRAY2RGB)


def _bent(seed: int, turn: float = 0.0, texture: int = 0) -> tuple[Pixels, Floats]:
    """The texture, seen along a box that is moved a little and turned, and bent smoothly."""
    random = np.random.default_rng(seed)
    angle, scale = turn + random.normal(0, 0.05), np.exp(random.normal(0, 0.05))
    matrix = cv2.getRotationMatrix2D((_SIDE / 2, _SIDE / 2), -np.degrees(angle), scale)
    matrix[:, 2] += random.normal(0, 4, 2)
    phase = random.uniform(0, 6, 2)

    def bend(at: Floats) -> Floats:
        return at + 3 * np.sin(at[..., ::-1] / 40 + phase)

    grid = np.stack(np.meshgrid(np.arange(_SIDE), np.arange(_SIDE)), axis=-1).astype(float)
    inverse = cv2.invertAffineTransform(matrix)
    at = bend(grid) @ inverse[:, :2].T + inverse[:, 2]
    maps = at.astype(np.float32)
    pixels = cv2.remap(
        _texture(texture), maps[..., 0], maps[..., 1], 1, borderMode=cv2.BORDER_REPLICATE
    )
    aimed = _POINTS @ matrix[:, :2].T + matrix[:, 2]
    points = aimed.copy()
    for _ in range(30):
        points += aimed - bend(points)
    return pixels, points


def _instance(pixels: Pixels, points: Floats, key: str = "one") -> LabelledInstance:
    return LabelledInstance(key, Box.square_around(points, 1.2), Shape(points), lambda: pixels)


def _noisy(one: tuple[Pixels, Floats], seed: int) -> LabelledInstance:
    """With another texture between the landmarks."""
    pixels, points = one
    near = np.zeros((_SIDE, _SIDE), np.float32)
    for x, y in points:
        cv2.circle(near, (round(x), round(y)), 22, 1.0, -1)
    own = cv2.GaussianBlur(near, (0, 0), 3)[..., None]
    mixed = own * pixels + (1 - own) * _texture(seed)
    return _instance(mixed.astype(np.uint8), points, str(seed))


def _labelled(count: int, turn: Callable[[int], float] = lambda i: 0.0) -> list[LabelledInstance]:
    return [_instance(*_bent(i, turn(i)), key=str(i)) for i in range(count)]


def _error(
    model: RegistrationModel,
    pixels: Pixels,
    points: Floats,
    shift: tuple[float, float] = (0.04, -0.03),
    scale: float = 1.05,
    turn: float = 0.0,
) -> float:
    box = Box.square_around(points, 1.2).moved(shift, scale, turn)
    found = model.propose(pixels, box).given([]).points
    return float(np.linalg.norm(found - points, axis=1).mean())


@pytest.mark.parametrize("count", [1, 4])
def test_landmarks_are_carried_from_the_first_label_on(count: int) -> None:
    model = RegistrationModel.of(_labelled(count), _SCHEME)
    assert _error(model, *_bent(20)) < 2.0


def test_light_and_contrast_make_no_difference() -> None:
    model = RegistrationModel.of(_labelled(3), _SCHEME)
    pixels, points = _bent(20)
    assert _error(model, (pixels // 3 + 20).astype(np.uint8), points) < 2.0


def test_an_object_that_points_anywhere_is_found_in_an_upright_box() -> None:
    model = RegistrationModel.of(_labelled(4, turn=lambda i: 1.7 * i), _POINTING)
    assert _error(model, *_bent(20, turn=2.5)) < 3.0


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_box_drawn_far_off_is_mended_where_flow_leads_nowhere(sign: int) -> None:
    labelled = [_noisy(_bent(i), 50 + i) for i in range(4)]
    model = RegistrationModel.of(labelled, _SCHEME)
    unseen = _noisy(_bent(20), 70)
    pixels, points = unseen.read_pixels(), unseen.shape.points
    assert _error(model, pixels, points, (0.16 * sign, -0.14), 1.2, -0.22 * sign) < 5.0


def test_landmarks_that_some_images_lack_are_proposed() -> None:
    labelled = _labelled(3)
    points = labelled[0].shape.points.copy()
    points[2] = np.nan
    lacking = replace(labelled[0], shape=Shape(points))
    model = RegistrationModel.of([lacking, *labelled[1:]], _SCHEME)
    assert _error(model, *_bent(20)) < 2.0


def test_a_landmark_that_no_image_has_is_said_to_be_missing() -> None:
    points = _POINTS.copy()
    points[2] = np.nan
    with pytest.raises(TooFewLabels):
        RegistrationModel.of([_instance(_bent(0)[0], points)], _SCHEME)


def test_images_that_cannot_be_read_are_left_out() -> None:
    def gone() -> Pixels:
        raise ImageError("There is no image.")

    labelled = _labelled(3)
    model = RegistrationModel.of([replace(labelled[0], read_pixels=gone), *labelled[1:]], _SCHEME)
    assert _error(model, *_bent(20)) < 2.0
    with pytest.raises(TooFewLabels):
        RegistrationModel.of([replace(labelled[0], read_pixels=gone)], _SCHEME)


def test_without_labels_there_is_no_model() -> None:
    with pytest.raises(TooFewLabels):
        RegistrationModel.of([], _SCHEME)


def test_what_the_labels_show_of_each_other_says_that_it_helps() -> None:
    model = RegistrationModel.of(_labelled(4), _SCHEME)
    assert model.helps
    assert model.cost is not None
    assert model.prior_cost is not None
    assert model.cost < model.prior_cost


def test_with_one_label_it_is_untried() -> None:
    model = RegistrationModel.of(_labelled(1), _SCHEME)
    assert model.helps
    assert model.cost is None


def test_it_says_of_what_it_has_never_seen_the_like() -> None:
    model = RegistrationModel.of(_labelled(6), _SCHEME)
    for seed in (20, 21, 22):
        pixels, points = _bent(seed)
        box = Box.square_around(points, 1.2)
        assert not model.propose(pixels, box).unfamiliar
        assert model.propose(pixels, box.moved((1.2, 0.0))).unfamiliar
        assert model.propose(_bent(seed, texture=9)[0], box).unfamiliar


def test_from_one_label_nobody_can_tell_what_is_usual() -> None:
    pixels, points = _bent(20)
    model = RegistrationModel.of(_labelled(1), _SCHEME)
    assert model.propose(pixels, Box.square_around(points, 1.2)).novelty is None


def test_ellipses_hold_where_images_are_alike() -> None:
    models = [RegistrationModel.of(_labelled(count), _SCHEME) for count in (6, 8, 10, 12)]
    assert np.mean([_inside95(model, texture=0) for model in models]) > 85


def test_where_images_are_of_different_things_it_is_much_less_sure() -> None:
    alike = RegistrationModel.of(_labelled(6), _SCHEME)
    different = [_instance(*_bent(i, texture=100 + i), key=str(i)) for i in range(6)]
    unlike = RegistrationModel.of(different, _SCHEME)
    assert _spread(unlike, texture=99) > 3 * _spread(alike, texture=0)
    assert _inside95(unlike, texture=99) > 80


def _inside95(model: RegistrationModel, texture: int) -> float:
    squared = []
    for seed in range(20, 28):
        pixels, points = _bent(seed, texture=texture)
        proposal = model.propose(pixels, Box.square_around(points, 1.2))
        belief = proposal.given([])
        squared.append(squared_mahalanobis(belief.points, belief.covariances, points))
    return inside(np.concatenate(squared), 0.95, proposal.degrees)


def _spread(model: RegistrationModel, texture: int) -> float:
    pixels, points = _bent(20, texture=texture)
    belief = model.propose(pixels, Box.square_around(points, 1.2)).given([])
    return float(np.sqrt(np.linalg.det(belief.covariances)).mean() ** 0.5)


def test_images_that_show_nothing_leave_it_to_the_prior() -> None:
    grey = np.full((_SIDE, _SIDE, 3), 128, dtype=np.uint8)
    labelled = [replace(each, read_pixels=lambda: grey) for each in _labelled(4)]
    model = RegistrationModel.of(labelled, _SCHEME)
    points = _bent(20)[1]
    found = model.propose(grey, Box.square_around(points, 1.2)).given([]).points
    assert np.linalg.norm(found - points, axis=1).mean() < 0.15 * _SIDE


def test_points_that_a_model_misplaced_teach_less_than_clicked_ones() -> None:
    assert _landmark_error(Provenance.INFERRED) < 0.8 * _landmark_error(Provenance.CLICKED)


def _landmark_error(mark: Provenance) -> float:
    """Of a landmark that most labels, marked so, have in a wrong place."""
    labelled = _labelled(6)
    for i in range(4):
        points = labelled[i].shape.points.copy()
        points[2] += 14.0
        marks = [mark if landmark == 2 else Provenance.CLICKED for landmark in range(len(points))]
        labelled[i] = replace(labelled[i], shape=Shape(points, provenance=marks))
    model = RegistrationModel.of(labelled, _SCHEME)
    pixels, points = _bent(20)
    found = model.propose(pixels, Box.square_around(points, 1.2)).given([]).points
    return float(np.linalg.norm(found[2] - points[2]))


def test_related_images_do_not_judge_each_other() -> None:
    """Pairs of one texture each, which says all of its twin and nothing of the other pairs."""
    pairs = [
        replace(_instance(*_bent(n, texture=n // 2), key=str(n)), group=f"pair {n // 2}")
        for n in range(8)
    ]
    strangers = [replace(each, group="") for each in pairs]

    apart = RegistrationModel.of(pairs, _SCHEME)
    together = RegistrationModel.of(strangers, _SCHEME)

    assert apart.cost is not None
    assert together.cost is not None
    assert apart.cost > together.cost
