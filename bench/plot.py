"""A plot of costs against sizes as SVG, without a library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

WIDTH, HEIGHT, MARGIN = 640, 400, 70
COLOURS = ("#1f5fa8", "#b3402a", "#3a7d44", "#7a4b9a")

Points = Sequence[tuple[int, float]]
"""Lines of code and seconds, by size."""


def svg(series: Mapping[str, Points], title: str) -> str:
    """Seconds against lines, one line per series, both axes from zero."""
    most_lines = max(lines for points in series.values() for lines, _ in points)
    most_seconds = max(seconds for points in series.values() for _, seconds in points)

    def place(lines: float, seconds: float) -> tuple[float, float]:
        x = MARGIN + (WIDTH - 2 * MARGIN) * lines / most_lines
        return x, HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * seconds / most_seconds

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/><text x="{MARGIN}" y="24" font-size="14">{title}</text>',
    ]
    for step in range(5):
        lines, seconds = most_lines * step / 4, most_seconds * step / 4
        (x, bottom), (left, y) = place(lines, 0), place(0, seconds)
        parts += [
            f'<line x1="{left}" y1="{y:.1f}" x2="{WIDTH - MARGIN}" y2="{y:.1f}" stroke="#ddd"/>',
            f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{seconds:.1f} s</text>',
            f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{lines / 1000:,.0f}k</text>',
        ]
    for number, (name, points) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in points))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{MARGIN + 10}" y="{MARGIN + 16 * number}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, f'<text x="{WIDTH / 2}" y="{HEIGHT - 20}">lines of Python</text>', "</svg>\n"])
