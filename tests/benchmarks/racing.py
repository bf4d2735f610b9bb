"""Reads a project in every way the window does in the background, while somebody labels it, leaves
out images and takes things back: whatever ends in no ActionableError is a defect.

python -m tests.benchmarks.racing --seconds 120
"""

import argparse
import random
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from landmark_annotator.annotator.session.evaluation.label_audit import audit_labels
from landmark_annotator.annotator.session.exchange.export_choice import ExportChoice
from landmark_annotator.annotator.session.exchange.export_preview import preview_export
from landmark_annotator.annotator.session.filling.project_fill import plan_fill
from landmark_annotator.annotator.session.finding.search import search_recipe
from landmark_annotator.annotator.session.models.followed_labels import recalibrations
from landmark_annotator.annotator.session.models.proposers import proposer_recipe
from landmark_annotator.annotator.session.planning.budget_view import shop, spending
from landmark_annotator.annotator.session.reports.overview import overview
from landmark_annotator.annotator.session.review.acceptance_rule import safe_threshold
from landmark_annotator.annotator.session.review.agreement import agreements
from landmark_annotator.annotator.session.review.review_queue import review_queue
from landmark_annotator.projects.exchange.registry import formats
from landmark_annotator.projects.groups import project_groups
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project, Verdict
from landmark_annotator.projects.vocabulary import SILENT, Box, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError

KITE = Scheme("kite", ("top", "right", "bottom", "left"), partners=((1, 3),), normaliser=(1, 3))
IMAGES, WAITING, FEWEST = 40, 8, 20
PAUSE = 0.002
"""Seconds between two things done."""


def kite(random: np.random.Generator) -> Shape:
    wide, high = random.uniform(25, 45), random.uniform(40, 60)
    corners = np.array([[0, -high], [wide, 0], [0, high], [-wide, 0]])
    return Shape(corners + np.array([120, 95]) + random.normal(0, 4, 2))


def make(folder: Path) -> Path:
    drawn = np.random.default_rng(0)
    with Project.create(folder / "kites", KITE) as project, project.transaction():
        for number in range(IMAGES):
            path = folder / f"{number:02}.png"
            Image.fromarray(drawn.integers(60, 190, (200, 240, 3), dtype=np.uint8)).save(path)
            image = project.add_image(path, examine(path))
            shape = kite(drawn).with_provenance(Provenance.IMPORTED)
            project.add_instance(
                image.id,
                Box.square_around(shape.points, 1.1),
                shape=shape if number >= WAITING else None,
                who="import",
            )
        return project.folder


def acts(
    project: Project, choice: random.Random, drawn: np.random.Generator
) -> dict[str, Callable[[], object]]:
    """What somebody may do next, to some object."""
    record = choice.choice(project.instances())
    who = choice.choice(("ada", "ben"))
    here = {image.id for image in project.images()}
    away = [image.id for image in project.images(excluded=True) if image.id not in here]
    image, box = record.image_id, record.box
    found: dict[str, Callable[[], object]] = {
        "place": lambda: project.place(record.id, 0, tuple(kite(drawn).points[0]), who=who),
        "accept": lambda: project.accept(record.id, kite(drawn), who=who),
        "pass": lambda: project.review(record.id, Verdict.ACCEPTED, who=who),
        "send back": lambda: project.review(record.id, Verdict.SENT_BACK, "off", who=who),
        "undo": lambda: project.undo(who),
        "add": lambda: project.add_instance(image, box, who=who),
        "second": lambda: project.add_instance(image, box, who="ben", second_opinion_on=record.id),
    }
    if len(here) > FEWEST:
        found["exclude"] = lambda: project.exclude(images=[image], why="blurred", who=who)
    if away:
        found["restore"] = lambda: project.restore(images=away[:1], who=who)
    return found


def disturb(folder: Path, stop: threading.Event, done: Counter[str]) -> None:
    """One thing after another that people do in a window."""
    choice, drawn = random.Random(1), np.random.default_rng(1)
    with Project.open(folder) as project:
        while not stop.is_set():
            possible = acts(project, choice, drawn)
            name = choice.choice(sorted(possible))
            try:
                possible[name]()
                done[name] += 1
            except ActionableError:
                done[f"{name} refused"] += 1
            time.sleep(PAUSE)


def readers(folder: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    def beside(reading: Callable[[Project], object]) -> Callable[[], object]:
        def read() -> object:
            with Project.open(folder, read_only=True) as project:
                return reading(project)

        return read

    yield "overview", lambda: overview(folder)
    yield "spending", lambda: spending(folder)
    yield "fill", beside(lambda p: plan_fill(p, inferred=True, progress=SILENT))
    yield "agreements", beside(agreements)
    yield "proposer", beside(proposer_recipe)
    yield "finder", beside(search_recipe)
    yield "recalibrations", beside(recalibrations)
    yield "rule", beside(lambda p: safe_threshold(p, 5, 0.05))
    yield "audit", beside(lambda p: audit_labels(p, SILENT))
    yield "review", beside(review_queue)
    yield "groups", beside(project_groups)
    for card in formats():
        if card.writer is not None and card.name != "coco-wholebody":  # of other schemes
            for shares in (None, "50/25/25"):
                target = folder.parent / f"{card.name} {shares is None}"
                choice = ExportChoice(card.name, target, shares=shares)
                export = partial(preview_export, folder, choice, SILENT)
                yield f"export {card.name} {shares}", export
    yield "shop", lambda: shop(folder, SILENT)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120)
    asked = parser.parse_args()
    read: Counter[str] = Counter()
    done: Counter[str] = Counter()
    defects: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as temporary:
        folder = make(Path(temporary))
        stop = threading.Event()
        person = threading.Thread(target=disturb, args=(folder, stop, done))
        person.start()
        end = time.monotonic() + asked.seconds
        while time.monotonic() < end:
            for name, reader in readers(folder):
                try:
                    reader()
                    read[name] += 1
                except ActionableError as error:
                    read[f"{name} refused: {error.happened[:60]}"] += 1
                except Exception:  # noqa: BLE001 - each is a finding
                    last = traceback.format_exc().strip()
                    if not defects[f"{name}: {last.splitlines()[-1]}"]:
                        print(last, file=sys.stderr)  # noqa: T201
                    defects[f"{name}: {last.splitlines()[-1]}"] += 1
        stop.set()
        person.join()
    for title, counts in (("done", done), ("read", read), ("DEFECTS", defects)):
        for name, count in sorted(counts.items()):
            print(title, count, name)  # noqa: T201
    sys.exit(1 if defects else 0)


if __name__ == "__main__":
    main()
