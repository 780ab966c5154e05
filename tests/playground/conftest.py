"""One playground with one bot for every test."""

from collections.abc import AsyncIterator

import pytest

from tests.playground.worlds import World, a_world


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as here:
        yield here
