"""Lines of measured figures as pictures, drawn when the site is made."""

from dataclasses import dataclass
from html import escape

from extension.measured import value

WIDTH, HEIGHT, LEFT, BELOW, ABOVE = 640, 300, 50, 40, 10
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7")
"""Told apart by people who see few colours."""


@dataclass(frozen=True)
class Chart:
    """lines: what each is called, and its values at `across`. across: None: 0, 1, 2 ..."""

    title: str
    below: str
    lines: tuple[tuple[str, list[float]], ...]
    across: list[float] | None = None


def chart(name: str) -> str:
    """The named picture as HTML inside a page."""
    return "```{raw} html\n" + svg(CHARTS[name]()) + "\n```"


def svg(drawn: Chart) -> str:
    """Lines from zero up, each with a sign of its own and named beside."""
    across = drawn.across or [float(n) for n in range(len(drawn.lines[0][1]))]
    most = max(max(values) for _, values in drawn.lines) * 1.05
    start, end = min(across), max(across)
    inner, tall = WIDTH - LEFT - 10, HEIGHT - BELOW - ABOVE

    def at(x: float, y: float) -> tuple[float, float]:
        right = LEFT + inner * (x - start) / (end - start)
        return round(right, 1), round(ABOVE + tall * (1 - y / most), 1)

    parts = [
        f'<svg role="img" viewBox="0 0 {WIDTH} {HEIGHT + 18 * len(drawn.lines)}" '
        'style="max-width: 40em; font: 12px sans-serif" fill="currentColor" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(drawn.title)}</title>'
    ]
    for tick in range(5):
        x, y = at(start, most * tick / 4)
        parts.append(
            f'<path d="M{x} {y}H{WIDTH - 10}" stroke="currentColor" opacity="0.2"/>'
            f'<text x="{x - 6}" y="{y + 4}" text-anchor="end">{most * tick / 4:.3g}</text>'
        )
    for number in across[:: 1 + len(across) // 15]:
        x, y = at(number, 0)
        parts.append(f'<text x="{x}" y="{y + 16}" text-anchor="middle">{number:g}</text>')
    parts.append(
        f'<text x="{LEFT + inner / 2}" y="{HEIGHT - 6}" text-anchor="middle">'
        f"{escape(drawn.below)}</text>"
    )
    for number, (label, values) in enumerate(drawn.lines):
        colour, dash = COLOURS[number], number * 3
        points = " ".join(f"{x},{y}" for x, y in map(at, across, values))
        line = f'fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash or "none"}"'
        y = HEIGHT + 14 + 18 * number
        parts.append(
            f'<polyline points="{points}" {line}/><path d="M{LEFT} {y - 4}h30" {line}/>'
            f'<text x="{LEFT + 38}" y="{y}">{escape(label)}</text>'
        )
    return "".join(parts) + "</svg>"


def _clicks() -> Chart:
    return Chart(
        "Error after clicks on the worst point",
        "clicks; error in percent of the distance between the outer eye corners",
        tuple(
            (label, value("clicks", f"clicks/{rule}/worst/nme"))
            for label, rule in (
                ("the others follow", "mixture"),
                ("only that point moves", "manual"),
                ("the paper's rule, which only drops classes", "hard"),
            )
        ),
    )


def _campaign() -> Chart:
    return Chart(
        "Clicks an image while a job goes on",
        "tenth of the job; clicks an image",
        tuple(
            (label, value(f"campaign-{name}", f"campaign/{name}/clicks_by_tenth"))
            for label, name in (
                ("faces (Helen), 68 landmarks", "helen"),
                ("faces (London), 189 landmarks", "london189"),
                ("flies, 32 landmarks", "fly32"),
                ("cephalograms, 19 landmarks", "ceph19"),
            )
        ),
        [float(n) for n in range(1, 11)],
    )


def _c_hat() -> Chart:
    values = value("budget", "budget/68/c_hat")
    return Chart(
        "How well the rest follows",
        "points that are clicked; c-hat of the best choice",
        (("68 points of a face", values),),
        [float(n) for n in range(1, len(values) + 1)],
    )


CHARTS = {"clicks": _clicks, "campaign": _campaign, "c_hat": _c_hat}
