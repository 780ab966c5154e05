"""What is stored about a person: told, taken along, erased, and forgotten when its time is over."""

from bot.services.privacy.erasing import Erased, erase_member
from bot.services.privacy.exporting import PersonalFile, export_mine
from bot.services.privacy.keeping import Forgotten, keep_retention, workspaces_to_keep
from bot.services.privacy.telling import ask_again, erase_me, offer_erasure, show_privacy, stop_asking

__all__ = [
    "Erased",
    "Forgotten",
    "PersonalFile",
    "ask_again",
    "erase_me",
    "erase_member",
    "export_mine",
    "keep_retention",
    "offer_erasure",
    "show_privacy",
    "stop_asking",
    "workspaces_to_keep",
]
