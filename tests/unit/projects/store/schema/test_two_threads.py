"""Projects may be made in several threads at once."""

from concurrent.futures import ThreadPoolExecutor

from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme


def test_several_are_made_at_once(tmp_path):
    def make(number):
        with Project.create(tmp_path / str(number), Scheme("pair", ("a", "b"))) as project:
            return project.instance_count()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(make, range(8))) == [0] * 8
