"""Messages as Block Kit, and presses on their buttons."""

from dataclasses import replace
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.domain.chat import Button, Buttons, Chart, Facts, Heading, Message, Part, Quote, Sent, Series, Small, Text
from bot.platforms.slack_blocks import Press, parse_press, render_home, render_message, render_message_view
from tests.platforms.slack_limits import pings, refusals, texts

ANSWER_CARD = Message(
    "Clash #k7m2",
    (
        Text("⚡ **Clash #k7m2** · saved, only you see this card"),
        Quote(
            "On Wednesday 10 June at 16:30 Retailer A\ndoubled the *football* tapas box :zap: <@U1|Joost> <!channel>"
        ),
        Text("My guess: **Fast response against a stable schedule**", Button("entry.tension", "Other tension", "e1")),
        Facts((("Effect", "40 minutes"), ("My interest", "[the plan](https://plan.example/w24)"))),
        Small("Next: the summary of Fri 12 June."),
        Buttons(
            (
                Button("entry.details", "Add details", "e1", "primary"),
                Button("entry.undo", "Undo", "e1", "danger"),
                Button("open", "Link to #1", url="https://chat.example/archives/C1/p1"),
            )
        ),
    ),
)
RISKY = Message(
    "Agreement",
    (
        Heading("A heading with *stars* & <signs>"),
        Text(r"**box\_size** and \*more\*", Button("entry.read", "Read all", "e1")),
        Facts((("Owner", r"planner\_noord"),)),
        Small(r"plain \~ small"),
        Small(r"\~ **bold** small"),
    ),
)  # fmt: skip


def blocks_of(*parts: Part) -> list[dict[str, Any]]:
    rendered = render_message(Message("Summary", parts))
    assert refusals(rendered) == []
    return list(rendered["blocks"])


@pytest.mark.parametrize("message", [ANSWER_CARD, RISKY], ids=["answer card", "risky signs"])
def test_a_message_as_block_kit(message: Message, snapshot: SnapshotAssertion) -> None:
    rendered = render_message(message)

    assert rendered == snapshot
    assert refusals(rendered) == []
    assert pings(rendered) == []


def test_home_and_modal_hold_the_same_blocks(snapshot: SnapshotAssertion) -> None:
    home = render_home(ANSWER_CARD)
    modal = render_message_view(ANSWER_CARD, "All of what was written in #k7m2", "Close")

    assert refusals(home) == refusals(modal) == []
    assert home["blocks"] == modal["blocks"] == render_message(ANSWER_CARD)["blocks"]
    assert {key: value for key, value in modal.items() if key != "blocks"} == snapshot


def test_the_summary_is_plain_words_and_never_empty() -> None:
    assert render_message(Message("A & B, @channel", ()))["text"] == "A &amp; B, @\u2060channel"
    assert render_message(Message("", (Quote("secret"), Text("**Thank you.** Both are in."))))["text"] == (
        "Thank you. Both are in."
    )
    assert render_message(Message(" ", ()))["text"] == "…"


def test_a_message_without_parts_shows_its_summary() -> None:
    assert list(texts(render_message(Message("One *moment*", ()))["blocks"])) == ["One *moment*"]


def test_blank_parts_leave_no_empty_block() -> None:
    assert blocks_of(Heading(" "), Text("\n"), Quote(""), Small(""), Facts(()), Buttons(()), Text("x")) == [
        {"type": "section", "text": {"type": "mrkdwn", "text": "x", "verbatim": True}, "block_id": "b1"}
    ]


def test_a_button_stays_beside_or_below_its_text() -> None:
    button = Button("entry.link", "Link", "e1")
    beside, below, alone = Text("Looks like #1.", button), Text(r"box\_size", button), Text("", button)

    blocks = blocks_of(beside, below, alone)

    assert [block["type"] for block in blocks] == ["section", "rich_text", "actions", "actions"]
    assert blocks[0]["accessory"]["action_id"] == "entry.link"


def test_five_buttons_a_row_and_no_id_twice() -> None:
    blocks = blocks_of(Buttons(tuple(Button("entry.open", f"No {n}", str(n)) for n in range(7))))

    assert [len(block["elements"]) for block in blocks] == [5, 2]
    assert [element["action_id"] for block in blocks for element in block["elements"]] == [
        "entry.open", "entry.open#2", "entry.open#3", "entry.open#4", "entry.open#5", "entry.open#6", "entry.open#7",
    ]  # fmt: skip


def test_long_labels_are_cut_and_a_button_that_leads_nowhere_is_left_out() -> None:
    blocks = blocks_of(Buttons((Button("a", "word " * 40), Button("open", "Bad", url="javascript:alert(1)"))))

    assert [element["text"]["text"] for element in blocks[0]["elements"]] == [" ".join(["word"] * 15) + "…"]


def test_a_value_that_cannot_be_carried_is_a_programmers_error() -> None:
    with pytest.raises(ValueError, match=r"button 'entry\.undo' exceeds 2000"):
        render_message(Message("x", (Buttons((Button("entry.undo", "Undo", "v" * 2001),)),)))


def test_ten_thousand_characters_are_kept_whole() -> None:
    typed = "forty trays & more, " * 500

    shown = "".join(texts(blocks_of(Quote(typed))))

    assert shown.split() == typed.split()


def test_more_blocks_than_slack_takes_are_folded_and_the_buttons_stay() -> None:
    undo = Buttons((Button("entry.undo", "Undo"),))

    blocks = blocks_of(*(Text(f"line {n}") for n in range(70)), undo)

    assert len(blocks) == 50
    assert list(texts(blocks[-3:])) == ["line 47", "… (+22)", "Undo"]


def test_more_characters_than_slack_takes_are_folded() -> None:
    shown = list(texts(blocks_of(*(Text(f"{n} " + "word " * 500) for n in range(20)))))

    assert shown[-1] == "… (+16)"
    assert len(shown) == 5


def test_a_modal_takes_more_than_a_message() -> None:
    long = Message("All", tuple(Text(f"line {n}") for n in range(120)))

    view = render_message_view(long, "All", "Close")

    assert refusals(view) == []
    assert len(view["blocks"]) == 100


def pressed(**over: Any) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "user": {"id": "U1", "team_id": "T1"},
        "team": {"id": "T1", "domain": "vers"},
        "trigger_id": "1.2.abc",
        "container": {"type": "message", "message_ts": "1718.01", "channel_id": "C1", "is_ephemeral": False},
        "channel": {"id": "C1"},
        "message": {"ts": "1718.01"},
        "response_url": "https://hooks.example/1",
        "actions": [{"type": "button", "action_id": "entry.undo#2", "block_id": "b4", "value": "e1"}],
    } | over


def test_a_press_on_a_message() -> None:
    assert parse_press(pressed()) == Press(
        action="entry.undo",
        value="e1",
        user_id="U1",
        workspace_id="T1",
        trigger_id="1.2.abc",
        surface="message",
        place=Sent("C1", "1718.01"),
        response_url="https://hooks.example/1",
    )


def test_a_press_in_a_thread_knows_its_parent() -> None:
    container = {"type": "message", "message_ts": "1718.02", "channel_id": "C1", "thread_ts": "1718.01"}

    press = parse_press(pressed(container=container))

    assert (press.place, press.thread) == (Sent("C1", "1718.02"), Sent("C1", "1718.01"))


def test_a_press_on_a_message_only_one_person_sees() -> None:
    container = {"type": "message", "message_ts": "1718.02", "channel_id": "C1", "is_ephemeral": True}

    assert parse_press(pressed(container=container)).surface == "ephemeral"


@pytest.mark.parametrize("kind", ["modal", "home"])
def test_a_press_in_a_view(kind: str) -> None:
    payload = pressed(
        container={"type": "view", "view_id": "V1"}, view={"id": "V1", "type": kind}, team=None,
        actions=[{"type": "button", "action_id": "open"}],
    )  # fmt: skip
    for gone in ("channel", "message", "response_url"):
        del payload[gone]

    press = parse_press(payload)

    assert (press.surface, press.view_id, press.place, press.value, press.response_url) == (kind, "V1", None, "", "")
    assert press.workspace_id == "T1"


# ---------------------------------------------------------------- charts

A_CHART = Chart(
    "Clash and went well per cycle", "bars", ("May", "June"), (Series("Clash", (5, 4)), Series("Well", (6, 7)))
)


def test_a_chart_is_slacks_own() -> None:
    [_, block] = render_message(Message("x", (Text("Clash: May 5, June 4."), A_CHART)))["blocks"]

    assert block == {
        "type": "data_visualization",
        "title": "Clash and went well per cycle",
        "chart": {
            "type": "bar",
            "series": [
                {"name": "Clash", "data": [{"label": "May", "value": 5}, {"label": "June", "value": 4}]},
                {"name": "Well", "data": [{"label": "May", "value": 6}, {"label": "June", "value": 7}]},
            ],
            "axis_config": {"categories": ["May", "June"]},
        },
        "block_id": "b2",
    }


def test_a_label_at_which_a_figure_is_not_shown_is_left_out() -> None:
    lines = Chart(
        "Pulse", "lines", ("W20", "W21", "W22"), (Series("Sales", (3.5, 3.4, 3.6)), Series("Ops", (3.0, None, 2.9)))
    )

    chart = render_message(Message("x", (lines,)))["blocks"][0]["chart"]

    assert chart["axis_config"]["categories"] == ["W20", "W22"]
    assert [point["value"] for point in chart["series"][0]["data"]] == [3.5, 3.6]


@pytest.mark.parametrize(
    "chart",
    [
        replace(A_CHART, title="t" * 80, labels=tuple(f"week {n} of a long year" for n in range(2))),
        replace(A_CHART, labels=tuple(map(str, range(30))), series=(Series("n" * 40, tuple(map(float, range(30)))),)),
        replace(A_CHART, series=tuple(Series(str(n), (1, 2)) for n in range(9))),
        replace(A_CHART, labels=("May", "May")),
        replace(A_CHART, series=(Series("A", (None, None)),)),
        replace(A_CHART, series=()),
    ],
)
def test_whatever_a_chart_holds_slack_takes_the_message(chart: Chart) -> None:
    assert refusals(render_message(Message("x", (Text("Said."), chart, chart, chart)))) == []


def test_a_window_shows_no_chart() -> None:
    window = render_message_view(Message("x", (Text("Said."), A_CHART)), "Title", "Close")

    assert [block["type"] for block in window["blocks"]] == ["section"]
