"""What Ampersand says: one Jinja file per noun, English in the templates, Dutch in `locales/nl/<noun>.po`."""

from bot.templates.speaker import LANGUAGES, Rich, Speaker, speaker

__all__ = ["LANGUAGES", "Rich", "Speaker", "speaker"]
