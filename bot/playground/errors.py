"""What Slack refuses, by Slack's own names, and what a person is told in the browser."""

from collections.abc import Sequence


class SlackError(Exception):
    """A Web API call that Slack would refuse; `code` is Slack's own error name.

    `messages` become `response_metadata.messages`, `extra` goes into the answer, `retry_after_seconds` makes it a 429.
    """

    def __init__(
        self, code: str, messages: Sequence[str] = (), *, retry_after_seconds: int | None = None, **extra: object
    ) -> None:
        super().__init__(": ".join([code, *messages]))
        self.code = code
        self.messages = tuple(messages)
        self.retry_after_seconds = retry_after_seconds
        self.extra = extra

    def body(self) -> dict[str, object]:
        """The JSON answer of the Web API."""
        answer: dict[str, object] = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            answer["response_metadata"] = {"messages": list(self.messages)}
        return answer


class ActError(Exception):
    """A person tried what Slack does not offer there; the sentence tells them why."""


class NoAnswerError(Exception):
    """The bot did not answer in time or not sensibly; the sentence is what Slack shows the person."""
