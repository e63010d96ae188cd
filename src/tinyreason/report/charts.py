"""Three SVG charts: accuracies with error bars, curves over optimizer steps, and what several seeds gave.

Drawn 360 units wide so that the lettering is legible on a phone at its own size; colours come from the page's
CSS classes, so one drawing serves light and dark. Nothing is interpolated: a curve has the points that were
logged.
"""

from dataclasses import dataclass
from html import escape
from math import ceil, floor, isfinite, log10

WIDTH = 360
CURVE_HEIGHT = 200
LEFT, RIGHT, TOP, BOTTOM = 44, 22, 24, 40
ROW_HEIGHT = 62
LONGEST_LABEL = 46  # letters that fit beside nothing else
LETTER = 8.6  # at most, of a label: fonts differ
FILE_WIDTH = 540  # pixels of a drawing that is a file of its own


@dataclass(frozen=True)
class Bar:
    """An accuracy with its interval, all shares in [0, 1]; `style` is a CSS class."""

    label: str
    style: str
    accuracy: float
    low: float
    high: float


@dataclass(frozen=True)
class Curve:
    """Points (step, value), finite and in order of steps."""

    label: str
    style: str
    points: list[tuple[float, float]]


def interval_chart(title: str, bars: list[Bar]) -> str:
    """Horizontal bars on a scale from 0 to 100 %,
    each with its 95 % interval as an error bar and in figures.
    """
    left, right = 8, WIDTH - 16
    height = ROW_HEIGHT * len(bars) + 34
    parts = []
    for tick in (0, 25, 50, 75, 100):
        x = left + (right - left) * tick / 100
        parts.append(_line(x, 4, x, height - 28, "grid"))
        anchor = {0: "start", 100: "end"}.get(tick, "middle")
        parts.append(_text(x, height - 12, f"{tick} %", "tick", anchor))
    for row, bar in enumerate(bars):
        parts.append(_bar(bar, 20 + row * ROW_HEIGHT, left, right))
    told = "; ".join(
        f"{bar.label} {100 * bar.accuracy:.1f} %, 95 % interval {100 * bar.low:.1f} to {100 * bar.high:.1f} %"
        for bar in bars
    )
    return _svg(height, f"{title}: {told}", parts)


def _bar(bar: Bar, y: float, left: float, right: float) -> str:
    def x(share: float) -> float:
        return left + (right - left) * share

    figures = f"{100 * bar.accuracy:.1f} % [{100 * bar.low:.1f}, {100 * bar.high:.1f}]"
    label_y, y = y, y + 16
    middle, width = y + 15, x(bar.accuracy) - left
    error_bar = f"M{x(bar.low):.1f} {middle - 5}v10M{x(bar.low):.1f} {middle}H{x(bar.high):.1f}m0 -5v10"
    cut = len(bar.label) - LONGEST_LABEL
    label = bar.label if cut <= 0 else f"…{bar.label[cut + 1 :]}"
    return (
        _text(left, label_y, label, "label", "start")
        + _text(left, y, figures, "figures", "start")
        + f'<rect class="track" x="{left}" y="{y + 7}" width="{right - left}" height="16" rx="3"/>'
        + f'<rect class="bar {bar.style}" x="{left}" y="{y + 7}" width="{width:.1f}" height="16" rx="3"/>'
        + f'<path class="halo" d="{error_bar}"/><path class="error-bar" d="{error_bar}"/>'
    )


@dataclass(frozen=True)
class Spread:
    """What several seeds gave, and the interval (low, high) of their mean, empty where there is none."""

    label: str
    values: list[float]
    interval: list[float]


def spread_chart(
    title: str, unit: str, spreads: list[Spread], reference: tuple[str, float], *, style: str
) -> str:
    """A row each: a dot for every seed, the mean as a stroke, its interval as a bar; `reference` as a line
    across all. A file of its own, with `style` in it.
    """
    left = 14 + LETTER * max(len(spread.label) for spread in spreads)
    right, height = WIDTH - 16, 26 * len(spreads) + 60
    values = [value for spread in spreads for value in (*spread.values, *spread.interval)]
    ticks = nice_ticks(min([*values, reference[1]]), max([*values, reference[1]]), 5)

    def x(value: float) -> float:
        return left + (right - left) * (value - ticks[0]) / (ticks[-1] - ticks[0])

    parts = [f'<rect width="{WIDTH}" height="{height}" fill="var(--card)"/>']
    for tick in ticks:
        parts += [_line(x(tick), 20, x(tick), height - 36, "grid")]
        parts += [_text(x(tick), height - 20, f"{tick:g}", "tick", "middle")]
    parts += [_line(x(reference[1]), 20, x(reference[1]), height - 36, "axis")]
    parts += [_text(x(reference[1]), 14, reference[0], "unit", "middle")]
    parts += [_text((left + right) / 2, height - 5, unit, "unit", "middle")]
    for row, spread in enumerate(spreads):
        y, mean = 36 + 26 * row, sum(spread.values) / len(spread.values)
        parts.append(_text(left - 10, y + 4, spread.label, "label", "end"))
        if spread.interval:
            parts.append(_line(x(spread.interval[0]), y, x(spread.interval[1]), y, "error-bar"))
        parts.append(f'<path class="error-bar" d="M{x(mean):.1f} {y - 7}v14"/>')
        parts += [
            f'<circle class="dot run-0" cx="{x(value):.1f}" cy="{y}" r="3"/>' for value in spread.values
        ]
    told = "; ".join(f"{s.label} {', '.join(f'{value:.1f}' for value in s.values)}" for s in spreads)
    drawing = _svg(height, f"{title}, {unit}: {told}; {reference[0]} {reference[1]:.1f}", parts)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{FILE_WIDTH}" '
    return drawing.replace("<svg ", head, 1).replace("<title>", f"<style>{style}</style><title>", 1)


def curve_chart(title: str, unit: str, curves: list[Curve]) -> str:
    """Curves over optimizer steps with ticked axes; the legend is the caller's, beneath the drawing."""
    points = [point for curve in curves for point in curve.points]
    last_step = max(1, *(step for step, _ in points))
    x_ticks = [tick for tick in nice_ticks(0, last_step, 5) if tick <= last_step]
    y_ticks = nice_ticks(*_value_range([value for _, value in points]), 5)
    scale = _Scale(last_step, y_ticks[0], y_ticks[-1])
    parts = [_text(4, 12, unit, "unit", "start")]
    for tick in y_ticks:
        parts.append(_line(LEFT, scale.y(tick), WIDTH - RIGHT, scale.y(tick), "grid"))
        parts.append(_text(LEFT - 6, scale.y(tick) + 4, f"{tick:g}", "tick", "end"))
    floor_y = CURVE_HEIGHT - BOTTOM
    for tick in x_ticks:
        parts.append(_line(scale.x(tick), floor_y, scale.x(tick), floor_y + 4, "axis"))
        parts.append(_text(scale.x(tick), floor_y + 17, f"{tick:g}", "tick", "middle"))
    parts.append(_line(LEFT, floor_y, WIDTH - RIGHT, floor_y, "axis"))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, CURVE_HEIGHT - 6, "optimizer step", "unit", "middle"))
    parts += [_curve(curve, scale) for curve in curves]
    told = "; ".join(
        f"{curve.label} from {_told(curve.points[0])} to {_told(curve.points[-1])}" for curve in curves
    )
    return _svg(CURVE_HEIGHT, f"{title}, {unit}: {told}", parts)


@dataclass(frozen=True)
class _Scale:
    """Steps from 0 to last_step and values from y_low to y_high, in drawing units."""

    last_step: float
    y_low: float
    y_high: float

    def x(self, step: float) -> float:
        return LEFT + (WIDTH - RIGHT - LEFT) * step / self.last_step

    def y(self, value: float) -> float:
        bottom = CURVE_HEIGHT - BOTTOM
        return bottom - (bottom - TOP) * (value - self.y_low) / (self.y_high - self.y_low)


def _curve(curve: Curve, scale: _Scale) -> str:
    if len(curve.points) == 1:  # a path of one point draws nothing
        (step, value) = curve.points[0]
        return f'<circle class="dot {curve.style}" cx="{scale.x(step):.1f}" cy="{scale.y(value):.1f}" r="3"/>'
    path = "L".join(f"{scale.x(step):.1f} {scale.y(value):.1f}" for step, value in curve.points)
    return f'<path class="curve {curve.style}" d="M{path}"/>'


def _told(point: tuple[float, float]) -> str:
    return f"{point[1]:.3g} at step {point[0]:g}"


def _value_range(values: list[float]) -> tuple[float, float]:
    """From zero where the curve comes near it, from the lowest value where zero would flatten the curve."""
    low, high = min(values), max(values)
    return (0, high) if 0 <= low <= 0.5 * high else (low, high)


def nice_ticks(low: float, high: float, count: int) -> list[float]:
    """Round numbers (1, 2 or 5 times a power of ten) around the range: two or more, `count` steps at most."""
    span, size = high - low, max(abs(low), abs(high))
    if span <= 1e-9 * size:  # a constant, give or take the rounding of a mean
        span = size or 1.0
    power = 10 ** floor(log10(span / count))
    # 20 for the power of ten whose logarithm was rounded down
    step = next(power * factor for factor in (1, 2, 5, 10, 20) if span / (power * factor) <= count)
    first, last = floor(low / step), max(ceil(high / step), floor(low / step) + 1)
    # 12 digits: 3 * 0.1 is written 0.3
    return [round(index * step, 12) for index in range(first, last + 1)]


def trailing_mean(points: list[tuple[float, float]], window: int) -> list[tuple[float, float]]:
    """The mean of each point and up to window - 1 before it."""
    means = []
    for index, (step, _) in enumerate(points):
        values = [value for _, value in points[max(0, index + 1 - window) : index + 1]]
        means.append((step, sum(values) / len(values)))
    return means


def finite_points(metrics: list[dict], key: str, *, factor: float = 1.0) -> list[tuple[float, float]]:
    """(step, factor x value) of every line that has the key;
    NaN and infinity cannot be drawn and are left out.
    """
    logged = [(line["step"], line[key]) for line in metrics if line.get(key) is not None]
    return [(step, factor * value) for step, value in logged if isfinite(value)]


def _line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    return f'<line class="{style}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x: float, y: float, text: str, style: str, anchor: str) -> str:
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(height: float, title: str, parts: list[str]) -> str:
    return (
        f'<svg role="img" viewBox="0 0 {WIDTH} {height}"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )
