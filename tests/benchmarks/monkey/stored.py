"""Whether what is stored is what was done."""

from pathlib import PurePath
from typing import Any

from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.rows.many_stored import load_many
from landmark_annotator.projects.store.safety.checking import content_findings


def content(project: Project) -> dict[str, Any]:
    """All that people can do and undo, by what it is about."""
    connection = project._reading
    images = project.images(excluded=True)
    ids = [record.id for record in project.instances(excluded=True)]
    stored = load_many(connection, ids)
    found: dict[str, Any] = {f"instance {i}": stored[i] for i in ids}
    counting = {image.id for image in project.images()}
    for image in images:
        found[f"image {image.id}"] = PurePath(image.path).name, image.id in counting
    for track in project.tracks():
        found[f"track {track.id}"] = (track, project.instances_of_track(track.id))
    found["scheme"] = project.scheme.landmarks, project.scheme.edges, project.scheme.regions
    return found


def differing(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [
        f"{name}:\n  {before.get(name)}\n  {after.get(name)}"
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


def wrong(project: Project) -> list[str]:
    """What the check of a project finds in what is stored."""
    return [finding.what for finding in content_findings(project)]
