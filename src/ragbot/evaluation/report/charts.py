"""Plots as SVG that scales with the page and takes its colours from the page's style."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

_WIDTH, _HEIGHT = 640, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 30, 12, 30


def latency(milliseconds: Sequence[int]) -> "Markup | None":
    """How many answers were there by when: the cumulative share over time. None where nothing was timed."""
    from markupsafe import Markup

    times = sorted(milliseconds)
    if not times or not times[-1]:
        return None
    steps = [(0.0, 0.0)]
    for number, time in enumerate(times, 1):
        steps += [(time / times[-1], (number - 1) / len(times)), (time / times[-1], number / len(times))]
    line = " ".join(f"{_x(time):.1f},{_y(share):.1f}" for time, share in steps)
    grid = "".join(
        f'<path d="M{_LEFT} {_y(share):.1f}H{_WIDTH - _RIGHT}" class="grid"/>'
        f'<text x="{_LEFT - 8}" y="{_y(share) + 4:.1f}" class="number">{share:.0%}</text>'
        for share in (0, 0.5, 1)
    )
    ticks = "".join(
        f'<text x="{_x(part):.1f}" y="{_HEIGHT - 6}" class="tick">{_duration(part * times[-1])}</text>'
        for part in (0, 0.25, 0.5, 0.75, 1)
    )
    curve = f'<polyline points="{line}" class="curve"/>'
    return Markup(f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">{grid}{ticks}{curve}</svg>')


def _x(part: float) -> float:
    return _LEFT + part * (_WIDTH - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)


def _duration(milliseconds: float) -> str:
    return f"{milliseconds:.0f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"
