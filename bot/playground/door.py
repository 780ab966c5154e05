"""Who may come in, and what the browser may load: this machine only, and nothing from elsewhere."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Door:
    """Turns away every client that is not on this machine, also a browser that was lured here by another site."""

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self._app = app
        self._hosts = {"localhost", "127.0.0.1", "::1", urlsplit(origin).hostname}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let local requests pass, with security headers on the answers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif not self._is_local(scope):
            await PlainTextResponse("The playground is for this machine only.", 403)(scope, receive, send)
        else:
            await self._app(scope, receive, _guarded(send))

    def _is_local(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        host = urlsplit(f"//{headers.get('host', '')}").hostname
        site = headers.get("origin")
        friendly = site is None or urlsplit(site).hostname in self._hosts
        return bool(scope["client"]) and _is_loopback(scope["client"][0]) and host in self._hosts and friendly


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _guarded(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(SECURITY_HEADERS)
        await send(message)

    return guarded
