"""Genuine requests of Slack made wrong in every way we could think of; knows nothing of Bolt or slack_sdk."""

import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from urllib.parse import urlencode

Json = dict[str, Any]
Headers = list[tuple[bytes, bytes]]

FORM, JSON = b"application/x-www-form-urlencoded", b"application/json"
PATH = "/slack/events"


@dataclass(frozen=True)
class Genuine:
    """One request as Slack sends it: `payload` in its own field of a form, as the form's fields, or as JSON."""

    name: str
    payload: Json
    carried: str  # "payload", "fields" or "json"


@dataclass(frozen=True)
class Attack:
    """One request, ready for the wire. `signed`: by somebody who knows the secret."""

    name: str
    signed: bool
    body: bytes
    headers: Headers
    method: str = "POST"
    path: str = PATH


WORDS = (
    *("", " ", "\0", "a\0b", "null", "undefined", "-1", "../../etc/passwd", "<!channel>", "'; DROP TABLE entry; --"),
    *(
        "\u202e gnorw",
        "\u200b",
        "e\u0301" * 40,
        "👩‍👩‍👧‍👦" * 30,
        "\ud83d",
        "\udc00\ud800",
        "\ufeff",
        "\u2028",
        "İ",
        "ß" * 300,
    ),
    *(
        "x" * 256,
        "x" * 3001,
        "é" * 40_000,
        "🙂" * 100_000,
        "U0M12",
        "T0VERS",
        "D0M12",
        "{{ 7*7 }}",
        "%s%n",
        "{",
        "[",
        "}",
    ),
    *("2026-02-30", "9999-12-31", "0000-00-00", "99999999999999999999.000000", "1781100000.000100", "nan", "٣"),
    *("http://", "https://[", "http://127.0.0.1:1/", "ftp://x", "javascript:alert(1)", "#k7m2x #1 #999", "quietly "),
)
OTHER_TYPES: Sequence[Any] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    10**30,
    float("nan"),
    float("inf"),
    [],
    {},
    [[]],
    [None],
    {"": ""},
)
RAW = (
    *("[" * 100_000, "[" * 900 + "]" * 900, '{"a":' * 300 + "1" + "}" * 300, "[" * 70 + "1" + "]" * 70),
    *("9" * 5000, "1e999", "-", "tru", "'x'", '"\\ud83d"', '"\\u0000"', '"\\x"', '"open', "/* */ 1", "01", "1_000"),
)


class Mutator:
    """A source of attacks: the same for the same seed. `now_seconds` is the bot's idea of the time."""

    def __init__(self, genuine: Sequence[Genuine], secret: str, seed: int, now_seconds: int) -> None:
        self._genuine, self._secret = genuine, secret.encode()
        self._random = Random(seed)
        self._now = now_seconds
        self._number = 0

    def signed(self) -> Attack:
        """What reaches Bolt and the handlers, as far as it can be read."""
        attack = self._attack()
        attack = replace(attack, headers=self._with_signature(attack, self._now + self._random.randint(-290, 290)))
        return self._bent(attack) if self._random.random() < 0.15 else attack

    def unsigned(self) -> Attack:
        """The same without a signature that holds."""
        attack, random = self._attack(), self._random
        forge: Callable[[Attack], Headers] = random.choice(
            (self._no_signature, self._old, self._of_another_body, self._of_another_key, self._odd)
        )
        attack = replace(attack, signed=False, headers=forge(attack))
        return self._bent(attack) if random.random() < 0.15 else attack

    def _attack(self) -> Attack:
        random = self._random
        genuine = random.choice(self._genuine)
        payload, name = self._fresh(deepcopy(genuine.payload)), genuine.name
        raw: dict[str, str] = {}
        for _ in range(random.choice((0, 1, 1, 1, 2, 3))):
            self._change(payload, raw)
        body, kind = _encoded(payload, genuine.carried, raw)
        if random.random() < 0.2:
            body = self._damaged(body)
        if random.random() < 0.1:
            kind = random.choice(
                (FORM, JSON, b"text/plain", b"", kind + b"; charset=utf-16", b"multipart/form-data", b"\xff")
            )
        return Attack(name, True, body, [(b"content-type", kind), (b"content-length", str(len(body)).encode())])

    def _fresh(self, payload: Json) -> Json:
        """Not a repetition of what was sent before, which our request keys would stop."""
        self._number += 1
        for name in ("trigger_id", "event_id"):
            if name in payload:
                payload[name] = f"{name}-{self._number}"
        if isinstance(payload.get("view"), dict):
            payload["view"]["hash"] = str(self._number)
        return payload

    def _change(self, payload: Json, raw: dict[str, str]) -> None:
        places = _places(payload)
        if not places:
            return
        random = self._random
        holder, key = random.choice(places)
        change = random.choice((self._drop, self._rename, self._word, self._type, self._swap, self._repeat, self._raw))
        change(holder, key, places, raw)

    def _drop(self, holder: Any, key: Any, _places: Any, _raw: Any) -> None:
        del holder[key]

    def _rename(self, holder: Any, key: Any, places: Any, _raw: Any) -> None:
        """To nothing known, or to the name of another field."""
        if isinstance(holder, dict):
            names = [other for _, other in places if isinstance(other, str)]
            holder[self._random.choice((f"{key}_", str(key).upper(), "", self._random.choice(names or [""])))] = (
                holder.pop(key)
            )

    def _word(self, holder: Any, key: Any, _places: Any, _raw: Any) -> None:
        word = self._random.choice(WORDS)
        holder[key] = f"{holder[key]}{word}" if self._random.random() < 0.3 else word

    def _type(self, holder: Any, key: Any, _places: Any, _raw: Any) -> None:
        holder[key] = deepcopy(self._random.choice(OTHER_TYPES))

    def _swap(self, holder: Any, key: Any, places: Any, _raw: Any) -> None:
        other_holder, other_key = self._random.choice(places)
        holder[key] = deepcopy(other_holder[other_key])

    def _repeat(self, holder: Any, key: Any, _places: Any, _raw: Any) -> None:
        """Not so often that the attacker needs more memory than the attacked."""
        value, often = holder[key], self._random.choice((2, 50))
        if isinstance(value, list | str) and len(str(value)) < 10_000:
            holder[key] = value * often

    def _raw(self, holder: Any, key: Any, _places: Any, raw: dict[str, str]) -> None:
        """Text that no JSON writer writes; or the field a second time."""
        mark = f"@raw{len(raw)}@"
        twice = isinstance(holder, dict) and self._random.random() < 0.3
        raw[f'"{mark}"'] = f'1,{json.dumps(str(key))}:"again"' if twice else self._random.choice(RAW)
        holder[key] = mark

    def _damaged(self, body: bytes) -> bytes:
        random = self._random
        place = random.randrange(len(body) + 1)
        inserted = random.choice(
            (b"%", b"%zz", b"%ff", b"%00", b"\xff\xfe", b"\x80", b"&", b"=", b"\r\n", b"&payload=%7B%7D", b"+")
        )
        return random.choice(
            (
                body[:place],
                body[place:],
                body[:place] + inserted + body[place:],
                body[:place] + random.randbytes(3) + body[place + 3 :],
                body + b"&a=1" * random.choice((5, 101, 5000)),
                b"\xef\xbb\xbf" + body,
                b"payload=" + body,
                random.randbytes(200),
                body * 3,
                b"x" * 1_000_001 if random.random() < 0.05 else b"",
            )
        )

    def _bent(self, attack: Attack) -> Attack:
        """Headers twice, lengths that lie, other methods and paths."""
        random, headers = self._random, list(attack.headers)
        name, value = random.choice(headers)
        choice = random.randrange(6)
        if choice == 0:
            headers.append((name, value))
        elif choice == 1:
            headers.remove((name, value))
        elif choice == 2:
            lie = random.choice((b"-1", b"0", b"1e3", b"99999999999999", b"", b"\xff", b"5, 5"))
            headers = [(n, lie if n == b"content-length" else v) for n, v in headers]
        elif choice == 3:
            headers += [
                (b"x-slack-retry-num", random.choice((b"1", b"\xff", b"x" * 5000))),
                (b"x-slack-retry-reason", b"?"),
            ]
        elif choice == 4:
            return replace(attack, method=random.choice(("GET", "PUT", "HEAD", "OPTIONS", "DELETE", "", "post")))
        else:
            return replace(
                attack,
                path=random.choice(("/slack", "/slack/", "/slack/events/", "//slack/events", "/health", "/\x00")),
            )
        return replace(attack, headers=headers)

    def _with_signature(self, attack: Attack, at: int, key: bytes | None = None, body: bytes | None = None) -> Headers:
        base = b"v0:%d:" % at + (attack.body if body is None else body)
        signature = hmac.new(self._secret if key is None else key, base, hashlib.sha256).hexdigest().encode()
        stamp: Headers = [(b"x-slack-request-timestamp", str(at).encode()), (b"x-slack-signature", b"v0=" + signature)]
        return attack.headers + stamp

    def _no_signature(self, attack: Attack) -> Headers:
        return attack.headers

    def _old(self, attack: Attack) -> Headers:
        away = self._random.choice((301, 3600, 10**6, 10**9)) * self._random.choice((-1, 1))
        return self._with_signature(attack, max(0, self._now + away))

    def _of_another_body(self, attack: Attack) -> Headers:
        return self._with_signature(attack, self._now, body=attack.body + b" ")

    def _of_another_key(self, attack: Attack) -> Headers:
        return self._with_signature(attack, self._now, key=self._random.choice((b"", b"secret")))

    def _odd(self, attack: Attack) -> Headers:
        stamp, signature = self._with_signature(attack, self._now)[-2:]
        stamps = (b"", b"-1", b"1e9", b"\xff", "١٢٣".encode(), b"9" * 400, stamp[1])
        signatures = (b"", b"v0=", b"v1" + signature[1][2:], signature[1][:-1], signature[1].upper(), b"\xff" * 67)
        odd = [(stamp[0], self._random.choice(stamps)), (signature[0], self._random.choice(signatures))]
        return attack.headers + odd


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every field and element, at any depth, by the thing that holds it."""
    found: list[tuple[Any, Any]] = []
    holders = [value]
    while holders:
        holder = holders.pop()
        for key, inner in holder.items() if isinstance(holder, dict) else enumerate(holder):
            found.append((holder, key))
            if isinstance(inner, dict | list):
                holders.append(inner)
    return found


def _encoded(payload: Json, carried: str, raw: dict[str, str]) -> tuple[bytes, bytes]:
    if carried == "fields":
        fields = {
            name: json.dumps(value) if isinstance(value, dict | list) else value for name, value in payload.items()
        }
        return urlencode(fields, errors="surrogatepass").encode(), FORM
    text = json.dumps(payload)
    for mark, instead in raw.items():
        text = text.replace(mark, instead)
    if carried == "json":
        return text.encode(errors="surrogatepass"), JSON
    return urlencode({"payload": text}, errors="surrogatepass").encode(), FORM
