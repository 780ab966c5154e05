"""When the weekly summary comes: Slack is asked about its channel first."""

from bot.platforms.slack_forms import parse_submission
from bot.services.summaries.changing import save_summary_rule
from handlers.answers import answer_form
from handlers.request import Request
from handlers.setting_up import look_at_channels


async def save_summary(request: Request) -> None:
    """So that no network call stands inside the transaction."""
    house, submission = request.house, parse_submission(request.body["view"])
    seen = await look_at_channels(request, (submission.text("channel"),))
    saved = await house.database.write(save_summary_rule, house.context(), request.sender, request.id, submission, seen)
    await answer_form(request, submission, saved)
