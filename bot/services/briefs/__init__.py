"""The brief: frozen and posted when it is due, looked at behind its buttons, corrected, and found again."""

from bot.services.briefs.building import build_brief
from bot.services.briefs.correcting import correct_brief, correct_form
from bot.services.briefs.posting import announce_move, materialise_brief
from bot.services.briefs.showing import (
    brief_agreements,
    brief_decisions,
    brief_details,
    open_brief,
    past_briefs,
    preview_brief,
)

__all__ = [
    "announce_move",
    "brief_agreements",
    "brief_decisions",
    "brief_details",
    "build_brief",
    "correct_brief",
    "correct_form",
    "materialise_brief",
    "open_brief",
    "past_briefs",
    "preview_brief",
]
