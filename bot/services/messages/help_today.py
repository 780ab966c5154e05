"""Somebody needed today: the preview, the post, and the question on Thursday."""

from datetime import date

from bot.domain.chat import Buttons, Form, Message, Quote, Small, Text, TextField
from bot.templates import Speaker
from storage.tables import Entry


def preview(speak: Speaker, entry: Entry, handle: str, channel: str) -> Message:
    """Exactly what would be posted, before it is."""
    said = speak.text("ask", "help_preview", channel=channel)
    buttons = (
        speak.button("send_it", "entry.help_send", handle, "primary"),
        speak.button("back", "entry.help_back", handle),
    )
    summary = speak.plain("ask", "help_preview", channel=channel)
    return Message(summary, (Text(said), Quote(entry.what_happened), Buttons(buttons)))


def post(speak: Speaker, entry: Entry, name: str, side: str) -> Message:
    summary = speak.plain("ask", "help_post", name=name, side=side)
    return Message(summary, (Text(speak.text("ask", "help_post", name=name, side=side)), Quote(entry.what_happened)))


def sent(speak: Speaker, handle: str, channel: str, ask_back_on: date) -> Message:
    said = speak.text("ask", "help_sent", channel=channel, on=ask_back_on)
    back = Buttons((speak.button("back_to_card", "entry.back", handle),))
    return Message(speak.plain("ask", "help_sent", channel=channel, on=ask_back_on), (Text(said), back))


def lesson(speak: Speaker, entry: Entry) -> Message:
    """Asked back on Thursday, privately."""
    said = speak.text("ask", "lesson", on=entry.created_on)
    parts = (
        Text(said),
        Quote(entry.what_happened),
        Small(speak.text("ask", "lesson_note")),
        Buttons((speak.button("answer", "help.lesson", entry.ref, "primary"),)),
    )
    return Message(speak.plain("ask", "lesson", on=entry.created_on), parts)


def lesson_form(speak: Speaker, entry: Entry) -> Form:
    lesson = TextField(
        "lesson",
        speak.plain("ask", "lesson_label"),
        hint=speak.plain("ask", "lesson_hint"),
        required=True,
        initial=entry.lesson or "",
        multiline=True,
    )
    return Form(
        action="help.lesson_save",
        title=speak.plain("ask", "lesson_title"),
        submit=speak.plain("button", "save"),
        close=speak.plain("button", "cancel"),
        fields=(lesson,),
        payload={"entry": entry.ref},
    )
