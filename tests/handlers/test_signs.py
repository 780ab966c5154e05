"""Signs that something takes a moment: in the language of whoever was here before."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

from bot.services.access import Sender
from bot.templates import Speaker, speaker
from handlers.request import House, Request
from handlers.signs import MOST_SPEAKERS, known_speaker, learn_speaker


class Reading:
    """A database that knows everybody; `asked` counts."""

    asked = 0

    async def read(self, _use_case: Callable[..., Speaker], _sender: Sender) -> Speaker:
        self.asked += 1
        return speaker("nl", "Europe/Amsterdam")


async def test_a_crowd_of_people_takes_no_more_memory_than_a_company() -> None:
    database, nothing = Reading(), cast("Any", None)
    house = House(cast("Any", database), nothing, nothing, nothing, nothing)

    def request_of(number: int) -> Request:
        body = {"command": "/sop", "team_id": "T1", "user_id": f"U{number}"}
        return Request(house, body, cast("Any", SimpleNamespace()), nothing)

    async def meet(number: int) -> Speaker:
        return await known_speaker(request_of(number))

    for number in range(MOST_SPEAKERS + 1):
        await meet(number)
    assert len(house.speakers) == MOST_SPEAKERS
    await meet(MOST_SPEAKERS)
    assert database.asked == MOST_SPEAKERS + 1
    await learn_speaker(request_of(MOST_SPEAKERS))  # whoever is known already takes nobody's place
    assert len(house.speakers) == MOST_SPEAKERS
    assert (await meet(0)).language == "nl"
    assert database.asked == MOST_SPEAKERS + 3
