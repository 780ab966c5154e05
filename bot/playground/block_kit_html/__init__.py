"""Block Kit as HTML: a pure, server-side renderer in which nothing a person types can become markup."""

from .reader import Reader, locale_named, zone_named
from .renderer import Canvas, Renderer

__all__ = ["Canvas", "Reader", "Renderer", "locale_named", "zone_named"]
