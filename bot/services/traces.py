"""Where an error came from, fit for a log: never what it says, for that may be somebody's words."""

import traceback
from pathlib import PurePath

FRAMES = 5


def trace(error: BaseException) -> str:
    """The kind of error and the last places it passed: "KeyError at briefs.py:120 < jobs.py:40"."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    places = " < ".join(f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places}"
