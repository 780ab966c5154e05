"""Charts of data_visualization blocks as shapes on a canvas of fixed size: the template only draws them.

A series is told by its mark and its name in the legend, and every value stands beside its shape: never colour alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 8, 352, 26, 158
WIDEST_BAR, GROUP = 30, 0.78
LABEL_SPACE = 44
"""Of a label below the axis; where there is less, only every second or third one is written."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A bar or a point; `x`, `y` is its upper middle, `height` reaches down to the axis (or up, below zero)."""

    series: int
    label: str
    value: str
    x: float
    y: float
    width: float
    height: float
    says: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """`axis` is the height of zero; `labels` stand at their places below it; `lines` join the points of a series."""

    title: str
    kind: str
    names: tuple[str, ...]
    shapes: tuple[Shape, ...]
    lines: tuple[str, ...]
    labels: tuple[tuple[float, str], ...]
    axis: float
    summary: str
    width: int = WIDTH
    height: int = HEIGHT


def draw(block: Mapping[str, Any]) -> Drawing:
    """The drawing of a block as Slack takes it; a pie is drawn as bars."""
    chart = block["chart"]
    kind = "bar" if chart["type"] in {"bar", "pie"} else "line"
    series = _series(chart)
    labels = [point["label"] for point in series[0]["data"]]
    scale = _Scale(kind, [point["value"] for one in series for point in one["data"]])
    return Drawing(
        title=block["title"],
        kind=kind,
        names=tuple(one["name"] for one in series),
        shapes=tuple(_bars(series, scale) if kind == "bar" else _points(series, scale)),
        lines=tuple(_line(one["data"], scale) for one in series) if kind == "line" else (),
        labels=tuple(_written(labels)),
        axis=scale.place(max(scale.low, 0)),
        summary="; ".join(f"{one['name']}: {_said(one['data'], scale)}" for one in series),
    )


class _Scale:
    """From values to heights: bars stand on zero, lines use the whole canvas. All are written with as many decimals."""

    def __init__(self, kind: str, values: Sequence[float]) -> None:
        self._decimals = max(len(f"{value:g}".partition(".")[2]) for value in values)
        low = float(min(values))
        high = float(max(values))
        bars = kind == "bar"
        self.low: float = min(low, 0) if bars else floor(low)
        high = max(high, 0) if bars else ceil(high)
        self._span = (high - self.low) or 1

    def write(self, value: float) -> str:
        return f"{value:.{self._decimals}f}"

    def place(self, value: float) -> float:
        return round(BOTTOM - (value - self.low) / self._span * (BOTTOM - TOP), 1)


def _series(chart: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"name": "", "data": chart["segments"]}] if chart["type"] == "pie" else chart["series"]


def _middle(at: int, count: int) -> float:
    return LEFT + (at + 0.5) * (RIGHT - LEFT) / count


def _bars(series: Sequence[Mapping[str, Any]], scale: _Scale) -> Iterator[Shape]:
    count = len(series[0]["data"])
    width = min(WIDEST_BAR, (RIGHT - LEFT) / count * GROUP / len(series))
    for number, one in enumerate(series):
        for at, point in enumerate(one["data"]):
            x = _middle(at, count) + (number - (len(series) - 1) / 2) * width
            top, foot = sorted((scale.place(point["value"]), scale.place(0)))
            yield Shape(
                number,
                point["label"],
                scale.write(point["value"]),
                round(x, 1),
                top,
                round(width - 2, 1),
                foot - top,
                True,
            )


def _points(series: Sequence[Mapping[str, Any]], scale: _Scale) -> Iterator[Shape]:
    """The value is written beside the last point only: the others are in the summary and under the pointer."""
    for number, one in enumerate(series):
        for at, point in enumerate(one["data"]):
            x, last = round(_middle(at, len(one["data"])), 1), at == len(one["data"]) - 1
            yield Shape(number, point["label"], scale.write(point["value"]), x, scale.place(point["value"]), 8, 8, last)


def _line(points: Sequence[Mapping[str, Any]], scale: _Scale) -> str:
    places = ((_middle(at, len(points)), scale.place(point["value"])) for at, point in enumerate(points))
    return " ".join(f"{x:.1f},{y}" for x, y in places)


def _written(labels: Sequence[str]) -> Iterator[tuple[float, str]]:
    step = ceil(LABEL_SPACE * len(labels) / (RIGHT - LEFT))
    for at in range(len(labels) - 1, -1, -step):
        yield round(_middle(at, len(labels)), 1), labels[at]


def _said(points: Sequence[Mapping[str, Any]], scale: _Scale) -> str:
    return ", ".join(f"{point['label']} {scale.write(point['value'])}" for point in points)
