"""What one does with an entry. A use case behind a button takes the button's value (handles: see `access`)."""

from bot.services.entries.capture import capture_form, capture_text, new_form, save_form
from bot.services.entries.cards import show_card
from bot.services.entries.details import (
    details_form,
    kind_choice,
    link_recurrence,
    save_details,
    save_tension,
    set_kind,
    tension_form,
)
from bot.services.entries.reading import open_entry, read_entry
from bot.services.entries.removing import (
    hide_entry,
    hide_form,
    keep_name,
    restore_entry,
    take_name_off,
    undo_entry,
    withdraw_entry,
)
from bot.services.entries.sharing import save_tell, share_entry, tell_form
from bot.services.entries.statuses import adopt_entry, park_entry, reopen_entry, resolve_entry

__all__ = [
    "adopt_entry",
    "capture_form",
    "capture_text",
    "details_form",
    "hide_entry",
    "hide_form",
    "keep_name",
    "kind_choice",
    "link_recurrence",
    "new_form",
    "open_entry",
    "park_entry",
    "read_entry",
    "reopen_entry",
    "resolve_entry",
    "restore_entry",
    "save_details",
    "save_form",
    "save_tell",
    "save_tension",
    "set_kind",
    "share_entry",
    "show_card",
    "take_name_off",
    "tell_form",
    "tension_form",
    "undo_entry",
    "withdraw_entry",
]
