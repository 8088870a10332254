"""The least rights of each role in Redis, as the rules of `ACL SETUSER`."""

from collections.abc import Sequence

# What the scripts of a lease and the reading of matches do: see lease_scripts.py and store.py.
KEYED = (
    "evalsha",
    "hset",
    "hget",
    "hgetall",
    "hmget",
    "hdel",
    "expire",
    "zadd",
    "zcard",
    "zrange",
    "zscore",
    "zpopmin",
    "unlink",
)
# Without a key: the scripts after a start; what a cluster's client asks first; whether matches may
# be evicted; and the database that a URL names.
KEYLESS = ("script|load", "cluster|slots", "command", "info", "select")
# `reset` would take the passwords too, which are not ours.
ANEW = ("on", "resetkeys", "resetchannels", "nocommands")


def acl_rules(role: str, prefix: str) -> list[str]:
    """What follows the user in `ACL SETUSER`; [] for a role that needs no Redis.

    `prefix` is the deployment's `topic_prefix`; `*` stands for that of any. Passwords stay as they
    are, and whatever the user had been given before is taken away.

    >>> acl_rules("reader", "staging.")[-2:]
    ['%R~overcast:{staging.[0-9]*', '+hget']
    """
    keys = f"~overcast:{{{prefix}[0-9]*"
    given: dict[str, Sequence[str]] = {
        "worker": [keys, *(f"+{command}" for command in KEYED + KEYLESS)],
        "reader": [f"%R{keys}", "+hget"],  # another service, of live features
        "administrator": ["~*", "&*", "+@all"],
    }
    return [*ANEW, *given[role]] if role in given else []
