"""One portrait: everything that is drawn from its seed, and the meshes that it becomes."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial.transform import Rotation

from landmark_annotator.projects.rendering.mesh.assets import Assets
from landmark_annotator.projects.rendering.mesh.expression import (
    CLOSED_LIPS,
    draw_expression,
    expressed,
)
from landmark_annotator.projects.rendering.mesh.head_mesh import head_surface, vertex_normals
from landmark_annotator.projects.rendering.mesh.identity import Identity, draw_identity
from landmark_annotator.projects.rendering.mesh.landmarks import landmark_rows
from landmark_annotator.projects.rendering.mesh.parts import Finish, Label, Part
from landmark_annotator.projects.rendering.mesh.regions import head_regions
from landmark_annotator.projects.rendering.person import facial_hair
from landmark_annotator.projects.rendering.person.eyes import (
    Gaze,
    draw_iris,
    eyeballs,
    teeth_and_tongue,
)
from landmark_annotator.projects.rendering.person.hairstyles import (
    Style,
    draw_hair_colour,
    draw_style,
    head_hair,
)
from landmark_annotator.projects.rendering.person.posing import Pose, neck_pivot, posed
from landmark_annotator.projects.rendering.person.skin import (
    Complexion,
    relief,
    shirted,
    skin_colours,
    skin_tone,
)
from landmark_annotator.projects.rendering.person.strands import Strands
from landmark_annotator.projects.rendering.scene import occluders
from landmark_annotator.projects.rendering.scene.camera import View, draw_view
from landmark_annotator.projects.vocabulary.arrays import Floats

_TONE_OF_ORIGIN = (0.78, 0.3, 0.16)


@dataclass(frozen=True)
class Person:
    """What stays the same from one picture of a person to the next."""

    seed: int
    identity: Identity
    look: Complexion
    style: Style
    iris: Floats
    bushy: float
    beard: str
    glasses: str
    hat: str


@dataclass(frozen=True)
class Moment:
    """What one picture shows of a person. occluder: "none", "hand", "cup" or "head"; at: (2,)
    where, in shares of the face from its middle, right and up."""

    mood: str
    units: dict[str, float]
    gaze: Gaze
    pose: Pose
    occluder: str
    at: tuple[float, float]


@dataclass(frozen=True)
class Built:
    """parts, strands: in the frame of the camera at rest; the strands are still to become ribbons.
    coarse: (V, 3) the vertices, and landmarks, guides: (68, 3), as `view` shows them, there. turn:
    of the head in that frame."""

    parts: list[Part]
    strands: list[Strands]
    coarse: Floats
    turn: Rotation
    landmarks: Floats
    guides: Floats
    view: View

    def seen_from(self, assets: Assets, orbit: Rotation, rng: np.random.Generator) -> "Built":
        """The same by another camera, turned by `orbit` against the one at rest."""
        rows = landmark_rows(assets)
        rough = draw_view(self.guides, self.view.size, np.random.default_rng(0), orbit)
        guides = rows.guide_points(self.coarse, self.turn, rough.project)
        view = draw_view(guides, self.view.size, rng, orbit)
        landmarks = rows.points(self.coarse, self.turn, view.project)
        return replace(self, view=view, landmarks=landmarks)


def draw_person(assets: Assets, seed: int) -> Person:
    rng = np.random.default_rng([seed, 1])
    identity = draw_identity(assets, rng)
    tone = float(np.clip(np.dot(identity.origins, _TONE_OF_ORIGIN) + rng.normal(0, 0.09), 0, 1))
    masculine, years = identity.masculine, identity.years
    hair = draw_hair_colour(tone, years, rng)
    style = draw_style(masculine, years, rng)
    grown = masculine > 0.6 and years > 19
    beard = (
        str(rng.choice(facial_hair.BEARDS, p=[0.42, 0.2, 0.08, 0.1, 0.14, 0.06]))
        if grown
        else "none"
    )
    wear = float(np.clip((years - 22) / 55, 0, 1))
    made_up = masculine < 0.4 and years > 17 and rng.random() < 0.5
    stripes = rng.random() < 0.2
    look = Complexion(
        tone=tone,
        redness=float(rng.uniform(0.2, 1)),
        freckles=float(rng.uniform(0.3, 1) if rng.random() < 0.3 else 0),
        wear=wear,
        stubble=float(rng.uniform(0.1, 0.6)) if grown else 0.0,
        scalp={"bald": 0.12, "buzz": 0.7}.get(style.name, 0.85),
        receding=float(rng.uniform(0, 0.4)) * wear * masculine,
        hair=hair,
        lipstick=np.array([0.62, 0.16, 0.2]) * rng.uniform(0.75, 1.15, 3) if made_up else None,
        shirt=rng.uniform(0.02, 0.55) * rng.uniform(0.35, 1, 3),
        stripes=rng.uniform(0.1, 0.7, 3) if stripes else None,
        collar=float(rng.choice([-0.12, 0.0, 0.0, 0.22])),
    )
    glasses = str(rng.choice(["none", "clear", "dark"], p=[0.76, 0.18, 0.06]))
    hat = str(rng.choice(["none", "beanie", "cap", "brim"], p=[0.87, 0.05, 0.04, 0.04]))
    bushy = float(np.clip(0.25 + 0.5 * masculine + rng.normal(0, 0.2), 0, 1))
    return Person(seed, identity, look, style, draw_iris(tone, rng), bushy, beard, glasses, hat)


def draw_pose(rng: np.random.Generator) -> Pose:
    turned = rng.random()
    yaw = rng.normal(0, 12) if turned < 0.45 else rng.uniform(-60, 60)
    return Pose(float(yaw), float(np.clip(rng.normal(0, 10), -30, 30)), float(rng.normal(0, 9)))


def draw_moment(seed: int) -> Moment:
    rng = np.random.default_rng([seed, 2])
    mood, units = draw_expression(rng)
    pose = draw_pose(rng)
    aside = -0.35 * pose.yaw + rng.normal(0, 8)
    gaze = Gaze(float(np.clip(aside, -28, 28)), float(rng.normal(0, 5)))
    occluder = str(rng.choice(["none", "hand", "cup", "head"], p=[0.82, 0.08, 0.05, 0.05]))
    at = (float(rng.uniform(-0.45, 0.45)), float(rng.uniform(-0.5, 0.2)))
    return Moment(mood, units, gaze, pose, occluder, at)


def vertices(assets: Assets, person: Person, moment: Moment) -> tuple[Floats, Floats]:
    """(V, 3) of the mesh with its expression: unturned, and turned."""
    units = {"mouthClose": CLOSED_LIPS, **moment.gaze.units()}
    for unit, weight in moment.units.items():
        units[unit] = min(1.0, units.get(unit, 0.0) + weight)
    coarse = expressed(assets, person.identity.shape(assets), units)
    return coarse, posed(coarse, assets.mesh.vertices, moment.pose)


def build(
    assets: Assets, person: Person, moment: Moment, size: int, frame: View | None = None
) -> Built:
    """The meshes and landmarks. frame: the view, by default drawn from the person's seed."""
    surface, regions, rest = head_surface(assets), head_regions(assets), assets.mesh.vertices
    rng = np.random.default_rng([person.seed, 3])
    coarse, turned = vertices(assets, person, moment)
    pivot = neck_pivot(coarse)
    landmarks_of = landmark_rows(assets)
    front = View(turned[8:9].mean(axis=0), 12.0, 3.0, size)
    guides = landmarks_of.guide_points(turned, moment.pose.rotation, front.project)
    view = frame or draw_view(
        guides, size, np.random.default_rng([person.seed, 4]), Rotation.identity()
    )
    guides = landmarks_of.guide_points(turned, moment.pose.rotation, view.project)
    landmarks = landmarks_of.points(turned, moment.pose.rotation, view.project)

    triangles = surface.triangles
    fine = surface.at(coarse)
    normals = vertex_normals(fine, triangles)
    colours = skin_colours(regions, person.look, np.random.default_rng([person.seed, 5]))
    colours, cloth = shirted(regions, person.look, colours, np.random.default_rng([person.seed, 6]))
    raised = relief(regions, person.look, np.random.default_rng([person.seed, 7]))
    shown = surface.at(turned)
    shown = shown + vertex_normals(shown, triangles) * np.where(cloth > 0, cloth, raised)[:, None]
    labels = np.where(cloth > 0, int(Label.CLOTHES), regions.labels)[triangles[:, 0]]
    smooth = vertex_normals(shown, triangles)
    dressed = labels == Label.CLOTHES
    parts = [
        Part(shown, triangles[~dressed], colours, labels[~dressed], Finish.SKIN, smooth),
        Part(shown, triangles[dressed], colours, labels[dressed], Finish.CLOTH, smooth),
    ]

    own = eyeballs(coarse, moment.gaze, person.iris, np.random.default_rng([person.seed, 8]))
    own += teeth_and_tongue(assets, coarse, float(rng.random()))
    level = landmarks_of.guide_points(coarse, Rotation.identity(), front.project)
    if person.glasses != "none":
        own += occluders.glasses(
            level, person.glasses == "dark", np.random.default_rng([person.seed, 9])
        )
    if person.hat != "none":
        own += occluders.hat(
            person.hat, regions, fine, normals, triangles, np.random.default_rng([person.seed, 10])
        )
    parts += [replace(part, points=moment.pose.turned(part.points, pivot)) for part in own]

    hair = head_hair(
        person.style, person.look.hair, person.look.receding, regions, fine, normals, triangles,
        np.random.default_rng([person.seed, 11]),
    )  # fmt: skip
    beard = facial_hair.beard(
        person.beard, person.look.hair * 0.9, regions, fine, normals, triangles,
        np.random.default_rng([person.seed, 12]),
    )  # fmt: skip
    grown = facial_hair.brows(
        level,
        fine,
        normals,
        person.look.hair * 0.9,
        person.bushy,
        np.random.default_rng([person.seed, 13]),
    )
    grown += facial_hair.lashes(
        surface,
        rest,
        coarse,
        1 - person.identity.masculine,
        np.random.default_rng([person.seed, 14]),
    )
    grown += [
        strands
        for strands in (_under_hat(hair, person.hat, regions.rest, fine), beard)
        if strands is not None
    ]
    strands = [
        each.moved(moment.pose.turned(each.curves, pivot), moment.pose.rotation.apply(each.outward))
        for each in grown
    ]
    parts += _held(assets, moment, guides, person, view)
    return Built(parts, strands, turned, moment.pose.rotation, landmarks, guides, view)


def _under_hat(hair: Strands | None, hat: str, rest: Floats, fine: Floats) -> Strands | None:
    """Hair with what a hat would press flat taken away."""
    if hair is None or hat == "none":
        return hair
    edge = float(np.median(fine[abs(rest[:, 1] - 7.62) < 0.02, 1]))
    kept = hair.curves[:, 0, 1] < edge
    kept &= hair.curves[:, :, 1].max(axis=1) < edge + 0.12
    if not kept.any():
        return None
    return replace(
        hair, curves=hair.curves[kept], outward=hair.outward[kept], colours=hair.colours[kept]
    )


def held_at(guides: Floats, moment: Moment) -> Floats:
    """(3,) the middle of a hand or a cup before a face with guides (68, 3)."""
    low, high = guides.min(axis=0), guides.max(axis=0)
    width = float((high - low)[0])
    middle = (low + high) / 2
    return np.array(
        [middle[0] + moment.at[0] * width, middle[1] + moment.at[1] * width, high[2] + 0.35]
    )


def _held(assets: Assets, moment: Moment, guides: Floats, person: Person, view: View) -> list[Part]:
    if moment.occluder == "none":
        return []
    rng = np.random.default_rng([person.seed, 15])
    at = held_at(guides, moment)
    if moment.occluder == "cup":
        return occluders.cup(at + np.array([0, -0.25, 0.2]), rng)
    if moment.occluder == "hand":
        facing = Rotation.from_euler(
            "ZYX", [rng.uniform(-50, 50), rng.uniform(-25, 25), rng.uniform(-20, 20)], degrees=True
        )
        return [occluders.hand(assets, at, facing, skin_tone(person.look.tone), rng)]
    return _other_head(assets, person, guides, view, rng)


def _other_head(
    assets: Assets, person: Person, guides: Floats, view: View, rng: np.random.Generator
) -> list[Part]:
    """Somebody in front, seen from behind or the side, at the picture's edge."""
    other = replace(draw_person(assets, person.seed + 500_000), glasses="none", hat="none")
    away = float(rng.choice([-1, 1]))
    pose = Pose(away * float(rng.uniform(130, 200)), 0.0, float(rng.uniform(-8, 8)))
    still = Moment("calm", {}, Gaze(0, 0), pose, "none", (0, 0))
    built = build(assets, other, still, view.size, frame=view)
    where = built.guides.mean(axis=0)
    low, high = guides.min(axis=0), guides.max(axis=0)
    wanted = np.array([
        (low + high)[0] / 2 + away * (high - low)[0] * rng.uniform(0.5, 0.9),
        low[1] - rng.uniform(1.1, 1.5),
        high[2] + 0.6,
    ])  # fmt: skip
    found = built.parts + [strands.ribbons(view.eye) for strands in built.strands]
    return [
        replace(
            part,
            points=part.points + (wanted - where),
            labels=np.full_like(part.labels, int(Label.OCCLUDER)),
        )
        for part in found
    ]
