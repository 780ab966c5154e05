"""Which addresses may become a link."""

from typing import Final
from urllib.parse import urlsplit

ALLOWED: Final = frozenset({"http", "https", "mailto"})
_FIRST_PRINTABLE: Final = 0x21


def safe_url(url: str) -> str | None:
    """The address when a browser may be sent there, else None (`javascript:`, `data:`, relative, hidden characters)."""
    if any(ord(char) < _FIRST_PRINTABLE or char == "\\" for char in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme.lower() not in ALLOWED:
        return None
    return url if parts.netloc or (parts.scheme.lower() == "mailto" and parts.path) else None


def safe_image(url: str) -> str | None:
    """The address when it may be fetched as a picture: http(s) only."""
    found = safe_url(url)
    return found if found and found.lower().startswith("http") else None
