"""What instances are called in lists."""

from collections import Counter
from collections.abc import Sequence

from projects.store import QueueRow


def row_names(rows: Sequence[QueueRow]) -> list[str]:
    """File names; where an image holds several objects they are numbered."""
    names = [row.path.rpartition("/")[2] for row in rows]
    totals = Counter(row.image_id for row in rows)
    if len(totals) < len(rows):
        seen: Counter[int] = Counter()
        for place, row in enumerate(rows):
            if totals[row.image_id] > 1:
                seen[row.image_id] += 1
                names[place] += f"  #{seen[row.image_id]}"
    return names
