"""What the keys of a sample's files became in the database."""

from collections.abc import Mapping
from dataclasses import dataclass

from storage.tables import Member


@dataclass(frozen=True, slots=True)
class Keys:
    members: Mapping[str, Member]
    entry_ids: Mapping[str, str]
    agreement_ids: Mapping[str, str]

    def member_id(self, key: str | None) -> str | None:
        return self.members[key].id if key else None
