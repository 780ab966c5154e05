"""At most one unasked private message to a person on one of their days: what comes later joins it, or waits.

Asked for, and so not told here: answers to one's own questions, what somebody asked to see again, and what a
facilitator is told about what went wrong.
"""

from bot.services.unasked.answering import beside, say_instead, settle
from bot.services.unasked.returning import Undelivered, purge, return_unsent
from bot.services.unasked.taking_back import forget, take_back
from bot.services.unasked.telling import Item, tell, tell_all
from bot.services.unasked.waiting import tell_waiting
from storage.private_items import list_told, waiting_until

__all__ = [
    "Item",
    "Undelivered",
    "beside",
    "forget",
    "list_told",
    "purge",
    "return_unsent",
    "say_instead",
    "settle",
    "take_back",
    "tell",
    "tell_all",
    "tell_waiting",
    "waiting_until",
]
