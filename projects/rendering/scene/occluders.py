"""What stands before a face: glasses, hats, a hand, a cup."""

import numpy as np
from scipy.spatial.transform import Rotation

from landmark_annotator.projects.rendering.mesh.assets import Assets
from landmark_annotator.projects.rendering.mesh.head_mesh import subdivided
from landmark_annotator.projects.rendering.mesh.noise import layered_noise
from landmark_annotator.projects.rendering.mesh.parts import (
    Finish,
    Label,
    Part,
    grid_triangles,
    plain,
    tube,
)
from landmark_annotator.projects.rendering.mesh.regions import Regions
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints


def glasses(landmarks: Floats, dark: bool, rng: np.random.Generator) -> list[Part]:
    """For the landmarks (68, 3) of the unturned head. dark: lenses one cannot see through."""
    eyes = np.stack([landmarks[36:42].mean(axis=0), landmarks[42:48].mean(axis=0)])
    unit = float(np.linalg.norm(eyes[1] - eyes[0]))
    front = max(float(landmarks[27, 2]) + 0.04 * unit, float(eyes[:, 2].max()) + 0.16 * unit)
    wide, high = unit * rng.uniform(0.37, 0.43), unit * rng.uniform(0.26, 0.36)
    power, thick = rng.uniform(0.55, 1.0), unit * rng.uniform(0.016, 0.034)
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    shape = np.column_stack([np.cos(turn), np.sin(turn)])
    shape = np.sign(shape) * abs(shape) ** power * [wide, high]
    colour = rng.choice(
        [[0.015, 0.013, 0.012], [0.1, 0.045, 0.02], [0.3, 0.28, 0.25], [0.12, 0.02, 0.03]]
    )
    parts, lenses = [], []
    for eye, sign in zip(eyes, (-1.0, 1.0), strict=True):
        rim = np.column_stack([shape, np.zeros(len(shape))])
        rim[:, 2] = -0.12 * unit * np.clip(sign * rim[:, 0] / wide, 0, 1) ** 2
        rim += [eye[0] + sign * 0.02 * unit, eye[1] - 0.03 * unit, front]
        parts.append(tube(rim, thick, 8, closed=True))
        hinge = rim[0 if sign > 0 else len(rim) // 2] + [0, 0.4 * high, 0]
        ear = np.array(
            [sign * abs(landmarks[16 if sign > 0 else 0, 0]) * 1.04, eye[1], eye[2] - 1.35 * unit]
        )
        parts.append(tube(np.linspace(hinge, ear, 12), thick * 0.8, 8))
        middle = rim.mean(axis=0) - np.array([0, 0, 0.005])
        lenses.append((np.vstack([middle, rim]), sign))
    inner = [parts[0][0].reshape(-1, 8, 3).mean(axis=1), parts[2][0].reshape(-1, 8, 3).mean(axis=1)]
    left, right = inner[0][0], inner[1][len(inner[1]) // 2]
    bow = np.linspace(left, right, 9)
    bow[:, 1] += 0.07 * unit * np.sin(np.linspace(0, np.pi, 9)) + 0.2 * high
    bow[:, 2] += 0.04 * unit * np.sin(np.linspace(0, np.pi, 9))
    parts.append(tube(bow, thick * 0.9, 8))
    frame = [plain(points, tri, colour, Label.GLASSES, Finish.GLOSS) for points, tri in parts]
    if dark:
        fan = np.array([[0, k + 1, (k + 1) % 48 + 1] for k in range(48)])
        tint = np.array([0.01, 0.01, 0.012])
        frame += [plain(points, fan, tint, Label.GLASSES, Finish.WET) for points, _ in lenses]
    return frame


def hat(
    kind: str,
    regions: Regions,
    points: Floats,
    normals: Floats,
    triangles: Ints,
    rng: np.random.Generator,
) -> list[Part]:
    """A "beanie", "cap" or "brim" on the fine head, which stands off it by its cloth."""
    rest = regions.rest
    slope = {"beanie": 0.1, "cap": 0.12, "brim": 0.05}[kind]
    edge = {"beanie": 7.62, "cap": 7.72, "brim": 7.74}[kind] + float(rng.uniform(-0.03, 0.08))
    line = edge + slope * (rest[:, 2] - 0.5)
    worn = rest[:, 1] > line
    kept = triangles[worn[triangles].all(axis=1)]
    used, local = np.unique(kept, return_inverse=True)
    above = (rest[used, 1] - line[used]).clip(0)
    thick = {"beanie": 0.14, "cap": 0.13, "brim": 0.16}[kind] + 0.05 * np.clip(above, 0, 1)
    colour = rng.uniform(0.02, 0.5, 3) * rng.uniform(0.3, 1)
    shade = 1 + 0.15 * layered_noise(rest[used], 0.06, rng)
    if kind == "beanie":
        angle = np.arctan2(rest[used, 0], rest[used, 2] - 0.45)
        thick = thick + 0.012 * np.sin(angle * 70)
        thick = thick + 0.05 * (above < 0.28)
    cloth = points[used] + normals[used] * np.asarray(thick)[:, None]
    parts = [plain(cloth, local.reshape(-1, 3), colour * shade[:, None], Label.HAT, Finish.CLOTH)]
    ring = _ring(rest[used], cloth, above)
    if kind == "beanie":
        parts.append(
            plain(*tube(ring, 0.05, 8, closed=True), colour * 0.9, Label.HAT, Finish.CLOTH)
        )
    else:
        parts.append(_brim(ring, kind, colour * 0.8))
    return parts


def _ring(rest: Floats, cloth: Floats, above: Floats) -> Floats:
    """(64, 3) the lower edge, from the front round the head."""
    low = np.flatnonzero(above < 0.06)
    angle = np.arctan2(rest[low, 0], rest[low, 2] - 0.45)
    order = np.argsort(angle)
    turn = np.linspace(-np.pi, np.pi, 64, endpoint=False)
    edge = cloth[low[order]]
    line = np.column_stack(
        [np.interp(turn, angle[order], edge[:, k], period=2 * np.pi) for k in range(3)]
    )
    return np.asarray((np.roll(line, 1, 0) + 2 * line + np.roll(line, -1, 0)) / 4)


def _brim(ring: Floats, kind: str, colour: Floats) -> Part:
    turn = np.linspace(-np.pi, np.pi, 64, endpoint=False)
    away = np.column_stack([np.sin(turn), np.zeros(64), np.cos(turn)])
    reach = 0.55 + 0 * turn if kind == "brim" else 0.75 * np.clip(np.cos(turn) - 0.25, 0, 1) ** 0.6
    rows = []
    for share in np.linspace(0, 1, 6):
        drop = 0.10 * share**2 if kind == "cap" else 0.05 * share - 0.06 * share**2
        rows.append(ring + away * (reach * share)[:, None] - [0, drop, 0])
    rows += [row - [0, 0.03, 0] for row in rows[::-1]]
    points = np.vstack(rows)
    return plain(points, grid_triangles(12, 64, True, True), colour, Label.HAT, Finish.CLOTH)


def cup(at: Floats, rng: np.random.Generator) -> list[Part]:
    """A mug whose middle is at (3,)."""
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    profile = np.array(
        [
            [0.01, -0.45],
            [0.36, -0.45],
            [0.4, -0.4],
            [0.42, 0.45],
            [0.39, 0.46],
            [0.37, -0.38],
            [0.01, -0.4],
        ]
    )
    rows = [
        np.column_stack([r * np.cos(turn), np.full(40, h), r * np.sin(turn)]) for r, h in profile
    ]
    arc = np.linspace(-np.pi / 2, np.pi / 2, 16)
    handle = np.column_stack([0.4 + 0.24 * np.cos(arc), 0.26 * np.sin(arc), 0 * arc])
    colour = rng.uniform(0.05, 0.8, 3)
    tilt = Rotation.from_euler(
        "YXZ", [rng.uniform(-60, 240), -rng.uniform(5, 30), rng.uniform(-12, 12)], degrees=True
    )
    meshes = [(np.vstack(rows), grid_triangles(7, 40, False, True)), tube(handle, 0.055, 8)]
    return [
        plain(tilt.apply(points) + at, triangles, colour, Label.OCCLUDER, Finish.GLOSS)
        for points, triangles in meshes
    ]


def hand(
    assets: Assets, at: Floats, facing: Rotation, colour: Floats, rng: np.random.Generator
) -> Part:
    """The mesh's own hand and forearm, its palm towards the face, its middle at (3,)."""
    rest = assets.mesh.vertices
    faces = assets.mesh.faces_of("body")
    faces = faces[(rest[faces][:, :, 0] > 3.3).all(axis=1)]
    surface = subdivided(faces, len(rest), 2)
    points = surface.at(rest)
    wrist, knuckles, tips = (
        points[abs(points[:, 0] - x) < 0.08].mean(axis=0) for x in (3.7, 4.3, 4.75)
    )
    up = tips - wrist
    up /= np.linalg.norm(up)
    thumb = points[(points[:, 0] < 4.4)]
    across = thumb[thumb[:, 2].argmax()] - wrist
    across -= (across @ up) * up
    across /= np.linalg.norm(across)
    frame = np.stack([across, up, np.cross(across, up)])
    shaped = (points - knuckles) @ frame.T
    placed = facing.apply(shaped) + at
    shade = colour * (1 + 0.06 * layered_noise(shaped, 0.2, rng))[:, None]
    return plain(placed, surface.triangles, shade, Label.OCCLUDER, Finish.SKIN)
