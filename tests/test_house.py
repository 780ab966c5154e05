"""The rules of the house that no linter knows: what is registered is announced, what is said is translated."""

import ast
import re
import subprocess
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader, nodes
from jinja2.ext import babel_extract

from bot.templates import speaker
from bot.templates.speaker import KIND_MARKS
from handlers import registered
from handlers.shortcuts import SHORTCUTS, capture_message

ROOT: Final = Path(__file__).parents[1]
TEMPLATES: Final = sorted((ROOT / "bot/templates").glob("*.j2"))
DUTCH: Final = ROOT / "bot/templates/locales/nl"
MANIFEST: Final[dict[str, Any]] = yaml.safe_load((ROOT / "app.yaml").read_text(encoding="utf-8"))
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SOURCES: Final = [file for folder in ("bot", "handlers", "storage") for file in sorted((ROOT / folder).rglob("*.py"))]
NOUNS: Final = [file.stem for file in TEMPLATES]

SCOPES_OF_METHODS: Final[dict[str, set[str]]] = {
    "apps_connections_open": set(),  # with the app-level token
    "auth_test": set(),
    "chat_getPermalink": set(),
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_members": {"channels:read", "groups:read"},
    "conversations_open": {"im:write"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "files_completeUploadExternal": {"files:write"},
    "files_getUploadURLExternal": {"files:write"},
    "users_info": {"users:read"},
    "views_open": set(),
    "views_publish": set(),
    "views_push": set(),
    "views_update": set(),
}
SCOPES_OF_EVENTS: Final = {
    "app_mention": "app_mentions:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "message": "im:history",
    "team_join": "users:read",
    "user_change": "users:read",
}

ACCESS: Final = ROOT / "bot/services/access.py"
RIGHTS: Final = ("check_own", "check_own_or_leads")
GIVES_ROLES: Final = ("appointments.py", "facilitators.py", "member_list.py")

EMOJI: Final = re.compile("[\U0001f000-\U0001faff\u2600-\u26ff\u2728\u2757\u2753\u2764\ufe0f]")


# What comes in


def test_every_command_is_announced_and_every_announced_one_answered() -> None:
    announced = {command["command"] for command in MANIFEST["features"]["slash_commands"]}
    assert announced == set(registered()["commands"])


def test_every_shortcut_is_announced_where_it_works() -> None:
    announced = {shortcut["callback_id"]: shortcut["type"] for shortcut in MANIFEST["features"]["shortcuts"]}
    works_on = {name: "message" if how is capture_message else "global" for name, how in SHORTCUTS.items()}
    assert announced == works_on


def test_every_event_is_subscribed_to() -> None:
    subscribed = {event.partition(".")[0] for event in MANIFEST["settings"]["event_subscriptions"]["bot_events"]}
    assert subscribed == set(registered()["events"])


def test_the_scopes_are_those_that_are_needed() -> None:
    methods = {call for file in SOURCES if "playground" not in file.parts for call in _calls_of_slack(file)}
    needed = {"commands"} | {SCOPES_OF_EVENTS[event] for event in registered()["events"] if event in SCOPES_OF_EVENTS}
    for method in methods:
        needed |= SCOPES_OF_METHODS[method]
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed


def test_slack_takes_the_manifest() -> None:
    """The limits of Slack's own schema of manifests."""
    information, features = MANIFEST["display_information"], MANIFEST["features"]
    assert len(information["name"]) <= 35
    assert len(information["description"]) <= 140
    assert 175 <= len(information["long_description"]) <= 4000
    assert re.fullmatch("#[0-9a-f]{6}", information["background_color"])
    assert len(features["bot_user"]["display_name"]) <= 80
    assert len(features["shortcuts"]) <= 10
    for shortcut in features["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
    for command in features["slash_commands"]:
        assert re.fullmatch("/[a-z]{1,31}", command["command"])
        assert command["description"]
        assert len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000
        assert command["should_escape"]  # so that people and channels come as ids, not as names to be guessed at


def test_every_button_and_form_has_a_handler_and_every_handler_a_button_or_form() -> None:
    handled = {*registered()["actions"], *registered()["views"]}
    prefixes = {name.partition(".")[0] for name in handled}
    named = {
        word
        for file in SOURCES
        if "services" in file.parts
        for word in _words_outside_the_audit(file)
        if re.fullmatch(r"[a-z]+\.[a-z_]+", word) and word.partition(".")[0] in prefixes and not word.endswith(".csv")
    }
    assert named == handled


# What is said


def test_every_block_that_is_asked_for_exists() -> None:
    blocks = {(noun, block) for noun in NOUNS for block in _blocks(noun)}
    asked = {pair for file in SOURCES for pair in _blocks_asked_for(file)}
    assert asked - blocks == set()


def test_every_block_is_used() -> None:
    words, ends = _words_and_ends()
    blocks = [(noun, block) for noun in NOUNS for block in _blocks(noun) if block not in words]
    unused = [(noun, block) for noun, block in blocks if not any(re.fullmatch(end, block) for end in ends)]
    assert unused == []


def test_every_refusal_has_its_sentence_and_every_sentence_its_refusal() -> None:
    refused = {word for file in SOURCES for word in _first_words(file, "Refused")} | _refused_for_rights()
    assert refused <= set(_blocks("error"))
    assert set(_blocks("error")) - refused <= {"went_wrong", "went_wrong_text", "old_button"}


def test_who_may_do_what_is_checked_in_one_place() -> None:
    """Nothing else refuses for somebody's role; reading `.leads` to choose what is shown is fine."""
    others = [file for file in SOURCES if file != ACCESS and "playground" not in file.parts and "cli" not in file.parts]
    for_rights = _refused_for_rights() - {"entry_hidden"} | {"left", "guest", "facilitators_only", "admins_only"}
    said = {f"{file.name}: {word}" for file in others for word in _first_words(file, "Refused") if word in for_rights}
    assert said == set()
    assert {f"{file.name}: {line}" for file in others for line in _refusals_by_role(file)} == set()


@pytest.mark.parametrize("noun", NOUNS)
def test_every_text_is_translated(noun: str) -> None:
    catalogue, said = _dutch(noun), _said(noun)
    translated = {_key(message) for message in catalogue if message.id}
    assert said - translated == set(), "without a Dutch text"
    assert translated - said == set(), "no longer said"
    assert not catalogue.obsolete
    for message in catalogue:
        if message.id:
            texts = _texts(message.string)
            assert not message.fuzzy
            assert len(texts) == (1 if isinstance(message.id, str) else 2)
            assert all(texts), message.id


@pytest.mark.parametrize("noun", NOUNS)
def test_a_translation_keeps_what_is_filled_in(noun: str) -> None:
    for message in _dutch(noun):
        if message.id:
            english, dutch = _texts(message.id)[-1], _texts(message.string)[-1]
            assert _filled_in(english) == _filled_in(dutch), english


def test_one_english_text_is_one_dutch_text() -> None:
    """The catalogues become one: a second translation of the same text would win over the first."""
    said: dict[Any, set[Any]] = defaultdict(set)
    for noun in NOUNS:
        for message in _dutch(noun):
            if message.id:
                said[_key(message)].add(str(message.string))
    assert {key: texts for key, texts in said.items() if len(texts) > 1} == {}


def test_the_bot_speaks_as_people_here_do() -> None:
    for noun in NOUNS:
        for message in _dutch(noun):
            if message.id:
                english, dutch = str(message.id), str(message.string)
                assert not re.search(r"\b(u|uw)\b|anoniem", dutch, re.IGNORECASE), dutch
                assert not re.search(r"anonym", english, re.IGNORECASE), english


def test_there_is_no_emoji_but_the_marks_of_the_kinds() -> None:
    marks = set(KIND_MARKS.values())
    spoken = [*TEMPLATES, *sorted(DUTCH.glob("*.po")), ROOT / "app.yaml"]
    spoken += [file for file in SOURCES if "playground" not in file.parts]
    found = {(file.name, mark) for file in spoken for mark in EMOJI.findall(file.read_text(encoding="utf-8"))}
    assert {(name, mark) for name, mark in found if mark not in marks} == set()
    assert {mark for _, mark in found} == marks


@pytest.mark.parametrize("language", ["en", "nl"])
def test_labels_fit_their_buttons(language: str) -> None:
    labels = {block: speaker(language, "UTC").plain("button", block) for block in _blocks("button")}
    assert {block: label for block, label in labels.items() if len(label) > 20} == {}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_titles_fit_their_forms(language: str) -> None:
    titles = {title for file in SOURCES for title in _titles_of_forms(file)}
    said = {title: speaker(language, "UTC").plain(*title, ref="k7m2x") for title in titles}
    assert len(said) >= 8
    assert {title: text for title, text in said.items() if len(text) > 24} == {}


# How it is written


def test_no_file_is_longer_than_one_can_read() -> None:
    lines = {str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines()) for file in _written()}
    assert {file: count for file, count in lines.items() if count > 400} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    """Counted without its head and its docstring, which are read once and not followed."""
    functions = {
        f"{file.relative_to(ROOT)}:{node.name}": (node.end_lineno or 0) - _first_line(node) + 1
        for file in _written()
        for node in ast.walk(_tree(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: count for name, count in functions.items() if count > 40} == {}


def test_every_dependency_says_why_it_is_here() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    dependencies = [line for line in lines if re.match(r'\s+"[a-z][a-z0-9_.\[\]-]+[<>=]', line)]
    assert len(dependencies) == len(_dependencies("build", "test"))
    assert [line for line in dependencies if "#" not in line] == []


def test_queries_are_protected_from_all_but_services() -> None:
    contract = next(one for one in PROJECT["tool"]["importlinter"]["contracts"] if "SQL" in one["name"])
    queries = {f"storage.{file.stem}" for file in (ROOT / "storage").glob("*.py")}
    assert queries - set(contract["protected_modules"]) == {"storage.__init__", "storage.private", "storage.types"}


def test_nothing_tracked_knows_this_machine_or_where_packages_come_from() -> None:
    paths = ["/" + folder + "/" for folder in ("root", "home", "work", "farm")]
    registries = [
        "pypi." + "org",
        "python" + "hosted",
        "artifact" + "ory",
        "--index" + "-url",
        "--extra-index" + "-url",
    ]
    found = [
        f"{file}: {word}"
        for file in _tracked()
        for word in (*paths, *registries)
        if word in (ROOT / file).read_text(encoding="utf-8")
    ]
    assert found == []


@pytest.mark.parametrize(
    ("lock", "extras"), [("requirements.lock", ("build",)), ("tests/requirements.lock", ("build", "test"))]
)
def test_everything_is_locked_with_its_hash(lock: str, extras: Sequence[str]) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    requirements = re.split(r"\n(?=[a-z0-9])", text.strip())
    locked = {re.split(r"[=\[]", requirement)[0] for requirement in requirements}
    assert [one for one in requirements if "==" not in one.split("\n")[0] or "--hash=sha256:" not in one] == []
    assert "://" not in text
    assert {_name(dependency) for dependency in _dependencies(*extras)} - locked == set()


def _dependencies(*extras: str) -> list[str]:
    project = PROJECT["project"]
    return [*project["dependencies"], *(one for extra in extras for one in project["optional-dependencies"][extra])]


def _name(dependency: str) -> str:
    return re.split(r"[<>=\[]", dependency)[0].lower().replace("_", "-")


def _tracked() -> list[str]:
    """Text files; pictures, what is compressed, and what is deleted but not yet committed are passed over."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
    files = [name for name in listed.stdout.splitlines() if (ROOT / name).exists()]
    return [name for name in files if not name.endswith((".png", ".svg", ".ico", ".gif", ".backup"))]


def _first_line(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    documented = ast.get_docstring(function) is not None and len(function.body) > 1
    return function.body[1 if documented else 0].lineno


def _written() -> list[Path]:
    """Our sources; a migration is written once, by Alembic, and never read on."""
    return [file for file in SOURCES if "versions" not in file.parts]


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _calls(file: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(_tree(file)) if isinstance(node, ast.Call))


def _word(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _calls_of_slack(file: Path) -> Iterator[str]:
    """Methods of Slack's Web API, called at once or kept to be called."""
    for node in ast.walk(_tree(file)):
        if (
            isinstance(node, ast.Attribute)
            and re.search(r"(^|[._])client$", ast.unparse(node.value))
            and "_" in node.attr
        ):
            yield node.attr


def _words_outside_the_audit(file: Path) -> Iterator[str]:
    audited = {
        id(inner) for call in _calls(file) if _called(call) in {"note", "note_from_outside"} for inner in ast.walk(call)
    }
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in audited:
            yield node.value


def _first_words(file: Path, function: str) -> Iterator[str]:
    """Every text that may be the first argument, both ends of a choice too."""
    for call in _calls(file):
        if _called(call) == function and call.args:
            yield from (word for node in ast.walk(call.args[0]) if isinstance(node, ast.expr) and (word := _word(node)))


def _refused_for_rights() -> set[str]:
    """Every sentence for somebody whose it is not."""
    return {word for file in SOURCES for check in RIGHTS for word in _first_words(file, check)}


def _refusals_by_role(file: Path) -> Iterator[str]:
    """Comparisons with a role, but where roles are given; and what is raised for want of one."""
    for node in ast.walk(_tree(file)):
        gives_roles = file.name in GIVES_ROLES or "storage" in file.parts
        if isinstance(node, ast.Compare) and re.search(r"\bRole\.[A-Z]", ast.unparse(node)) and not gives_roles:
            yield ast.unparse(node)
        if isinstance(node, ast.If) and re.search(r"\bnot [\w.]*\.(leads|administers)\b", ast.unparse(node.test)):
            yield from (ast.unparse(node.test) for inner in node.body if isinstance(inner, ast.Raise))


def _blocks_asked_for(file: Path) -> Iterator[tuple[str, str]]:
    for call in _calls(file):
        words = [_word(argument) for argument in call.args[:2]]
        match _called(call), words:
            case ("text" | "plain", [str(noun), str(block)]) if noun in NOUNS:
                yield noun, block
            case ("button", [str(label), *_]) if _is_speaking(call):
                yield "button", label
            case ("word", [str(name), *_]) if _is_speaking(call):
                yield "word", name


def _is_speaking(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and "speak" in ast.unparse(call.func.value)


def _titles_of_forms(file: Path) -> Iterator[tuple[str, str]]:
    """Noun and block of every title, whoever puts the form together; one whose block is chosen has all it may be."""
    for call in _calls(file):
        title = next((keyword.value for keyword in call.keywords if keyword.arg == "title"), None)
        if _called(call) == "Form" and isinstance(title, ast.Call) and (noun := _word(title.args[0])):
            words = {word for node in ast.walk(title.args[1]) if isinstance(node, ast.expr) and (word := _word(node))}
            yield from ((noun, block) for block in words & set(_blocks(noun)))


@cache
def _words_and_ends() -> tuple[set[str], set[str]]:
    """Every text in the code and in the templates, and how those begin or end that are put together (as patterns)."""
    words: set[str] = set()
    ends: set[str] = set()
    for file in SOURCES:
        for node in ast.walk(_tree(file)):
            if isinstance(node, ast.JoinedStr):
                ends |= {f"{_word(node.values[0])}.+", f".+{_word(node.values[-1])}"}
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(node.value)
    for noun in NOUNS:
        for call in _template(noun).find_all(nodes.Call):
            first = call.args[0] if call.args else None
            if isinstance(first, nodes.Const):
                words.add(str(first.value))
            elif isinstance(first, nodes.Concat) and isinstance(first.nodes[0], nodes.Const):
                ends.add(f"{first.nodes[0].value}.+")
    return words, {end for end in ends if re.fullmatch(r"[a-z]+_\.\+|\.\+_[a-z]+", end)}


@cache
def _template(noun: str) -> nodes.Template:
    environment = Environment(loader=FileSystemLoader(ROOT / "bot/templates"), extensions=["jinja2.ext.i18n"])
    return environment.parse((ROOT / f"bot/templates/{noun}.j2").read_text(encoding="utf-8"))


def _blocks(noun: str) -> list[str]:
    return [block.name for block in _template(noun).find_all(nodes.Block)]


def _said(noun: str) -> set[Any]:
    """Every text of the template, as Babel takes it out."""
    source = BytesIO((ROOT / f"bot/templates/{noun}.j2").read_bytes())
    options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
    found = babel_extract(source, ["_", "gettext", "ngettext"], [], options)
    return {_text_of(function, text) for _, function, text, _ in found}


def _text_of(function: str, text: Any) -> Any:
    """The text, or one and many; what else was handed over is not said."""
    said = text if isinstance(text, tuple) else (text,)
    return said[:2] if function == "ngettext" else said[0]


def _key(message: Message) -> Any:
    return tuple(message.id) if isinstance(message.id, list | tuple) else message.id


def _texts(text: str | Sequence[str] | None) -> list[str]:
    """One text, or that for one and that for many."""
    return [text] if isinstance(text, str) else list(text or ())


@cache
def _dutch(noun: str) -> Catalog:
    with (DUTCH / f"{noun}.po").open("rb") as file:
        return read_po(file, locale="nl", abort_invalid=True)


def _filled_in(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]", text))
