"""The server of `grassroots explore`: only its own page can ask it, and it writes into one folder only."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import command_line
import pytest
from own_process import environment, heed_interrupts

from sim.explore.server import LARGEST, Server
from sim.scenario import load_scenario
from tests.page.exploring import answer, asked, served


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("outer") / "folder"
    folder.mkdir()
    with served(folder) as server:
        yield server


def folder_of(server: Server) -> Path:
    return server.answers._choices.folder


def state(server: Server, **changes: Any) -> dict[str, Any]:
    return answer(server, "start")["state"] | changes


def test_files_have_a_strict_policy_and_no_door_for_other_origins(server: Server) -> None:
    status, headers, body = asked(server, "GET", f"/{server.token}/")
    assert status == 200 and b"<title>grassroots explore</title>" in body
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
    assert headers["referrer-policy"] == "no-referrer" and headers["x-content-type-options"] == "nosniff"
    assert not any(name.startswith("access-control") for name in headers)
    assert server.token not in body.decode()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:80", ""])
def test_another_host_is_refused(server: Server, host: str) -> None:
    assert asked(server, "GET", f"/{server.token}/", Host=host)[0] == 403
    assert asked(server, "POST", f"/{server.token}/start", {}, Host=host)[0] == 403


def test_localhost_is_this_host(server: Server) -> None:
    assert asked(server, "GET", f"/{server.token}/", Host=f"localhost:{server.server_port}")[0] == 200


@pytest.mark.parametrize("token", ["", "x", "%00", "../"])
def test_without_the_token_nothing_is_told(server: Server, token: str) -> None:
    for path in (f"/{token}/", f"/{token}", "/", f"/{server.token}", f"/{server.token[:-1]}/", f"/{server.token}x/"):
        status, _, body = asked(server, "GET", path)
        assert (status, body) == (403, b"Forbidden"), path
    assert asked(server, "POST", f"/{token}/start", {})[0] == 403


@pytest.mark.parametrize(
    "name", ["../server.py", "%2e%2e/server.py", "server.py", "/etc/passwd", "explore.js/..", "start"]
)
def test_no_path_is_a_file(server: Server, name: str) -> None:
    assert asked(server, "GET", f"/{server.token}/{name}")[0] == 404


def test_what_isnt_json_of_this_page_is_refused(server: Server) -> None:
    path = f"/{server.token}/start"
    assert asked(server, "POST", path, {}, Content_Type="text/plain")[0] == 415
    assert asked(server, "POST", path, {}, Content_Type="application/x-www-form-urlencoded")[0] == 415
    assert asked(server, "POST", path, {}, Origin="http://evil.example")[0] == 403
    assert asked(server, "POST", path, {}, Origin="null")[0] == 403
    assert asked(server, "POST", path, {}, Origin=f"http://127.0.0.1:{server.server_port}")[0] == 200
    assert asked(server, "POST", path, {}, Content_Length="-1")[0] == 411
    assert asked(server, "POST", path, {}, Content_Length=str(LARGEST + 1))[0] == 413
    assert asked(server, "POST", path, {}, Content_Length="9" * 5000)[0] == 413
    assert asked(server, "POST", f"/{server.token}/__init__", {})[0] == 404
    assert asked(server, "PUT", path, {})[0] == 501 and asked(server, "OPTIONS", path)[0] == 501


@pytest.mark.parametrize(
    ("body", "told"),
    [(b"{", "isn't JSON"), (b"[]", "isn't JSON"), (b"{}", "state"), (b"\xff", "isn't JSON"), (b"[" * 100_000, "isn't JSON"),
     (b'{"state": {"sides": [{"group": "package", "name": "donation"}]}}', "sides")],
)  # fmt: skip
def test_bad_bodies_are_a_line(server: Server, body: bytes, told: str) -> None:
    status, _, text = asked(server, "POST", f"/{server.token}/pair", body)
    assert status == 200 and told in text.decode() and b"Traceback" not in text


@pytest.mark.parametrize(
    "name", ["../out", "a/b", "/tmp/x", "a.yaml", "", ".hidden", "a b", "a\0b", "x" * 61, "..", "a\nb"]
)
def test_no_name_leads_out_of_the_folder(server: Server, name: str) -> None:
    told = answer(server, "save", state=state(server), side=1, name=name)
    assert told["error"].startswith("save: the name must be one word")
    assert not list(folder_of(server).parent.rglob("*.yaml"))


def test_a_file_is_saved_and_never_overwritten_unasked(server: Server) -> None:
    folder = folder_of(server)
    one, two = (state(server, world={"household.own_yard": value}) for value in (0.3, 0.4))
    path = folder / "mine.yaml"
    assert answer(server, "save", state=one, side=1, name="mine") == {"saved": str(path)}
    kept = path.read_text("utf-8")
    assert kept == "extends: donation\ntitle: Worthies donate, changed\nhousehold: {own_yard: 0.3}\n"
    assert load_scenario(path).household.own_yard == 0.3
    assert answer(server, "save", state=two, side=1, name="mine") == {"exists": str(path)}
    assert path.read_text("utf-8") == kept
    assert answer(server, "save", state=two, side=1, name="mine", overwrite=True) == {"saved": str(path)}
    assert load_scenario(path).household.own_yard == 0.4
    (folder / "link.yaml").symlink_to(folder.parent / "outside.yaml")
    assert answer(server, "save", state=one, side=1, name="link") == {"exists": str(folder / "link.yaml")}
    assert answer(server, "save", state=one, side=1, name="link", overwrite=True) == {
        "saved": str(folder / "link.yaml")
    }
    assert not (folder.parent / "outside.yaml").exists()
    for left in folder.iterdir():
        left.unlink()


def test_a_file_that_would_extend_itself_isnt_saved(server: Server) -> None:
    folder = folder_of(server)
    (folder / "own.yaml").write_text("extends: donation\n", encoding="utf-8")
    own = {"group": "files", "name": "own.yaml"}
    told = answer(server, "save", state=state(server, sides=[own, own]), side=0, name="own", overwrite=True)
    assert "extends itself" in told["error"]
    assert (folder / "own.yaml").read_text("utf-8") == "extends: donation\n"
    (folder / "own.yaml").unlink()


@pytest.mark.parametrize("name", ["../secret.yaml", "/etc/passwd", "nowhere.yaml"])
def test_only_offered_files_are_read(server: Server, name: str) -> None:
    (folder_of(server).parent / "secret.yaml").write_text("extends: donation\n", encoding="utf-8")
    side = {"group": "files", "name": name}
    told = answer(server, "pair", state=state(server, sides=[side, side]))
    assert told["error"].startswith(f"unknown scenario '{name}'")
    (folder_of(server).parent / "secret.yaml").unlink()


def test_the_command_prints_the_address_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "sim.cli", "explore", "donation", "--against", "baseline", "--no-browser"], cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(), preexec_fn=heed_interrupts,
    ) as command:  # fmt: skip
        assert command.stdout and command.stderr
        line = command.stdout.readline()
        address = re.match(r"(http://127\.0\.0\.1:(\d+)/([\w-]{43})/) \(Ctrl-C ends it\)\n\Z", line)
        assert address, line
        with urlopen(address[1]) as page:
            assert page.status == 200
        command.send_signal(signal.SIGINT)
        assert command.wait(30) == 0
        assert (command.stdout.read(), command.stderr.read()) == ("", "")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(["donatio"], "did you mean 'donation'"), (["donation", "--against", "town"], "different villages"),
     (["donation", "--folder", "nowhere"], "--folder"), (["nowhere.yaml"], "nowhere.yaml")],
)  # fmt: skip
def test_bad_input_is_a_line(
    arguments: list[str], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.command(["explore", *arguments, "--no-browser"], monkeypatch) == 2
    told_line = capsys.readouterr().err
    assert told in told_line and len(told_line.splitlines()) == 1
