"""Whether Slack calls us or we hold a line open: people see the same, also when the line is replaced or breaks."""

from difflib import unified_diff
from pathlib import Path

from tests.databases import SqliteFiles
from tests.wire.conversation import APP_TOKEN, CONNECTION, PEOPLE, transcript


async def test_everybody_sees_the_same_over_http_and_over_sockets(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("http", "sockets")]
    for folder in folders:
        folder.mkdir()
    over_http, over_sockets = [
        await transcript(sqlite_files.fresh_url(folder), folder, token)
        for folder, token in zip(folders, ("", APP_TOKEN), strict=True)
    ]
    assert "\n".join(unified_diff(over_http, over_sockets, "HTTP", "Socket Mode", lineterm="", n=0)) == ""
    assert len(over_http) > 300
    assert all(any(act.__name__ in line for line in over_http) for act in PEOPLE)
    assert set(CONNECTION) <= set(PEOPLE)
