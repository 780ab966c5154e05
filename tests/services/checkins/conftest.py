"""The company whose check-ins are asked."""

import pytest

from storage.database import Database
from tests.services.checkins.round_world import RoundWorld


@pytest.fixture
def world(database: Database) -> RoundWorld:
    return RoundWorld(database)
