"""Render a block of a template in a language and a zone.

Every text a fact brings is escaped for the markup of `bot.domain.chat` before a template sees it, so that what people
typed cannot become bold, a link or a ping. What is already markup is passed as `Rich`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, Protocol

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from sqlmodel import SQLModel

from bot.domain.chat import Button
from bot.domain.markup import escape, strip_markup
from bot.templates import formats

KIND_MARKS = {"clash": "⚡", "went_well": "👍", "not_so_well": "⛅", "improve": "💡"}
"""The only emoji of the product, always before the word of the kind."""

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "nl")


class Rich(str):
    """A text that is markup already."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Speaker:
    """Speaks `language` ("en" or "nl"); moments are told in `zone` (IANA name)."""

    language: str
    zone: str

    def text(self, template: str, block: str, **facts: Any) -> Rich:
        """The block as markup; "" when the facts leave it empty."""
        return Rich(_render(self, template, block, facts))

    def plain(self, template: str, block: str, **facts: Any) -> str:
        """The block without markup: for headings, labels and notifications."""
        return strip_markup(self.text(template, block, **facts))

    def button(
        self, label: str, action: str, value: str = "", style: Literal["normal", "primary", "danger"] = "normal"
    ) -> Button:
        """A button; `label` is a block of button.j2."""
        return Button(action, self.plain("button", label), value, style)

    def word(self, name: str) -> str:
        """A word of the word list, a block of word.j2 ("kind_clash")."""
        return self.plain("word", name)

    def person(self, name: str) -> str:
        """The name of a person, or what stands for somebody who was erased."""
        return name or self.word("former_colleague")

    def name_of(self, thing: "Named") -> str:
        """The name of a tension or objective in this language."""
        return thing.name_nl if self.language == "nl" else thing.name


class Named(Protocol):
    name: str
    name_nl: str


def speaker(language: str | None, zone: str) -> Speaker:
    """A speaker of that language, English where we do not speak it."""
    return Speaker(language if language in LANGUAGES else "en", zone)


def _render(speaking: Speaker, template: str, block: str, facts: Mapping[str, Any]) -> str:
    file = _template(speaking.language, template)
    helpers = {"speaker": speaking, "word": lambda name: Rich(escape(speaking.word(name))), "mark": KIND_MARKS.get}
    if taken := helpers.keys() & facts:
        message = f"These names mean something else in every template: {', '.join(sorted(taken))}"
        raise ValueError(message)
    context = file.new_context({name: _escaped(fact) for name, fact in facts.items()} | helpers)
    return "".join(file.blocks[block](context)).strip()


def _escaped(fact: Any) -> Any:  # noqa: PLR0911 one line per kind of fact
    """The fact as templates may use it: every text in it escaped, however deep. Records become mappings."""
    match fact:
        case Rich() | bool() | int() | float() | Decimal() | date() | None:
            return fact
        case Enum():
            return Rich(fact.value)
        case str():
            return Rich(escape(fact))
        case SQLModel():
            return _escaped(fact.model_dump())
        case Mapping():
            return {key: _escaped(value) for key, value in fact.items()}
        case Sequence():
            return [_escaped(value) for value in fact]
    if is_dataclass(fact):
        return {field.name: _escaped(getattr(fact, field.name)) for field in fields(fact)}
    message = f"A template cannot use a {type(fact).__name__}"
    raise TypeError(message)


@cache
def _template(language: str, name: str) -> Template:
    return _environment(language).get_template(f"{name}.j2")


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 chat markup, not HTML: `_escaped` is its escape
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(formats.FILTERS)
    return environment


@cache
def translations(language: str) -> NullTranslations:
    """All catalogues of the language as one; English is the language of the templates themselves."""
    merged = Catalog(locale=language)
    for path in sorted((FOLDER / "locales" / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    merged[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return Translations(compiled)
