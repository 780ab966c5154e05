"""Somebody who follows a document word by word: types its commands in order, and what it says to type in Slack."""

import json
import os
import re
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

WAIT_SECONDS = 40
BUTTON = (
    r'data-ts="([\d.]+)"(?:(?!<article).)*?data-block-id="([^"]+)" data-action-id="([^"]+)"[^>]*>\s*'
    r'<button[^>]*data-value="([^"]*)">{label}</button>'
)


@dataclass(frozen=True)
class Block:
    """One fenced block: the heading it stands under, the words behind its fence, and its lines."""

    heading: str
    kind: str
    text: str


def blocks_of(document: Path) -> list[Block]:
    """All fenced blocks in order."""
    pattern = re.compile(r"^#+ (?P<heading>.*)$|^```(?P<kind>.+)\n(?P<text>(?:.*\n)*?)```$", re.MULTILINE)
    found, heading = list[Block](), ""
    for match in pattern.finditer(document.read_text("utf-8")):
        heading = match["heading"] or heading
        if match["kind"]:
            found.append(Block(heading, match["kind"], match["text"]))
    return found


def fetch(url: str, body: object = None) -> tuple[int, str]:
    """The status and text of a page; with a body it is posted as JSON."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, {"Content-Type": "application/json"})
    try:
        with urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


@dataclass
class Reader:
    """Types in `folder`; `swaps` stand for what only the reader knows: ports, an address, tokens."""

    folder: Path
    playground: str
    health: str
    environment: dict[str, str]
    swaps: dict[str, str] = field(default_factory=dict)
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def types(self, command: str) -> str:
        """Run it to its end in a shell that remembers what was exported before; what it printed."""
        kept = self.folder / ".kept"
        before = f". {kept}\n" if kept.exists() else ""
        script = f"set -e\n{before}{self._own(command)}\nexport -p > {kept}\n"
        done = subprocess.run(  # the commands of our own document
            ["bash", "-c", script], cwd=self.folder, env=self.environment, text=True, capture_output=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def starts(self, command: str) -> None:
        """Run it in a terminal of its own until it answers."""
        kept = self.folder / ".kept"
        before = f". {kept}\n" if kept.exists() else ""
        log = (self.folder / f"terminal{len(self.running)}.log").open("w")
        started = subprocess.Popen(
            ["bash", "-c", f"set -e\n{before}{self._own(command)}"],
            cwd=self.folder,
            env=self.environment,
            text=True,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        log.close()
        self.running.append(started)
        self._wait_for(self.playground if command.startswith("ampersand playground") else self.health, started)

    def stops(self, *, all_of_it: bool) -> None:
        """Ctrl+C in the terminal of the bot, or in every one."""
        first = 0 if all_of_it else 1
        for process in self.running[first:]:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)
                process.wait(WAIT_SECONDS)
        del self.running[first:]

    def says(self, person: str, channel: str, line: str) -> None:
        """Type a line that begins with a slash in a channel of the playground."""
        command, _, text = line.partition(" ")
        act = {"kind": "command", "as": person, "channel": channel, "command": command, "text": text}
        answer = fetch(f"{self.playground}/ui/act", act)
        assert json.loads(answer[1]) == {"ok": True}, (line, answer)

    def presses(self, person: str, channel: str, label: str) -> None:
        """Press the lowest button with that label."""
        _, page = fetch(f"{self.playground}/ui/channel/{channel}?as={person}")
        ts, block, action, value = re.findall(BUTTON.format(label=label), page, re.DOTALL)[-1]
        pressed = {"type": "button", "block_id": block, "action_id": action, "value": value}
        act = {"kind": "press", "as": person, "container": {"channel": channel, "ts": ts}, "action": pressed}
        answer = fetch(f"{self.playground}/ui/act", act)
        assert json.loads(answer[1]) == {"ok": True}, (label, answer)

    def reads(self, person: str, channel: str, text: str, times: int) -> None:
        """Wait until that stands in the channel so many times."""
        last = time.monotonic() + WAIT_SECONDS
        while (seen := self._channel(person, channel)).count(text) != times:
            assert time.monotonic() < last, seen
            time.sleep(0.1)

    def _channel(self, person: str, channel: str) -> str:
        """What stands in the channel for that person."""
        _, page = fetch(f"{self.playground}/ui/channel/{channel}?as={person}")
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())

    def _own(self, command: str) -> str:
        for printed, own in self.swaps.items():
            command = command.replace(printed, own)
        return command

    def _wait_for(self, url: str, started: subprocess.Popen[str]) -> None:
        last = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < last and started.poll() is None:
            with suppress(URLError):
                status, body = fetch(url)
                if status == 200 and '"connecting"' not in body:
                    return
            time.sleep(0.1)
        logs = "\n".join(log.read_text() for log in sorted(self.folder.glob("terminal*.log")))
        raise AssertionError(f"{url} does not answer\n{logs}")
