"""The commands that stand in the text of the documents, and what a test does with each."""

import re
from collections.abc import Iterator
from pathlib import Path

COMMAND = re.compile(r"`((?:overcast|make|python -m|faust) [^`]+)`")
ENDS = ""

# What is run beside `overcast up`, in this order, until it ends or has printed what is named here;
# words in capitals are replaced by PLACEHOLDERS.
INLINE = {
    "overcast up": ENDS,
    "overcast topics --create": ENDS,
    "overcast acls": ENDS,
    "overcast acls --role worker": ENDS,
    "overcast worker": r"Worker\]: Ready",
    "faust -A streams.app worker -l info": r"Worker\]: Ready",
    "overcast replay --speed 60": r"replay +\S+ +\d+%",
    "overcast replay --faults duplicates=0.02,reorder=0.05,amend=0.01,delay=30s --seed 7": ENDS,
    "overcast replay": ENDS,
    "overcast reproduce MATCH SEQ": ENDS,
    "overcast reproduce --sample 1000": ENDS,
    "overcast watch": r"\d+/\d+ \(\d",
    "overcast watch MATCH": r"\d+/\d+ \(\d",
    "overcast dashboard": r"The live page: http://127",
    "overcast history": ENDS,
    "overcast history t20-male": ENDS,
    "overcast models list t20-male": ENDS,
    "overcast keygen": ENDS,
    "overcast keygen --operator NAME": ENDS,
    "overcast scorecard 1144530": ENDS,
    "overcast story 1426294": ENDS,
    "overcast whatif 1298150 --at 19.5": ENDS,
    "overcast why 1298150 --at 18.2": ENDS,
    "overcast verify FOLDER --json figures.json": ENDS,
    "overcast archive FOLDER": r"overcast_archived|wrote",
    "overcast contract": ENDS,
    "overcast contract --examples": ENDS,
    "overcast contract --release": ENDS,
    "overcast schemas push --registry URL": ENDS,
}
NEEDS = {
    "overcast fetch ipl": "the internet",
    "overcast acls --apply": "a cluster with an authorizer: tests/integration/test_roles.py",
    "overcast up --secure": "no other servers: tests/integration/test_secured.py runs it",
    "overcast reproduce": "MATCH and SEQ, or --sample: those are run",
    "overcast shadow --from 2026-11-29T14:00": "a cluster with live workers: make k8s-test runs it",
    "overcast shadow": "a cluster with live workers",
    "overcast shadow --models FOLDER": "a cluster with live workers",
    "overcast schemas push": "a cluster with a schema registry in its settings",
    "overcast token NAME --role operator": "a file of tokens: a block of docs/live-page.md has one",
    "overcast train FOLDER --to learning/starter": "the internet (Cricsheet's archives)",
}


def inline(page: Path) -> Iterator[str]:
    """The commands between backticks on a page, each in one line."""
    for found in COMMAND.findall(page.read_text()):
        yield " ".join(found.split())
