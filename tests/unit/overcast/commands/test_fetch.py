"""`overcast fetch` from a site on loopback: what it says, and what it leaves behind."""

import io
import json
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from overcast import cli

PLAYERS = {"Reds": ["A One", "A Two"], "Blues": ["B One", "B Two"]}
DELIVERY = {
    "batter": "A One",
    "bowler": "B One",
    "non_striker": "A Two",
    "runs": {"batter": 4, "extras": 0, "total": 4},
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory of our own, a wide terminal, and no proxy before loopback."""
    monkeypatch.chdir(tmp_path)
    for name, value in (("COLUMNS", "300"), ("NO_PROXY", "127.0.0.1"), ("no_proxy", "127.0.0.1")):
        monkeypatch.setenv(name, value)
    return tmp_path


class Fetch:
    """`overcast fetch` as the console script runs it, and what it said."""

    def __init__(self, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._patch = patch
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *arguments: str) -> int:
        self._patch.setattr(sys, "argv", ["overcast", "fetch", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = self._capsys.readouterr()
        self.out, self.err = " ".join(captured.out.split()), captured.err
        assert isinstance(ended.value.code, int)
        return ended.value.code


@pytest.fixture
def fetch(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Fetch:
    return Fetch(monkeypatch, capsys)


def document(date: str, gender: str = "male", match_type: str = "T20") -> dict[str, Any]:
    """A match of one ball as Cricsheet writes it."""
    return {
        "meta": {"data_version": "1.1.0", "created": date, "revision": 1},
        "info": {
            "match_type": match_type,
            "gender": gender,
            "teams": list(PLAYERS),
            "dates": [date],
            "overs": 20,
            "players": PLAYERS,
            "outcome": {"winner": "Reds", "by": {"runs": 4}},
            "registry": {"people": {}},
        },
        "innings": [{"team": "Reds", "overs": [{"over": 0, "deliveries": [DELIVERY]}]}],
    }


def archive(**documents: object) -> bytes:
    """A zip of documents as Cricsheet packs them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        opened.writestr("README.txt", "by Cricsheet")
        for name, content in documents.items():
            opened.writestr(f"{name}.json", json.dumps(content))
    return packed.getvalue()


class Answers(BaseHTTPRequestHandler):
    """Serves what `served` holds by path, 404 else."""

    served: ClassVar[dict[str, bytes]] = {}

    def do_GET(self) -> None:
        body = self.served.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        del format, args


Site = tuple[str, dict[str, bytes]]  # an address for --source, and what it serves


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A little Cricsheet on loopback: its address for --source, and what it serves."""
    served: dict[str, bytes] = {}
    monkeypatch.setattr(Answers, "served", served)
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/{{name}}_json.zip", served
        server.shutdown()
        thread.join()


def left_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_fetched_archive_is_described_and_lies_where_it_was_asked_to(
    folder: Path, site: Site, fetch: Fetch
) -> None:
    source, served = site
    served["/ipl_json.zip"] = archive(m1=document("2024-05-07"), m2=document("2023-04-01"))
    assert fetch("ipl", "--to", "data", "--source", source) == 0
    assert "2 matches (2 T20 male), 2023-04-01 to 2024-05-07" in fetch.out
    assert "Cricsheet" in fetch.out
    assert "DATA=data/ipl_json.zip make demo" in fetch.out
    assert left_in(folder / "data") == ["ipl_json.zip"]
    assert (folder / "data" / "ipl_json.zip").read_bytes() == served["/ipl_json.zip"]


def test_a_fetched_archive_says_what_of_it_cannot_be_read(
    folder: Path, site: Site, fetch: Fetch
) -> None:
    source, served = site
    women, test = document("2020-03-08", "female"), document("2021-01-01", match_type="Test")
    served["/mix_json.zip"] = archive(m1=women, m2=test, m3={"meta": {}}, m4=[], m5=women)
    assert fetch("mix", "--source", source) == 0
    held = "5 matches (2 T20 female, 2 unreadable, 1 Test male), 2020-03-08 to 2021-01-01"
    assert held in fetch.out
    assert left_in(folder) == ["mix_json.zip"]


def test_an_archive_that_is_not_there_is_one_line_that_says_what_to_do(
    folder: Path, site: Site, fetch: Fetch
) -> None:
    assert fetch("ilp", "--to", "data", "--source", site[0]) == 2
    (line,) = fetch.err.splitlines()
    assert line.startswith("Error: http://127.0.0.1:")
    assert "ilp_json.zip: HTTP Error 404" in line
    assert line.endswith("Is there internet, and is the name right?")
    assert left_in(folder / "data") == []


def test_a_site_that_does_not_answer_is_one_line_that_says_what_to_do(
    folder: Path, fetch: Fetch
) -> None:
    assert fetch("ipl", "--source", "http://127.0.0.1:1/{name}") == 2
    (line,) = fetch.err.splitlines()
    assert "Is there internet, and is the name right?" in line
    assert left_in(folder) == []


@pytest.mark.parametrize(
    "source",
    ["http://user:s3cr3tW0rd@127.0.0.1:1/", "http://127.0.0.1:1/?token=s3cr3tW0rd"],
)
def test_a_secret_in_the_address_is_not_printed(fetch: Fetch, source: str) -> None:
    assert fetch("ipl", "--source", source) == 2
    assert "http://127.0.0.1:1/" in fetch.out
    assert "s3cr3tW0rd" not in fetch.out + fetch.err


@pytest.mark.parametrize("body", [b"", b"<html>Not found</html>", archive(m1={})[:-30]])
def test_what_is_no_zip_is_refused_and_leaves_nothing(
    body: bytes, folder: Path, site: Site, fetch: Fetch
) -> None:
    source, served = site
    served["/ipl_json.zip"] = body
    assert fetch("ipl", "--to", "data", "--source", source) == 2
    (line,) = fetch.err.splitlines()
    assert line.endswith("ipl_json.zip is not a zip archive; is the name right?")
    assert left_in(folder / "data") == []


def test_a_failed_download_leaves_the_older_archive_alone(
    folder: Path, site: Site, fetch: Fetch
) -> None:
    source, served = site
    (folder / "ipl_json.zip").write_bytes(b"older")
    served["/ipl_json.zip"] = b"<html>"
    assert fetch("ipl", "--source", source) == 2
    assert (folder / "ipl_json.zip").read_bytes() == b"older"


def test_an_archive_is_not_replaced_by_one_of_fewer_matches_but_by_force(
    folder: Path, site: Site, fetch: Fetch
) -> None:
    source, served = site
    one, other = document("2024-05-07"), document("2023-04-01")
    served["/ipl_json.zip"] = older = archive(m1=one, m2=other)
    assert fetch("ipl", "--source", source) == 0
    served["/ipl_json.zip"] = newer = archive(m3=one)
    assert fetch("ipl", "--source", source) == 2
    assert "holds 2 matches and the new one 1: it was not replaced" in fetch.err
    assert (folder / "ipl_json.zip").read_bytes() == older
    assert fetch("ipl", "--source", source, "--force") == 0
    assert (folder / "ipl_json.zip").read_bytes() == newer
    assert left_in(folder) == ["ipl_json.zip"]
