"""Path tracing of the parts with Mitsuba 3: the light, and what is foremost at every pixel."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

from landmark_annotator.projects.rendering.mesh.parts import Finish, Label, Part
from landmark_annotator.projects.rendering.scene.camera import View
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints


@dataclass(frozen=True)
class Traced:
    """All (S, S, ...): linear light (3), share covered (1), mean reflectance (3), normals (3),
    depth; and of each pixel's centre: the label and the depth of the foremost that has one, 0 and
    infinite where nothing is."""

    light: Floats
    cover: Floats
    reflectance: Floats
    normals: Floats
    labels: Ints
    depth: Floats


def choose_variant(name: str) -> None:
    """Before anything else here. "llvm_ad_rgb" is the faster one and needs LLVM; of 16 and 19, the
    first does not compile all of it on every machine."""
    import mitsuba

    mitsuba.set_variant(name)
    if name.startswith("llvm"):
        import drjit

        drjit.set_thread_count(1)


class Stage:
    """Parts that any number of pictures are taken of: the camera and the light are cheap to change,
    what the rays are tested against is not."""

    def __init__(self, parts: list[Part], light: Floats) -> None:
        """light: (h, 2h, 3) radiance from all sides. Parts without a label are seen in the light
        alone."""
        import mitsuba as mi

        envmap = {"type": "envmap", "bitmap": mi.Bitmap(light.astype(np.float32))}
        self._scene = _scene(_meshes(parts)[0], light=envmap)
        meshes, self._labels = _meshes([part for part in parts if part.labels.any()])
        self._labelled = _scene(meshes)

    def relight(self, light: Floats) -> None:
        """light: of the same size as the first."""
        import mitsuba as mi

        values = mi.traverse(self._scene)
        # The first column stands once more behind the last.
        closed = np.concatenate([light, light[:, :1]], axis=1).astype(np.float32)
        values["light.data"] = mi.TensorXf(closed)
        values.update()

    def trace(self, view: View, samples: int, seed: int) -> Traced:
        """samples: paths a pixel."""
        import mitsuba as mi

        scene, camera = self._scene, mi.load_dict(_camera(view))
        path = mi.load_dict({"type": "path", "max_depth": 2, "hide_emitters": True})
        found = _rendered(scene, path, camera, samples, seed)
        guides = mi.load_dict({"type": "aov", "aovs": "albedo:albedo,normal:sh_normal"})
        guide = _rendered(scene, guides, camera, samples, seed)
        shape, prim, depth = _centres(self._labelled, view)
        index = np.full(shape.shape, int(Label.BACKGROUND))
        order = [each.id() for each in self._labelled.shapes()]
        for number, of_triangle in enumerate(self._labels):
            hit = shape == 1 + order.index(f"mesh{number}")  # 0 is nothing
            index[hit] = of_triangle[prim[hit]]
        return Traced(
            light=found[:, :, :3],
            cover=found[:, :, 3],
            reflectance=guide[:, :, -6:-3],
            normals=guide[:, :, -3:],
            labels=index,
            depth=np.where(index > 0, depth, np.inf),
        )


def _scene(meshes: list[Any], **light: Any) -> Any:
    import mitsuba as mi

    shapes = {f"mesh{number}": mesh for number, mesh in enumerate(meshes)}
    return mi.load_dict({"type": "scene", **light, **shapes})


def _rendered(scene: Any, integrator: Any, camera: Any, samples: int, seed: int) -> Floats:
    import mitsuba as mi

    image = mi.render(scene, integrator=integrator, sensor=camera, spp=samples, seed=seed)
    return np.array(image, float)


def _centres(scene: Any, view: View) -> tuple[Ints, Ints, Floats]:
    """Shape, triangle and depth at the centre of every pixel, by one unjittered ray each."""
    import mitsuba as mi

    sensor = mi.load_dict(
        {
            **_camera(view),
            "sampler": {"type": "stratified", "sample_count": 1, "jitter": False},
        }
    )
    reader = mi.load_dict({"type": "aov", "aovs": "shape:shape_index,prim:prim_index,at:position"})
    found = np.array(mi.render(scene, integrator=reader, sensor=sensor, spp=1), float)
    shape, prim = found[:, :, -5], found[:, :, -4]
    depth = view.depth(found[:, :, -3:].reshape(-1, 3)).reshape(shape.shape)
    return shape.round().astype(int), prim.round().astype(int), depth


def _camera(view: View) -> dict[str, Any]:
    import mitsuba as mi

    target = [float(value) for value in view.centre]
    origin = [float(value) for value in view.eye]
    up = [float(value) for value in view.orbit.inv().apply([0, 1, 0])]
    return {
        "type": "perspective",
        "fov": view.field,
        "near_clip": 0.05,
        "to_world": mi.ScalarTransform4f().look_at(origin, target, up),
        "film": {
            "type": "hdrfilm",
            "width": view.size,
            "height": view.size,
            "rfilter": {"type": "box"},
            "pixel_format": "rgba",
        },
    }


def _meshes(parts: list[Part]) -> tuple[list[Any], list[Ints]]:
    """One mesh a finish, and the label of each of its triangles: as few and always the same, so
    that every scene compiles to the same program."""
    import mitsuba as mi

    kinds: dict[Finish, list[Part]] = defaultdict(list)
    for part in parts:
        kinds[part.finish].append(part)
    meshes, labels = [], []
    for number, (finish, same) in enumerate(sorted(kinds.items(), key=lambda kind: kind[0].name)):
        roughness, specular = finish.value
        points = np.concatenate([part.points for part in same])
        starts = np.cumsum([0] + [len(part.points) for part in same[:-1]])
        faces = np.concatenate([p.triangles + s for p, s in zip(same, starts, strict=True)])
        surface = {
            "type": "twosided",
            "inner": {
                "type": "principled",
                "base_color": {"type": "mesh_attribute", "name": "vertex_color"},
                "roughness": roughness,
                "specular": specular,
            },
        }
        properties = mi.Properties()
        properties["bsdf"] = mi.load_dict(surface)
        mesh = mi.Mesh(
            f"mesh{number}", len(points), len(faces), properties, has_vertex_normals=True
        )
        colours = np.concatenate([part.colours for part in same])
        mesh.add_attribute("vertex_color", 3, colours.astype(np.float32).ravel())
        inside = mi.traverse(mesh)
        inside["vertex_positions"] = points.astype(np.float32).ravel()
        normals = np.concatenate([part.shading_normals() for part in same])
        inside["vertex_normals"] = normals.astype(np.float32).ravel()
        inside["faces"] = faces.astype(np.uint32).ravel()
        inside.update()
        meshes.append(mesh)
        labels.append(np.concatenate([part.labels for part in same]))
    return meshes, labels
