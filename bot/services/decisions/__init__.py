"""Decisions: asked of a meeting, objected to, answered after it; and the rest of its agenda."""

from bot.services.decisions.agenda import agenda_form, remove_agenda_item, save_agenda_item
from bot.services.decisions.answering import answer_card, carry_over, escalate, take_option, undo_answer
from bot.services.decisions.asking import ask_form, change_form, remove_decision, restore_decision, save_decision
from bot.services.decisions.listing import list_decisions_card, show_options
from bot.services.decisions.objecting import object_form, save_objection, withdraw_objection
from bot.services.decisions.records import count_decisions, list_decisions_asked

__all__ = [
    "agenda_form",
    "answer_card",
    "ask_form",
    "carry_over",
    "change_form",
    "count_decisions",
    "escalate",
    "list_decisions_asked",
    "list_decisions_card",
    "object_form",
    "remove_agenda_item",
    "remove_decision",
    "restore_decision",
    "save_agenda_item",
    "save_decision",
    "save_objection",
    "show_options",
    "take_option",
    "undo_answer",
    "withdraw_objection",
]
