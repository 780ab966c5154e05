"""What a use case may not take from the air: the time, chance, and the secret of this installation."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken

# Without look-alikes (0 o, 1 l i) and without vowels: a reference can be read aloud and spells nothing.
REF_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"


class Secrets:
    """Keys derived from the one secret of the installation (32 bytes or more); `fingerprint` tells it from another."""

    def __init__(self, secret: bytes) -> None:
        self.fingerprint = hmac.digest(secret, b"fingerprint", "sha256")[:8].hex()
        self._request_key = hmac.digest(secret, b"request", "sha256")
        self._fernet = Fernet(base64.urlsafe_b64encode(hmac.digest(secret, b"seal", "sha256")))

    def request_key(self, request_id: str) -> str:
        """A name for a request that nobody without the secret can lead back to it."""
        return hmac.new(self._request_key, request_id.encode(), hashlib.sha256).hexdigest()

    def seal(self, word: str) -> str:
        """Encrypt a short word; padded and without the moment, so that neither length nor age tells anything."""
        return self._fernet.encrypt_at_time(word.ljust(24).encode(), current_time=0).decode()

    def unseal(self, sealed: str) -> str:
        """The word again; "" when there is none or the secret was changed."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode().strip()
        except InvalidToken:
            return ""


def _nothing() -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Context:
    """`now` is aware UTC. `random` gives that many random bytes. `on_enqueued` hears that something is to be sent."""

    now: datetime
    random: Callable[[int], bytes]
    secrets: Secrets
    on_enqueued: Callable[[], None] = _nothing

    def new_id(self) -> str:
        return self.random(12).hex()

    def new_token(self) -> str:
        return self.random(18).hex()

    def new_ref(self, length: int = 4) -> str:
        """A short reference people can read aloud; the caller tries again when it is taken."""
        return "".join(REF_ALPHABET[byte % len(REF_ALPHABET)] for byte in self.random(length))


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
