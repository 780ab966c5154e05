"""Dockerfile and compose.yaml: what they promise, checked here, where nothing can be built."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE: Mapping[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
BOT, DATABASE = COMPOSE["services"]["bot"], COMPOSE["services"]["database"]
BUILD_TOOLS = {"editables", "hatchling", "pathspec", "pip", "pluggy", "trove-classifiers"}


def stages() -> list[list[tuple[str, str]]]:
    """The instructions of each stage, comments and line ends taken out."""
    lines = "\n".join(line for line in DOCKERFILE.splitlines() if line and not line.startswith("#"))
    instructions = [line.split(maxsplit=1) for line in lines.replace("\\\n", " ").splitlines()]
    found: list[list[tuple[str, str]]] = []
    for name, words in instructions:
        if name == "FROM":
            found.append([])
        found[-1].append((name, " ".join(words.split())))
    return found


BUILD, FINAL = stages()


def of(stage: list[tuple[str, str]], name: str) -> list[str]:
    return [words for found, words in stage if found == name]


@pytest.mark.parametrize(
    "command",
    [
        ["hadolint", "--failure-threshold", "style", "Dockerfile"],
        ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml"],
    ],
    ids=["Dockerfile", "compose.yaml"],
)
def test_the_linters_have_nothing_to_say(command: list[str]) -> None:
    tool = Path(sys.executable).with_name(command[0])
    found = subprocess.run([tool, *command[1:]], cwd=ROOT, text=True, capture_output=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


def test_it_is_built_from_the_lock_and_nothing_that_builds_is_left() -> None:
    installs = " ".join(of(BUILD, "RUN"))
    assert "--require-hashes --requirement requirements.lock" in installs
    assert "--no-deps --no-build-isolation" in installs
    (removed,) = re.findall(r"uninstall --yes (.*)", installs)
    assert {*removed.split()} == BUILD_TOOLS
    assert of(FINAL, "COPY") == ["--from=build /opt/ampersand /opt/ampersand"]
    assert not any("pip" in words or "apt" in words for words in of(FINAL, "RUN"))


def test_what_is_taken_out_is_what_only_building_needs() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert {*re.findall(r"(?m)^([a-z-]+)==", lock)} >= BUILD_TOOLS - {"pip"}
    for package in ("pathspec", "pluggy", "trove_classifiers", "hatchling", "editables"):
        used = subprocess.run(
            ["grep", "-rlE", rf"^(import|from) {package}\b", "bot", "handlers", "storage"],
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        assert used.stdout == b""


def test_it_runs_without_root_and_keeps_data_outside() -> None:
    (user,) = of(FINAL, "USER")
    assert int(user) >= 1000
    assert json.loads(*of(FINAL, "VOLUME")) == ["/data", "/backups"]
    assert json.loads(*of(FINAL, "ENTRYPOINT")) == ["ampersand"]
    assert json.loads(*of(FINAL, "CMD")) == ["serve"]
    assert "AMPERSAND_DATA_DIR=/data" in of(FINAL, "ENV")[0]
    assert not re.search(r"SECRET|TOKEN|PASSWORD", DOCKERFILE)


@contextmanager
def answering(status: int) -> Iterator[int]:
    """A bot whose /health has that status; its port."""

    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/health" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Health) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("status", "is_well"), [(200, True), (503, False)])
def test_its_health_check_tells_well_from_unwell(status: int, is_well: bool) -> None:
    (words,) = of(FINAL, "HEALTHCHECK")
    _, program, code = json.loads(words[words.index("CMD") + 3 :])
    assert program == "-c"
    with answering(status) as port:
        environment = {"AMPERSAND_PORT": str(port)}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False)
    assert (done.returncode == 0) is is_well


def test_the_database_is_reached_by_the_bot_alone() -> None:
    assert "ports" not in DATABASE
    assert BOT["ports"] == ["127.0.0.1:3000:3000"]
    assert BOT["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert "pg_isready" in DATABASE["healthcheck"]["test"]
    assert {service["restart"] for service in (BOT, DATABASE)} == {"unless-stopped"}
    assert {volume.split(":")[0] for service in (BOT, DATABASE) for volume in service["volumes"]} == {
        *COMPOSE["volumes"]
    }
    assert DATABASE["volumes"] == ["database:/var/lib/postgresql/data"]


def test_secrets_come_from_a_file_that_is_not_in_the_repository() -> None:
    assert BOT["env_file"] == ".env"
    assert ".env" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
    required = "${POSTGRES_PASSWORD:?put it into the file .env}"
    assert DATABASE["environment"]["POSTGRES_PASSWORD"] == required
    assert BOT["environment"]["AMPERSAND_DATABASE_URL"] == f"postgresql://ampersand:{required}@database/ampersand"
    values = re.findall(
        r"(?m)^[A-Z_]*(?:SECRET|TOKEN|PASSWORD)[A-Z_]*=(.*)$", (ROOT / ".env.example").read_text("utf-8")
    )
    assert {*values} == {""}


def test_images_have_a_version_and_no_address() -> None:
    images = [words.split()[0] for stage in (BUILD, FINAL) for words in of(stage, "FROM")]
    assert images == ["python:3.12-slim", "python:3.12-slim"]
    assert (BOT["image"], DATABASE["image"]) == ("ampersand:local", "postgres:17-alpine")


def let_in() -> list[str]:
    """What .dockerignore lets into the build, which begins with nothing."""
    lines = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert lines[0] == "*"
    return [line.removeprefix("!") for line in lines if line.startswith("!")]


def test_only_what_is_copied_is_sent_to_the_build() -> None:
    copied = {source for words in of(BUILD, "COPY") for source in words.split()[:-1]}
    assert copied == {*let_in()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as the image builds it, from what is let in and nothing else."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in let_in():
        ignore = shutil.ignore_patterns("__pycache__")
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=ignore)
        else:
            shutil.copyfile(ROOT / name, source / name)
    code = f"from hatchling.build import build_wheel; build_wheel({str(built)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=source, check=True, capture_output=True)
    return next(built.iterdir())


def test_the_wheel_holds_every_file_the_program_reads(wheel: Path) -> None:
    held = {*zipfile.ZipFile(wheel).namelist()}
    needed = {
        str(file.relative_to(ROOT))
        for package in ("bot", "handlers", "storage")
        for file in (ROOT / package).rglob("*")
        if file.is_file() and not fnmatch(str(file), "*/__pycache__/*")
    }
    assert needed - held == set()
    assert "bot/app.yaml" in held
    assert any(name.endswith(".po") for name in held)
    assert not any(name.startswith(("tests/", "docs/")) for name in held)


def test_the_installed_program_runs_outside_the_repository(wheel: Path, tmp_path: Path) -> None:
    installed, folder = tmp_path / "installed", tmp_path / "elsewhere"
    folder.mkdir()
    zipfile.ZipFile(wheel).extractall(installed)
    code = (
        "import bot, storage, sys; assert 'installed' in bot.__file__ and 'installed' in storage.__file__;"
        "sys.argv = ['ampersand', *sys.argv[1:]]; from bot.__main__ import main; main()"
    )
    for words, printed in [
        (["manifest"], "display_information"),
        (["load-sample"], "Loaded 24 members"),
        (["brief", "preview", "--meeting", "2026-06-PS", "--language", "nl"], "Briefing voor de pre-S&OP"),
    ]:
        done = subprocess.run(
            [sys.executable, "-c", code, *words],
            cwd=folder,
            env={"PYTHONPATH": str(installed)},
            text=True,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert printed in done.stdout
