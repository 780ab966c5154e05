"""A chart is drawn for everybody: with marks, names and numbers, and a summary for whoever hears the page."""

from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.block_kit_html.charts import BOTTOM, TOP, draw
from bot.playground.limits import check_blocks
from tests.playground.block_kit_html.drawing import drawn


def a_chart(kind: str = "bar", **series: list[float]) -> dict[str, Any]:
    labels = [f"Month {number}" for number in range(len(next(iter(series.values()))))]
    data = {
        name: [{"label": label, "value": value} for label, value in zip(labels, values, strict=True)]
        for name, values in series.items()
    }
    chart = {
        "type": kind,
        "series": [{"name": name, "data": points} for name, points in data.items()],
        "axis_config": {"categories": labels},
    }
    return {"type": "data_visualization", "title": "Clash and went well per cycle", "chart": chart}


def test_slack_takes_what_is_drawn_here() -> None:
    check_blocks([a_chart(Clash=[4, 0], Well=[7, 3])])


def test_bars_of_kinds_do_not_wear_the_colours_of_the_sides() -> None:
    assert drawn(a_chart("bar", Clash=[4, 0], Well=[7, 3])).first("figure")["class"] == "chart bars"
    assert drawn(a_chart("line", Sales=[4, 0], Operations=[7, 3])).first("figure")["class"] == "chart"
    style = (files("bot") / "playground" / "static" / "blocks.css").read_text("utf-8")
    assert ".bars .fill-0 { fill: #7B4FA3; } .bars .fill-1 { fill: #2E8B57; }" in style


def test_every_value_is_written_beside_its_bar_and_told_in_the_summary() -> None:
    seen = drawn(a_chart(Clash=[4, 9], Well=[7, 5]))

    assert seen.first("svg")["aria-label"] == (
        "Clash and went well per cycle. Clash: Month 0 4, Month 1 9; Well: Month 0 7, Month 1 5"
    )
    assert [tag for tag, _ in seen.tags].count("text") == 4 + 2
    assert "Clash" in seen.text
    assert {"circle", "rect"} <= {tag for tag, _ in seen.tags}


def test_no_attribute_breaks_the_content_security_policy() -> None:
    for kind in ("bar", "line", "area"):
        assert not [
            name
            for _, attributes in drawn(a_chart(kind, A=[1, 2], B=[2, 1])).tags
            for name in attributes
            if name == "style"
        ]


def test_a_pie_is_drawn_as_bars() -> None:
    pie = {"type": "pie", "segments": [{"label": "Kept", "value": 6}, {"label": "Partly", "value": 1}]}
    seen = drawn({"type": "data_visualization", "title": "Agreements", "chart": pie})

    assert "Kept" in seen.text
    assert not seen.all("ul")


@pytest.mark.parametrize("kind", ["bar", "line"])
@given(values=st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=20))
def test_everything_stays_on_the_canvas(kind: str, values: list[float]) -> None:
    drawing = draw(a_chart(kind, A=values, B=list(reversed(values))))

    assert all(TOP - 0.1 <= shape.y <= BOTTOM + 0.1 for shape in drawing.shapes)
    assert all(shape.height >= 0 and shape.y + shape.height <= BOTTOM + 9 for shape in drawing.shapes)
    assert 1 <= len(drawing.labels) <= 8
