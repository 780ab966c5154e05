"""docs/install.md, followed word by word against the playground, from an empty folder to a restored backup."""

import os
import re
import socket
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from bot.cli import app
from bot.settings import ALLOWED
from tests.databases import PostgresServer
from tests.docs.reader import Block, Reader, blocks_of

ROOT = Path(__file__).parents[2]
INSTALL = ROOT / "docs" / "install.md"
BLOCKS = blocks_of(INSTALL)
ADMIN, CHANNEL = "U0IRIS", "C0SALESOPS"
POSTGRES = "postgresql://ampersand:password@localhost/ampersand"
NEEDS_MORE_THAN_A_SHELL = re.compile(r"sudo |docker |crontab |^make setup|^openssl ", re.MULTILINE)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


@pytest.fixture
def reader(tmp_path: Path, postgres_server: PostgresServer) -> Iterator[Reader]:
    slack, bot = free_port(), free_port()
    environment = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(tmp_path)}
    with postgres_server.fresh_url("template0") as url:
        reading = Reader(
            tmp_path,
            f"http://127.0.0.1:{slack}",
            f"http://127.0.0.1:{bot}/health",
            environment | {"AMPERSAND_PORT": str(bot), "PYTHONDONTWRITEBYTECODE": "1"},
            {
                POSTGRES: f"'{url}'",
                "3100": str(slack),
                "ampersand playground\n": f"ampersand playground --port {slack}\n",
            },
        )
        yield reading
        reading.stops(all_of_it=True)


def follow(reader: Reader, block: Block) -> str:
    """Do what the block says; what a command printed."""
    match block.kind:
        case "sh":
            return reader.types(block.text)
        case "sh keeps-running":
            reader.starts(block.text)
        case "text in-slack":
            for line in block.text.splitlines():
                reader.says(ADMIN, CHANNEL, line)
            reader.presses(ADMIN, CHANNEL, "General management")
    return ""


def paste_the_tokens(file: Path, slack: str) -> None:
    """What one does in an editor; and where this Slack is."""
    text = file.read_text().replace("xoxb-paste-yours-here", "xoxb-playground")
    file.write_text(text.replace("xapp-paste-yours-here", "xapp-playground") + f"SLACK_API_URL={slack}/api/\n")


@pytest.mark.postgres
def test_it_can_be_followed_from_the_first_line_to_the_last(reader: Reader, tmp_path: Path) -> None:
    said: dict[str, list[str]] = {}
    heading, set_ups = "", 0
    for block in BLOCKS:
        if block.heading != heading:
            heading = block.heading
            if block.kind != "text in-slack":  # that needs what was started under the heading before
                reader.stops(all_of_it=False)
        elif "ampersand.env" in block.text and block.kind == "sh":
            paste_the_tokens(tmp_path / "ampersand.env", reader.playground)
        said.setdefault(heading, []).append(follow(reader, block))
        if block.kind == "text in-slack":
            set_ups += 1
            reader.reads(ADMIN, CHANNEL, "Five questions, about five minutes", set_ups)

    assert set_ups == 2
    assert "problem" not in said["4. Check and start"][0]
    assert "Slack accepts SLACK_APP_TOKEN" in said["4. Check and start"][0]
    assert "Restored " in said["PostgreSQL"][-1]
    assert "Restored " in said["Backup"][-1]
    assert "PostgreSQL" in said["When something is wrong"][-1]
    assert "request_url: https://ampersand.example.com/slack/events" in (tmp_path / "manifest.yaml").read_text()
    assert stat.S_IMODE((tmp_path / "ampersand.env").stat().st_mode) == 0o600


def test_what_is_not_tried_needs_more_than_a_shell() -> None:
    assert {block.kind for block in BLOCKS} <= {"sh", "sh keeps-running", "sh untried", "text in-slack", "ini", "text"}
    untried = [block.text for block in BLOCKS if block.kind == "sh untried"]
    assert [text for text in untried if not NEEDS_MORE_THAN_A_SHELL.search(text)] == []


def test_the_table_names_every_setting_and_no_other() -> None:
    text = INSTALL.read_text("utf-8")
    table = text[text.index("## Settings") : text.index("## With a public address")]
    assert {*re.findall(r"(?m)`([A-Z_]{6,})`", table)} == ALLOWED.keys()
    assert {*re.findall(r"\b(?:AMPERSAND|SLACK)_[A-Z_]+\b", text)} == ALLOWED.keys()


def test_every_verb_it_names_exists() -> None:
    words = {*re.findall(r"\bampersand ([a-z-]+)\b", " ".join(block.text for block in BLOCKS if "sh" in block.kind))}
    verbs = {*getattr(get_command(app), "commands", {})}
    assert words - verbs <= {"createuser", "ampersand"}
    assert {"playground", "manifest", "doctor", "serve", "backup", "restore"} <= words


def test_what_it_has_one_make_is_kept_out_of_git() -> None:
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert {".env", "ampersand.env", "/manifest.yaml", "/backups/", "/*.backup", "/data/"} <= {*ignored}


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", INSTALL.read_text("utf-8"))
    assert [link for link in links if not (INSTALL.parent / link).exists()] == []


def test_the_containers_it_names_are_those_of_the_compose_file() -> None:
    text = INSTALL.read_text("utf-8")
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    named = {*re.findall(r"docker compose (?:exec|cp|logs --follow|run --rm --no-deps) ([a-z]+)", text)}
    assert named
    assert named <= services.keys()
    example = (ROOT / ".env.example").read_text("utf-8")
    kept = {*re.findall(r"(?m)^([A-Z_]+)=", example)}
    assert kept <= {*ALLOWED, "POSTGRES_PASSWORD"}
