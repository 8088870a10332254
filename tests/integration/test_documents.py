"""The documents, followed to the letter in a copy of the project."""

import json
import re
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.integration.deployment import wait_for
from tests.support.document_blocks import ROOT, Block, apply, blocks, pages
from tests.support.documented import INLINE
from tests.support.documents import delivery, document, innings
from tests.support.sandbox import Sandbox
from tests.support.tools import tool

FEATURE = ROOT / "docs/add-a-feature.md"
RUN = [
    block for page in pages() for block in blocks(page) if block.mark == "run" and page != FEATURE
]
WATCHED = r"\d+/\d+ \(\d"  # a score
# Commands of the blocks that go on until Ctrl-C: how it is seen that they work.
ENDLESS = {r"overcast dashboard": r"The live page: http", r"replay .*--speed": r"replay +\S+ +\d+%"}


class Registry(BaseHTTPRequestHandler):
    """A schema registry that takes whatever is registered."""

    def do_POST(self) -> None:
        """Answer with an id."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.dumps({"id": 1, "version": 1}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/vnd.schemaregistry.v1+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        """Answer in the same way."""
        self.do_POST()

    def log_message(self, *line: object) -> None:
        """Print nothing."""


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    made = Sandbox(tmp_path)
    yield made
    made.start(".venv/bin/overcast down").wait()


@pytest.fixture
def registry() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Registry) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def commands(block: Block) -> list[str]:
    """The lines of a block without their comments."""
    return [re.sub(r" +#.*", "", line) for line in block.text.splitlines() if line.strip()]


def follow(sandbox: Sandbox, command: str) -> None:
    for pattern, printed in ENDLESS.items():
        if re.search(pattern, command):
            sandbox.run_until(command, printed, wait_for)
            return
    sandbox.run(command)


@pytest.mark.parametrize("block", RUN, ids=str)
def test_the_commands_of_a_block_do_what_its_page_promises(block: Block, sandbox: Sandbox) -> None:
    if "jq" in block.text:
        tool("jq")
        line = {"match": "1426294", "event": "refused"}
        (sandbox.folder / "worker.log").write_text(json.dumps(line) + "\n")
    for command in commands(block):
        follow(sandbox, command)


def test_every_command_in_the_text_works_beside_overcast_up(
    sandbox: Sandbox, registry: str
) -> None:
    undecided = document(innings(delivery(1)), outcome={"result": "no result"})
    (sandbox.folder / "FOLDER").mkdir()
    with zipfile.ZipFile(sandbox.folder / "FOLDER/a_json.zip", "w") as archive:
        archive.writestr("1.json", json.dumps(undecided))
    given = {"MATCH": "1426294", "SEQ": "3", "URL": registry}
    for command, printed in INLINE.items():
        words = (given.get(word, word) for word in command.split())
        typed = " ".join(words)
        if "MATCH" in command:  # a replay ends when all is sent, not when all is answered
            sandbox.run_until(f"overcast watch {given['MATCH']} --wait", WATCHED, wait_for)
        if command.startswith("overcast archive"):
            typed = typed.replace("FOLDER", "archive")
        if command.startswith("faust"):
            up = json.loads(sandbox.run("overcast status --json"))
            typed = f"env OVERCAST_KAFKA={up['kafka']} OVERCAST_REDIS={up['redis']} {typed}"
        if printed:
            sandbox.run_until(typed, printed, wait_for)
        else:
            sandbox.run(typed)


def test_a_feature_is_added_as_its_page_says(sandbox: Sandbox) -> None:
    for block in blocks(FEATURE):
        if block.mark.startswith("edit"):
            apply(block, sandbox.folder)
        elif block.mark == "run":
            for command in commands(block):
                output = sandbox.run(command)
    assert re.search(r"\d+ passed", output)
    assert "failed" not in output
