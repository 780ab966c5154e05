"""A small company and a Bolt app as a product would use it: commands, cards, forms, shortcuts, a Home."""

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import (
    ChannelSeed,
    PersonSeed,
)

SECRET, TOKEN = "secret", "xoxb-tiny"
SOP, NOORD = "C0SOP", "C0NOORD"
ANNA, BRAM, CARLA = "U0ANNA", "U0BRAM", "U0CARLA"
Json = dict[str, Any]

MANIFEST: Json = {
    "features": {
        "bot_user": {"display_name": "Ampersand"},
        "slash_commands": [
            {"command": "/clash", "description": "Two interests met: keep it", "usage_hint": "[what happened]"},
            {"command": "/win", "description": "Something went well: keep it", "usage_hint": "[what went well]"},
            {"command": "/sop", "description": "What one can do", "usage_hint": "[entries | brief | help]"},
            {"command": "/slow", "description": "Never answers in time"},
        ],
        "shortcuts": [
            {"name": "Note as a clash", "type": "message", "callback_id": "note_message", "description": "Keep it"},
            {"name": "Write down what happened", "type": "global", "callback_id": "capture", "description": "Form"},
        ],
    },
    "settings": {"event_subscriptions": {"bot_events": ["app_home_opened", "message.im"]}},
}
PEOPLE = [
    PersonSeed(ANNA, "anna", "Key Account Manager Retailer A", "Sales"),
    PersonSeed(BRAM, "bram", "Production Scheduler Noord", "Operations · Noord"),
    PersonSeed(CARLA, "carla", "Export Manager Airline Catering", "Sales", tz="Asia/Dubai"),
    *(PersonSeed(f"U0MORE{n}", f"more{n}", f"Line Lead {n}", "Operations · Zuid") for n in range(1, 9)),
]
CHANNELS = [
    ChannelSeed(
        SOP,
        "sales-operations",
        "Sales & Operations: briefs, retros, what we learn",
        members=tuple(p.id for p in PEOPLE),
    ),
    ChannelSeed(NOORD, "noord-planning", "Planning of plant Noord", members=(ANNA, BRAM), is_private=True),
]

CHANNEL_SELECT: Json = {
    "type": "conversations_select",
    "filter": {"include": ["public", "private"], "exclude_external_shared_channels": True},
}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def a_button(action_id: str, text: str, value: str = "1", **over: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(text), "value": value, **over}


def options(*names: str) -> list[Json]:
    return [{"text": plain(name), "value": name.lower().replace(" ", "_")} for name in names]


def card(text: str) -> list[Json]:
    tension = mrkdwn("My guess: *Fast response against a stable schedule*")
    remove = {
        "title": plain("Remove it?"),
        "text": plain("Nobody else saw it."),
        "confirm": plain("Remove"),
        "deny": plain("Keep"),
    }
    return [
        {"type": "section", "text": mrkdwn(f"⚡ *Clash #k7m2* · saved, only you see this card\n> {text}")},
        {"type": "section", "text": tension, "accessory": a_button("other", "Other tension")},
        {
            "type": "context",
            "elements": [mrkdwn("Next: the summary of Fri 12 June and the retro of 24 June, with your name.")],
        },
        {
            "type": "actions",
            "elements": [
                a_button("details", "Add details", text, style="primary"),
                a_button("kind", "Change kind"),
                {"type": "overflow", "action_id": "more", "options": options("Copy the link", "Take my name off")},
                a_button("undo", "Undo", style="danger", confirm=remove),
            ],
        },
    ]


def an_input(block: str, label: str, element: Json, *, hint: str = "", **over: Any) -> Json:
    shown = {"hint": plain(hint)} if hint else {}
    return {
        "type": "input",
        "block_id": block,
        "label": plain(label),
        "element": {"action_id": block, **element},
        **shown,
        **over,
    }


def form(text: str = "", kind: str = "Clash") -> Json:
    kinds = options("Clash", "Went well", "Not so well", "Improve")
    chosen = next(option for option in kinds if option["text"]["text"] == kind)
    extra = (
        [{"type": "context", "block_id": "praise", "elements": [plain("What made it go well?")]}]
        if kind == "Went well"
        else []
    )
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("What happened?"),
        "submit": plain("Save"),
        "close": plain("Cancel"),
        "notify_on_close": True,
        "blocks": [
            an_input(
                "what",
                "What happened?",
                {
                    "type": "plain_text_input",
                    "multiline": True,
                    "max_length": 200,
                    **({"initial_value": text} if text else {}),
                },
                hint="When, where, which customer or article. One example is enough.",
            ),
            an_input(
                "kind",
                "Kind",
                {"type": "static_select", "options": kinds, "initial_option": chosen},
                dispatch_action=True,
            ),
            *extra,
            an_input(
                "shown",
                "Shown with",
                {"type": "radio_buttons", "options": options("My name", "Only my side")},
                optional=True,
            ),
            an_input("with", "Who was there?", {"type": "multi_users_select"}, optional=True),
            an_input("where", "Which channel?", CHANNEL_SELECT, optional=True),
            an_input("article", "Article", {"type": "external_select", "min_query_length": 1}, optional=True),
            an_input("day", "Which day?", {"type": "datepicker", "initial_date": "2026-06-10"}, optional=True),
            an_input("trays", "Effect in trays", {"type": "number_input", "is_decimal_allowed": False}, optional=True),
            {"type": "actions", "block_id": "deeper", "elements": [a_button("deeper", "Choose a tension…")]},
        ],
    }


def tensions() -> Json:
    found = options("Fast response against a stable schedule", "Customer terms", "Price against volume")
    element = {
        "type": "radio_buttons",
        "options": [{**option, "description": plain("Seen four times")} for option in found],
    }
    return {
        "type": "modal",
        "callback_id": "tension",
        "title": plain("Tension"),
        "submit": plain("Choose"),
        "blocks": [an_input("tension", "Which one?", element)],
    }


def home(opened: int) -> Json:
    return {
        "type": "home",
        "blocks": [
            {
                "type": "actions",
                "elements": [a_button("home_clash", "Clash", style="primary"), a_button("home_win", "Went well")],
            },
            {"type": "section", "text": mrkdwn("*Next meeting* · Retro, Wed 24 June, 14:00 (Amsterdam)")},
            {"type": "divider"},
            {
                "type": "section",
                "text": mrkdwn(f"*My entries* · opened {opened} times"),
                "accessory": a_button("all", "All my entries"),
            },
            an_input("note", "A note to myself", {"type": "plain_text_input"}, optional=True, hint=f"Visit {opened}"),
        ],
    }


def tiny_app(client: AsyncWebClient) -> AsyncApp:
    """Bolt as a product would use it: acknowledges, opens forms, posts, publishes a Home."""
    app = AsyncApp(client=client, signing_secret=SECRET)
    opened: dict[str, int] = {}

    @app.command("/clash")
    async def clash(ack: Any, body: Json, respond: Any) -> None:
        if body["text"]:
            await ack()
            await respond(text="Clash saved", blocks=card(body["text"]))
        else:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=form())

    @app.command("/win")
    async def win(ack: Any, body: Json) -> None:
        await ack(response_type="in_channel", text=f"👍 *Went well* · <@{body['user_id']}>\n> {body['text']}")

    @app.command("/sop")
    async def sop(ack: Any) -> None:
        await ack("*Something happened?* /clash or /win, and what happened. Ten seconds.")

    @app.command("/slow")
    async def slow(ack: Any) -> None:
        await asyncio.sleep(1.5)
        await ack()

    @app.shortcut("note_message")
    async def note(ack: Any, body: Json) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form(body["message"]["text"]))

    @app.shortcut("capture")
    async def capture(ack: Any, body: Json) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())

    @app.event("app_home_opened")
    async def home_opened(event: Json) -> None:
        opened[event["user"]] = opened.get(event["user"], 0) + 1
        await client.views_publish(user_id=event["user"], view=home(opened[event["user"]]))

    @app.event("message")
    async def message(event: Json) -> None:
        if not event.get("bot_id"):
            await client.chat_postMessage(channel=event["channel"], thread_ts=event["ts"], text="I read every word.")

    @app.action("details")
    async def details(ack: Any, body: Json) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form(body["actions"][0]["value"]))

    @app.action("undo")
    async def undo(ack: Any, respond: Any) -> None:
        await ack()
        await respond(
            text="Removed",
            blocks=[{"type": "section", "text": mrkdwn("⚡ *Clash #k7m2* · removed, nobody else saw it")}],
            replace_original=True,
        )

    @app.action("kind")
    async def kind(ack: Any, body: Json) -> None:
        await ack()
        if body.get("view"):
            chosen = body["actions"][0]["selected_option"]["text"]["text"]
            await client.views_update(view_id=body["view"]["id"], view=form(kind=chosen))

    @app.action("deeper")
    async def deeper(ack: Any, body: Json) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=tensions())

    @app.action("home_clash")
    async def home_clash(ack: Any, body: Json) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())

    @app.options("article")
    async def articles(ack: Any, payload: Json) -> None:
        found = [
            name
            for name in ("Football tapas box", "Airline band", "Lasagne 400 g")
            if payload["value"].lower() in name.lower()
        ]
        await ack(options=options(*found))

    @app.view("form")
    async def save(ack: Any, body: Json, view: Json) -> None:
        what = view["state"]["values"]["what"]["what"]["value"]
        if "never" in what.lower():
            await ack(response_action="errors", errors={"what": "Which order or day was the last time?"})
            return
        await ack()
        posted = f"⚡ *Clash #k7m2* · <@{body['user']['id']}>\n> {what}"
        await client.chat_postMessage(channel=SOP, text="Clash", blocks=[{"type": "section", "text": mrkdwn(posted)}])

    @app.view("tension")
    async def tension(ack: Any) -> None:
        await ack()

    @app.view_closed("form")
    async def closed(ack: Any) -> None:
        await ack()

    for action in ("other", "more", "all", "home_win"):
        app.action(action)(_only_ack)
    return app


async def _only_ack(ack: Any) -> None:
    await ack()
