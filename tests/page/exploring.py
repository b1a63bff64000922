"""A server of `grassroots explore` in this process, with a folder of its own."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from sim.explore.answers import Answers, first_state
from sim.explore.choices import Choices
from sim.explore.server import Server


@contextmanager
def served(folder: Path, scenario: str = "donation", against: str | None = None) -> Iterator[Server]:
    choices = Choices(folder, folder / "results")
    with Server(Answers(choices, first_state(choices, scenario, against))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def asked(
    server: Server, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Return (status, headers, body) of a request as it is written, whatever a browser would allow."""
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    text = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    usual = {"Host": f"127.0.0.1:{server.server_port}"} | (
        {"Content-Type": "application/json"} if body is not None else {}
    )
    connection.request(method, path, text, usual | {key.replace("_", "-"): value for key, value in headers.items()})
    reply = connection.getresponse()
    found = reply.status, {key.lower(): value for key, value in reply.getheaders()}, reply.read()
    connection.close()
    return found


def answer(server: Server, name: str, /, **body: Any) -> dict[str, Any]:
    status, _, text = asked(server, "POST", f"/{server.token}/{name}", body)
    assert status == 200
    return json.loads(text)
