"""Plots as SVG that scales with the page and takes its colours from the page's style."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ragbot.evaluation.report.table import percent
from ragbot.evaluation.report.texts import MEASURES as LABELS

if TYPE_CHECKING:
    from markupsafe import Markup

    from ragbot.evaluation.comparison import Comparison
    from ragbot.evaluation.statistics import Estimate

_WIDTH = 640
_LABEL = 200  # room for the names on the left
_VALUE = 62  # room for the numbers on the right
_ROW = 26
_PLOT = _WIDTH - _LABEL - _VALUE
_LONGEST = 26  # characters of a name; Chinese ones count double


def bars(groups: Mapping[str, Mapping[str, "Estimate"]], measure: str) -> "Markup":
    """A bar for each member of a group, its interval as a whisker."""
    shown = [(name, found[measure]) for name, found in groups.items() if found[measure].value is not None]
    pieces = [_grid(len(shown))]
    for at, (name, estimate) in enumerate(shown):
        y = at * _ROW
        value, (low, high) = estimate.value or 0.0, estimate.interval or (0.0, 0.0)
        pieces.append(
            f"<g><title>{_safe(name)}: {percent(value)} ({percent(low)}–{percent(high)}), n = {estimate.rows}</title>"
            f'<text x="{_LABEL - 10}" y="{y + 18}" class="name">{_safe(_short(name))}</text>'
            f'<rect x="{_LABEL}" y="{y + 6}" width="{_PLOT * value:.1f}" height="15" rx="2" class="bar"/>'
            f'<path d="M{_x(low)} {y + 13.5}H{_x(high)}M{_x(low)} {y + 9}v9M{_x(high)} {y + 9}v9" class="whisker"/>'
            f'<text x="{_WIDTH}" y="{y + 18}" class="number">{percent(value)} · {estimate.rows}</text></g>'
        )
    return _svg(pieces, len(shown) * _ROW + 18)


def changes(comparison: "Comparison") -> "Markup":
    """Before and after of each measure as two points with a line between them."""
    found = list(comparison.changes.items())
    pieces = [_grid(len(found))]
    for at, (name, change) in enumerate(found):
        y = at * _ROW + 13.5
        before, after = _x(change.difference.before), _x(change.difference.after)
        style = change.outcome.split()[0]
        zh, en = LABELS[name]
        pieces.append(
            f'<g class="{style}"><title>{_safe(en)}: {percent(change.difference.before)} → '
            f"{percent(change.difference.after)}</title>"
            f'<text x="{_LABEL - 10}" y="{y + 4.5}" class="name zh">{_safe(_short(zh))}</text>'
            f'<text x="{_LABEL - 10}" y="{y + 4.5}" class="name en">{_safe(_short(en))}</text>'
            f'<path d="M{before} {y}H{after}" class="step"/>'
            f'<circle cx="{before}" cy="{y}" r="5" class="before"/><circle cx="{after}" cy="{y}" r="5" class="after"/>'
            f'<text x="{_WIDTH}" y="{y + 4.5}" class="number">'
            f"{100 * (change.difference.after - change.difference.before):+.1f}</text></g>"
        )
    return _svg(pieces, len(found) * _ROW + 18)


def latency(milliseconds: Sequence[int]) -> "Markup | None":
    """How many answers were there by when: the cumulative share over time."""
    times = sorted(milliseconds)
    if not times or not times[-1]:
        return None
    height, longest = 150, times[-1]
    points = [(0.0, 0.0)]
    for number, time in enumerate(times, 1):
        points += [(time / longest, (number - 1) / len(times)), (time / longest, number / len(times))]
    line = " ".join(f"{44 + x * (_WIDTH - 60):.1f},{height - y * (height - 16):.1f}" for x, y in points)
    marks = "".join(
        f'<path d="M44 {height - share * (height - 16):.1f}H{_WIDTH - 16}" class="grid"/>'
        f'<text x="36" y="{height - share * (height - 16) + 4:.1f}" class="number">{share:.0%}</text>'
        for share in (0, 0.5, 1)
    )
    ticks = "".join(
        f'<text x="{44 + part * (_WIDTH - 60):.1f}" y="{height + 18}" class="tick">{_seconds(part * longest)}</text>'
        for part in (0, 0.25, 0.5, 0.75, 1)
    )
    return _svg([marks, ticks, f'<polyline points="{line}" class="curve"/>'], height + 26)


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds:.0f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"


def _grid(rows: int) -> str:
    height = rows * _ROW
    return "".join(
        f'<path d="M{_x(part)} 2V{height}" class="grid"/>'
        f'<text x="{_x(part)}" y="{height + 14}" class="tick">{part:.0%}</text>'
        for part in (0, 0.25, 0.5, 0.75, 1)
    )


def _x(part: float) -> float:
    return round(_LABEL + _PLOT * part, 1)


def _svg(pieces: Sequence[str], height: int) -> "Markup":
    from markupsafe import Markup

    return Markup(f'<svg viewBox="0 0 {_WIDTH} {height}" role="img">{"".join(pieces)}</svg>')


def _short(name: str) -> str:
    width, kept = 0, ""
    for sign in name:
        width += 2 if ord(sign) > 0x2E80 else 1
        if width > _LONGEST:
            return f"{kept}…"
        kept += sign
    return kept


def _safe(text: str) -> str:
    from markupsafe import escape

    return str(escape(text))
