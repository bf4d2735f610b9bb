"""What instances are called in lists."""

from collections import Counter
from collections.abc import Sequence

from projects.images import frame_name
from projects.store import InstanceRecord, Project, QueueRow


def row_names(rows: Sequence[QueueRow]) -> list[str]:
    """File names, of a video with the frame; where an image holds several objects they are
    numbered."""
    names = [_name(row.path.rpartition("/")[2], row.frame) for row in rows]
    totals = Counter(row.image_id for row in rows)
    if len(totals) < len(rows):
        seen: Counter[int] = Counter()
        for place, row in enumerate(rows):
            if totals[row.image_id] > 1:
                seen[row.image_id] += 1
                names[place] += f"  #{seen[row.image_id]}"
    return names


def _name(file: str, frame: int | None) -> str:
    return file if frame is None else frame_name(file, frame)


def instance_name(project: Project, record: InstanceRecord) -> str:
    """As `row_names`, of one."""
    image = project.image(record.image_id)
    name = _name(image.path.name, image.frame)
    others = [other.id for other in project.instances_of(record.image_id)]
    if len(others) > 1 and record.id in others:
        name += f"  #{others.index(record.id) + 1}"
    return name
