"""Laws of tracks: undo and redo restore exactly what was there, and the journal tells all of it."""

import atexit
import shutil
import tempfile
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.safety.checking import content_findings
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import ProjectError

FRAMES = 4
people = st.sampled_from(["ada", "bob"])
tracks = st.integers(1, 4)
frames = st.integers(0, FRAMES)
instances = st.lists(st.integers(1, 2 * FRAMES), min_size=1, max_size=3, unique=True)
steps = st.lists(
    st.tuples(
        people,
        st.one_of(
            st.tuples(st.just("add_track"), st.just((1,)), st.sampled_from("abc")),
            st.tuples(st.just("rename_track"), st.tuples(tracks), st.sampled_from("abc")),
            st.tuples(st.just("remove_track"), st.tuples(tracks)),
            st.tuples(st.just("assign_track"), st.tuples(instances), st.none() | tracks),
            st.tuples(st.just("swap_tracks"), st.tuples(tracks, tracks), frames),
            st.tuples(st.just("join_tracks"), st.tuples(tracks, tracks)),
            st.tuples(st.just("cut_track"), st.tuples(tracks), frames),
            st.just(("undo", ())),
            st.just(("redo", ())),
        ),
    ),
    max_size=12,
)


facts = partial(ImageFacts, 20, 10)


@cache
def template() -> Path:
    """Two objects in each of some frames, of two tracks; copied for each example."""
    folder = Path(tempfile.mkdtemp(prefix="track-laws-"))
    atexit.register(shutil.rmtree, folder)
    with Project.create(folder, Scheme("dot", ("dot",))) as project:
        video = project.add_video(folder / "clip.mp4", "clip", 25.0).id
        ids = [project.add_track(video, name, who="ada").id for name in ("one", "two")]
        for image in project.add_frames(video, {n: facts(str(n)) for n in range(FRAMES)}):
            for track in ids:
                project.add_instance(image.id, None, track=track, who="ada")
    return folder


def told(project: Project) -> Any:
    return [(t, project.instances_of_track(t.id)) for t in project.tracks()]


def act(project: Project, who: str, step: Any) -> None:
    name, given, *more = step
    if name in ("undo", "redo"):
        getattr(project, name)(who)
    elif name == "swap_tracks":
        project.swap_tracks(*given, first=more[0], who=who)
    else:
        getattr(project, name)(*given, *more, who=who)


@given(steps=steps, who=people)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_tracks_are_what_the_journal_tells_and_undo_goes_back(
    steps: list[tuple[str, Any]], who: str
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "project"
        shutil.copytree(template(), folder)
        with Project.open(folder) as project:
            hold(project, steps, who)


def hold(project: Project, steps: list[tuple[str, Any]], who: str) -> None:
    for person, step in steps:
        before = told(project)
        try:
            act(project, person, step)
        except ProjectError:
            assert told(project) == before
    assert list(content_findings(project)) == []
    for _, belonging in told(project):
        frames = [frame for frame, _ in belonging]
        assert frames == sorted(set(frames))
    before = told(project)
    with suppress(ProjectError):
        if project.undo(who) is not None:
            project.redo(who)
    assert told(project) == before
