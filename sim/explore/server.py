"""The page's server: the standard library's, on this computer only, for whoever knows the address that the command prints.

It answers on 127.0.0.1 alone; the Host header must name that, so that no other name may be made to lead here; the address
holds a random token; requests that do something are POSTs of JSON, which pages of other origins can't send; and the files are
those that were read at the start, so that no part of a request is ever a path.
"""

from __future__ import annotations

import json
import secrets
import sys
from hmac import compare_digest
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sim.explore.answers import Answers
from sim.page.frame import HERE as PAGE

HOST = "127.0.0.1"
LARGEST = 200_000
"""Bytes of a request's body."""
HERE = Path(__file__).parent
FILES = {
    "": (HERE / "explore.html", "text/html"), "explore.js": (HERE / "explore.js", "text/javascript"),
    "explore.css": (HERE / "explore.css", "text/css"), "viewer.js": (PAGE / "viewer.js", "text/javascript"),
    "style.css": (PAGE / "style.css", "text/css"),
}  # fmt: skip
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "same-origin",
}  # fmt: skip


class Server(ThreadingHTTPServer):
    """The server of one page. port : 0 for any free one. Raises OSError if the port is taken."""

    def __init__(self, answers: Answers, port: int = 0) -> None:
        super().__init__((HOST, port), Handler)
        self.answers, self.token = answers, secrets.token_urlsafe(32)
        self.files = {name: (path.read_bytes(), kind) for name, (path, kind) in FILES.items()}
        self.hosts = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}

    @property
    def address(self) -> str:
        """The address of the page."""
        return f"http://{HOST}:{self.server_port}/{self.token}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that no longer waits for an answer."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection of a browser."""

    server: Server
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        """Answer with a file of the page."""
        name = self._asked()
        if name is None:
            self._refuse(HTTPStatus.FORBIDDEN)
        elif name in self.server.files:
            self._send(*self.server.files[name])
        else:
            self._refuse(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """Answer a request of the page."""
        name = self._asked()
        origin = self.headers.get("Origin")
        length = self.headers.get("Content-Length", "")
        if name is None or origin not in (None, *(f"http://{host}" for host in self.server.hosts)):
            self._refuse(HTTPStatus.FORBIDDEN)
        elif name not in self.server.answers:
            self._refuse(HTTPStatus.NOT_FOUND)
        elif self.headers.get_content_type() != "application/json":
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        elif not (length.isascii() and length.isdigit()):
            self._refuse(HTTPStatus.LENGTH_REQUIRED)
        elif len(length) > len(str(LARGEST)) or int(length) > LARGEST:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            answer = self.server.answers.answer(name, self.rfile.read(int(length)))
            self._send(json.dumps(answer, allow_nan=False).encode(), "application/json")

    def _asked(self) -> str | None:
        """Return what is asked for behind the token; None for another host or token."""
        token, slash, name = self.path.removeprefix("/").partition("/")
        right = compare_digest(token.encode("utf-8", "surrogateescape"), self.server.token.encode())
        hosts = self.headers.get_all("Host") or []
        return name if right and slash and len(hosts) == 1 and hosts[0] in self.server.hosts else None

    def _refuse(self, status: HTTPStatus) -> None:
        """Refuse a request, whose body may be left unread."""
        self.close_connection = True
        self._send(status.phrase.encode(), "text/plain", status)

    def _send(self, body: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        for key, value in (HEADERS | {"Content-Type": f"{kind}; charset=utf-8"}).items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def version_string(self) -> str:
        """Return the name of the server."""
        return "grassroots"

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing of requests."""
