from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.world import World, open_world


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """The sample company on 10 June 2026 at 16:00, once on SQLite and once on PostgreSQL."""
    async with open_world(database_url, tmp_path) as opened:
        yield opened
