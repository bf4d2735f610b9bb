"""Who else has a project open, as a person would say it."""

import platform
from datetime import datetime, timedelta

from landmark_annotator.annotator.session.reports.visitors import who_is_there
from landmark_annotator.projects.store import Visitor

NOON = datetime.now().astimezone().replace(hour=12, minute=5)


def test_another_person_on_another_machine():
    said = who_is_there([Visitor("ada", NOON, "lab-3")], "ben", NOON)
    assert said == "ada has this project open on lab-3 since 12:05."


def test_oneself_in_another_window():
    said = who_is_there([Visitor("ada", NOON, platform.node())], "ada", NOON)
    assert said == "You have this project open in another window since 12:05."


def test_several_since_another_day():
    then = NOON - timedelta(days=3)
    said = who_is_there([Visitor("", then, "lab-3"), Visitor("ada", NOON, "lab-3")], "ben", NOON)
    assert said.startswith("Somebody has this project open on lab-3 since ")
    assert f"{then.day} {then:%B}, 12:05, and 1 more." in said
