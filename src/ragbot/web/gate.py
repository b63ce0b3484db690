"""Between the browser and the page: who reads, in which language, and what the page may load and run."""

import base64
import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any

from ragbot.schema import Language

READER = "ragbot-reader"
LANGUAGE = "ragbot-language"
_YEAR = 365 * 24 * 3600
_INLINE = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_OURS = b'<script src="./ragbot/early.js"></script><script src="./ragbot/page.js" defer></script>'
# Gradio compiles its templates in the browser, hence 'unsafe-eval'; inline scripts run by their hash alone.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval' {hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; worker-src 'self' blob:; "
    "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
_HEADERS = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin"))

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Gate:
    """ASGI middleware. Gives each browser a secret name of its own, and pages a Content-Security-Policy."""

    def __init__(self, app: Callable[[Message, Receive, Send], Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        cookies = _cookies(scope)
        if cookies.get(LANGUAGE) in ("zh", "en"):
            scope["headers"] = [*(h for h in scope["headers"] if h[0] != b"accept-language")]
            scope["headers"].append((b"accept-language", cookies[LANGUAGE].encode()))
        name = None if cookies.get(READER) else secrets.token_urlsafe(18)
        await self.app(scope, receive, _Reply(send, name))


class _Reply:
    """Passes a response on: pages whole and with their policy, all else as it comes."""

    def __init__(self, send: Send, name: str | None) -> None:
        self.send = send
        self.name = name
        self.start: Message | None = None
        self.page = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *_HEADERS]
            if (b"content-type", b"text/html; charset=utf-8") in message["headers"]:
                self.start = message  # kept back until its scripts are known
                return
        elif self.start is not None and message["type"] == "http.response.body":
            self.page += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_page(self.start)
            return
        await self.send(message)

    async def _send_page(self, start: Message) -> None:
        hashes = " ".join(f"'sha256-{_digest(script)}'" for script in _INLINE.findall(self.page))
        body = _with_ours(self.page)
        headers = [(key, value) for key, value in start["headers"] if key != b"content-length"]
        headers += [
            (b"content-length", str(len(body)).encode()),
            (b"content-security-policy", _POLICY.format(hashes=hashes).encode()),
        ]
        if self.name:
            cookie = f"{READER}={self.name}; Path=/; Max-Age={_YEAR}; HttpOnly; SameSite=Lax"
            headers.append((b"set-cookie", cookie.encode()))
        await self.send({**start, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})


def scripts() -> list[Any]:
    """Routes of the page's own scripts."""
    from starlette.responses import Response
    from starlette.routing import Route

    def served(name: str) -> Route:
        text = (Path(__file__).parent / name).read_text(encoding="utf-8")
        headers = {"Cache-Control": "no-cache"}
        return Route(f"/ragbot/{name}", lambda _: Response(text, media_type="text/javascript", headers=headers))

    return [served("early.js"), served("page.js")]


def reader_of(request: Any) -> str:
    """The secret name of the browser that sent a request; where it keeps no cookies, of this visit alone."""
    return request.cookies.get(READER) or request.session_hash or secrets.token_urlsafe(18)


def language_of(request: Any) -> Language:
    """The language chosen on the page, else the browser's."""
    return "zh" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"


def _with_ours(page: bytes) -> bytes:
    """The page with our scripts after its base address, before Gradio asks for the browser's language."""
    return re.sub(rb"(<base [^>]*>)", lambda match: match.group() + _OURS, page, count=1)


def _digest(script: bytes) -> str:
    return base64.b64encode(hashlib.sha256(script).digest()).decode()


def _cookies(scope: Message) -> dict[str, str]:
    try:
        jar = SimpleCookie(b"; ".join(value for key, value in scope["headers"] if key == b"cookie").decode("latin-1"))
    except CookieError:
        return {}
    return {key: morsel.value for key, morsel in jar.items()}
