"""The meetings of the cycle: series planned ahead by their rule, each meeting changed singly, days off, briefs in time.

Only facilitators and admins change them; every change is noted with before and after, and can be undone.
"""

from bot.services.meetings.brief_rules import brief_rule_form, save_brief_rule
from bot.services.meetings.calendars import due_of_brief, plan_brief
from bot.services.meetings.changes import cancel_meeting, end_series, move_form, restore_meeting, save_move
from bot.services.meetings.days_off import day_off_form, list_days_off, save_days_off, toggle_day_off
from bot.services.meetings.listing import list_upcoming, open_meeting
from bot.services.meetings.planning import first_series_form, preview_series, save_series, series_form
from bot.services.meetings.series import fill_series, plan_series, replan_all
from bot.services.meetings.undoing import undo_change

__all__ = [
    "brief_rule_form",
    "cancel_meeting",
    "day_off_form",
    "due_of_brief",
    "end_series",
    "fill_series",
    "first_series_form",
    "list_days_off",
    "list_upcoming",
    "move_form",
    "open_meeting",
    "plan_brief",
    "plan_series",
    "preview_series",
    "replan_all",
    "restore_meeting",
    "save_brief_rule",
    "save_days_off",
    "save_move",
    "save_series",
    "series_form",
    "toggle_day_off",
    "undo_change",
]
