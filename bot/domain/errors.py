"""What can be refused. Each error carries the block of `templates/error.j2` that says what is so and the cure."""

from typing import Any


class Refused(Exception):  # noqa: N818
    """A wish that cannot be granted as asked. Nothing was changed.

    `sentence` names the block of error.j2, `facts` are its values. `field` = the form field it belongs to, so that a
    refused form comes back filled in with the sentence beside that field.
    """

    def __init__(self, sentence: str, field: str | None = None, **facts: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.facts = facts


class UnknownMember(Exception):  # noqa: N818
    """Somebody who has not yet said on which side they are."""


class DuplicateRequest(Exception):  # noqa: N818
    """This request was done before; it has no second effect."""
