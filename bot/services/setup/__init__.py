"""/sop setup: from an empty workspace to a posted test in five questions, each with an answer filled in."""

from bot.services.setup.channels import channels_form, save_channels, split_value, try_channels
from bot.services.setup.claiming import claim, is_unclaimed
from bot.services.setup.facilitators import people_to_ask_about, save_facilitators
from bot.services.setup.finishing import remove_test
from bot.services.setup.listing import home_parts, list_setup, question_form
from bot.services.setup.meeting import save_meeting
from bot.services.setup.place import save_place
from bot.services.setup.sides import save_sides

__all__ = [
    "channels_form",
    "claim",
    "home_parts",
    "is_unclaimed",
    "list_setup",
    "people_to_ask_about",
    "question_form",
    "remove_test",
    "save_channels",
    "save_facilitators",
    "save_meeting",
    "save_place",
    "save_sides",
    "split_value",
    "try_channels",
]
