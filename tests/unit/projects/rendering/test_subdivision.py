"""Subdivision of the head mesh as a matrix."""

import numpy as np
import pytest

from landmark_annotator.projects.rendering.mesh.head_mesh import subdivided, vertex_normals

CUBE = np.array([[x, y, z] for x in (-1.0, 1) for y in (-1.0, 1) for z in (-1.0, 1)])
SIDES = np.array(
    [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]
)


def test_each_level_cuts_every_quad_into_four() -> None:
    assert len(subdivided(SIDES, 8, 1).faces) == 24
    assert len(subdivided(SIDES, 8, 2).faces) == 96


def test_a_moved_mesh_moves_with_it() -> None:
    surface = subdivided(SIDES, 8, 2)
    assert surface.at(CUBE + 3.5) == pytest.approx(surface.at(CUBE) + 3.5)


def test_a_corner_of_the_cube_goes_to_five_ninths() -> None:
    """Catmull and Clark's rule for a vertex of three quads."""
    surface = subdivided(SIDES, 8, 1)
    assert surface.at(CUBE)[surface.point(7)] == pytest.approx([5 / 9] * 3)


def test_an_open_edge_stays_where_it_is() -> None:
    sheet = np.array([[0, 0, 0], [1, 0, 0], [2, 0, 0], [0, 1, 0], [1, 1, 0], [2, 1, 0.0]])
    fine = subdivided(np.array([[0, 1, 4, 3], [1, 2, 5, 4]]), 6, 2).at(sheet)
    assert fine[:, 2] == pytest.approx(0)
    assert fine.min(axis=0)[1] == pytest.approx(0)
    assert fine.max(axis=0)[1] == pytest.approx(1)


def test_normals_of_a_cube_point_outwards() -> None:
    surface = subdivided(SIDES, 8, 2)
    points = surface.at(CUBE)
    outwards = (vertex_normals(points, surface.triangles) * points).sum(axis=1)
    assert (outwards > 0).all() or (outwards < 0).all()
