"""The tables of roles in `docs/security.md`, generated; the rest of the page is written by hand."""

from collections.abc import Iterable, Iterator

from streams.kafka.topics import TOPICS, Topic
from streams.rights.roles import DOWNSTREAM, KEEP_TOPICS, ROLES, Role

BEGIN = "<!-- roles: made by `make contract`; do not edit -->\n"
END = "<!-- end of roles -->\n"
HEAD = "| role | runs | writes | reads | besides |\n|---|---|---|---|---|\n"
STOLEN = "\n| with the credential of | one can |\n|---|---|\n"


def with_roles(page: str) -> str:
    """Return the page with its tables made anew; ValueError if it has no place for them."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"security.md has no place for the roles: {BEGIN.strip()} … {END.strip()}")
    return before + begin + tables() + end + after


def tables() -> str:
    """Return what each role may do, and what its credential is worth to a thief."""
    rows = "".join(f"| {' | '.join(_cells(role))} |\n" for role in ROLES.values())
    stolen = "".join(f"| {role.name} | {role.stolen} |\n" for role in ROLES.values())
    return HEAD + rows + STOLEN + stolen


def _cells(role: Role) -> Iterator[str]:
    yield from (role.name, role.runs, _named(role.writes), _named(role.reads))
    yield "; ".join(_besides(role)) or "nothing"


def _named(topics: Iterable[Topic]) -> str:
    listed = [f"`{topic.name}`" for topic in topics]
    return "every topic" if len(listed) == len(TOPICS) else ", ".join(listed) or "nothing"


def _besides(role: Role) -> Iterator[str]:
    if role.keeps:
        yield f"{', '.join(KEEP_TOPICS)} on every topic"
    if role.joins:
        yield "DescribeConfigs on what it writes"
        yield "Read on the workers' group"
        yield "Write on transactional ids that begin with `GROUP/`"
    if role.observes:
        yield "Describe on the workers' group"
    if role.groups:
        yield f"Describe on the groups {', '.join(f'`{name}`' for name in role.groups)}"
    if role.downstream:
        yield f"Read on groups that begin with `{DOWNSTREAM}`"
