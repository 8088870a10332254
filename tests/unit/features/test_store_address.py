"""What a URL of Redis says, and what is refused with advice."""

from types import SimpleNamespace

import pytest
import redis
from redis.cluster import RedisCluster
from redis.connection import SSLConnection, UnixDomainSocketConnection
from redis.exceptions import RedisClusterException, SlotNotCoveredError
from redis.sentinel import SentinelConnectionPool, SentinelManagedSSLConnection

from features.store_address import Host, store_address, with_password
from features.store_client import StoreClient, close, redis_client
from features.store_probe import may_evict, unusable

SERVER = redis_client("redis://h")
SECRET = "s3cr3tW0rd"  # noqa: S105  of no deployment
ADDRESSES = {
    "redis://h": ("server", False, [("h", 6379)], "", {}),
    "redis://h/": ("server", False, [("h", 6379)], "", {}),
    "rediss://u:p%2F%40@[::1]:6380/2": (
        "server",
        True,
        [("::1", 6380)],
        "",
        {"username": "u", "password": "p/@", "db": 2},
    ),
    "redis://:p@h?protocol=2&socket_keepalive=no": (
        "server",
        False,
        [("h", 6379)],
        "",
        {"password": "p", "protocol": 2, "socket_keepalive": False},
    ),
    "redis+sentinel://h1,h2:1,[::1]/main": (
        "sentinel",
        False,
        [("h1", 26379), ("h2", 1), ("::1", 26379)],
        "main",
        {},
    ),
    "rediss+sentinel://u:p@h1, h2/a%20b/3": (
        "sentinel",
        True,
        [("h1", 26379), ("h2", 26379)],
        "a b",
        {"username": "u", "password": "p", "db": 3},
    ),
    "redis+cluster://u@h1:7000,h2:7001": (
        "cluster",
        False,
        [("h1", 7000), ("h2", 7001)],
        "",
        {"username": "u"},
    ),
    "rediss+cluster://h1/0": ("cluster", True, [("h1", 6379)], "", {"db": 0}),
    "unix:///run/r.sock?db=1": ("socket", False, [], "", {"db": 1}),
}


@pytest.mark.parametrize(("url", "must"), ADDRESSES.items())
def test_each_kind_of_url_is_read(url: str, must: tuple[object, ...]) -> None:
    found = store_address(url)
    assert (found.kind, found.tls, list(found.hosts), found.master, found.options) == must
    assert found.path == ("/run/r.sock" if found.kind == "socket" else "")


def test_an_address_says_where_without_a_secret() -> None:
    assert store_address("redis+cluster://u:p@h1:1,[::1]").where == "h1:1,[::1]:6379"
    assert store_address("unix://u:p@/run/r.sock").where == "/run/r.sock"


def test_sentinel_may_have_a_login_of_its_own() -> None:
    url = "redis+sentinel://u:p@h/m?sentinel_username=s&sentinel_password=q"
    found = store_address(url)
    assert found.options == {"username": "u", "password": "p"}
    assert found.sentinel == {"username": "s", "password": "q"}


REFUSED = [
    "",
    f"{SECRET}",
    f"http://h/{SECRET}",
    f"redis://:{SECRET}/x@h:6379/0",
    f"redis://:x#{SECRET}@h",
    f"redis://h:{SECRET}",
    f"redis://[{SECRET}]",
    "redis://",
    f"redis://h/{SECRET}",
    "redis://h/1/2",
    f"redis://h?{SECRET}=1",
    f"redis://h?db={SECRET}",
    f"redis://u:{SECRET}@h1,h2",
    "redis://h?ssl_ca_certs=/ca",
    "rediss://h?ssl_check_hostname=False",
    "rediss://h?ssl_cert_reqs=none",
    "rediss://h?ssl_certfile=/c",
    "redis://h?sentinel_password=x",
    "unix://",
    f"unix://u:{SECRET}@/",
    "unix://host/path",
    "redis+sentinel://h",
    "redis+sentinel://h/",
    "redis+sentinel:///main",
    f"redis+sentinel://h/main/{SECRET}",
    f"redis+sentinel://h,:{SECRET}/main",
    f"redis+sentinel://u:{SECRET}@h1,u:{SECRET}@h2/main",
    "redis+cluster://h/1",
    "redis+cluster://h?db=1",
    f"redis+cluster://h1,,h2:{SECRET}",
    f"redis+cluster://u:a,{SECRET}@h1",
    "redis+other://h",
]


@pytest.mark.parametrize("url", REFUSED)
def test_what_is_no_address_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(ValueError, match=r"^(is|has|names|ends) ") as refused:
        store_address(url)
    assert SECRET not in f"{refused.value!r}"
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.parametrize(
    ("url", "whole"),
    {
        "redis://u@h/0?protocol=2": "redis://u:p%2F%3A@h/0?protocol=2",
        "redis://h?client_name=a@b": "redis://:p%2F%3A@h?client_name=a@b",
        "unix:///run/r.sock": "unix://:p%2F%3A@/run/r.sock",
        "redis+sentinel://u:@h1,h2/m": "redis+sentinel://u:p%2F%3A@h1,h2/m",
    }.items(),
)
def test_a_password_of_its_own_is_put_beside_the_user(url: str, whole: str) -> None:
    assert with_password(url, "p/:") == whole
    before, after = store_address(url), store_address(whole)
    assert after.options == {**before.options, "password": "p/:"}
    assert (after.hosts, after.path, after.master) == (before.hosts, before.path, before.master)


def test_two_passwords_are_refused() -> None:
    with pytest.raises(ValueError, match="holds a password already"):
        with_password("redis://:a@h", "b")


def test_a_server_is_reached_with_certificates_and_names_checked() -> None:
    client = redis_client("rediss://u:p@h:1/2?ssl_ca_certs=/ca&ssl_certfile=/c&ssl_keyfile=/k")
    assert isinstance(client, redis.Redis)
    pool = client.connection_pool
    made = pool.connection_class(**pool.connection_kwargs)
    assert isinstance(made, SSLConnection)
    assert (made.host, made.port, made.db, made.username, made.password) == ("h", 1, 2, "u", "p")
    assert (made.check_hostname, int(made.cert_reqs)) == (True, 2)
    assert (made.ca_certs, made.certfile, made.keyfile) == ("/ca", "/c", "/k")


def test_a_socket_is_reached_by_its_path() -> None:
    client = redis_client("unix://u:p@/run/r.sock?db=3")
    assert isinstance(client, redis.Redis)
    made = client.connection_pool.connection_class(**client.connection_pool.connection_kwargs)
    assert isinstance(made, UnixDomainSocketConnection)
    assert (made.path, made.db, made.username, made.password) == ("/run/r.sock", 3, "u", "p")


def test_sentinels_are_asked_with_their_own_login_and_the_same_tls() -> None:
    url = "rediss+sentinel://u:p@h1:1,h2/m/4?ssl_ca_certs=/ca&sentinel_password=q"
    client = redis_client(url)
    assert isinstance(client, redis.Redis)
    pool = client.connection_pool
    assert isinstance(pool, SentinelConnectionPool)
    assert pool.connection_class is SentinelManagedSSLConnection
    assert pool.service_name == "m"
    options = pool.connection_kwargs
    assert (options["username"], options["password"], options["db"]) == ("u", "p", 4)
    asked = [each.connection_pool.connection_kwargs for each in pool.sentinel_manager.sentinels]
    assert [(each["host"], each["port"]) for each in asked] == [Host("h1", 1), Host("h2", 26379)]
    for each in asked:
        assert (each["password"], each.get("username")) == ("q", None)
        assert (each["ssl_ca_certs"], each["ssl_check_hostname"]) == ("/ca", True)
    close(client)


def test_a_clusters_client_begins_with_the_nodes_of_the_url(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reached: list[tuple[str, int]] = []

    def refuse(connection: redis.Connection) -> None:
        reached.append((connection.host, connection.port))
        raise OSError("refused")

    monkeypatch.setattr("redis.connection.Connection._connect", refuse)
    with pytest.raises(redis.ConnectionError, match="cannot be connected"):
        redis_client("redis+cluster://u:p@h1:1,h2:2/0")
    assert set(reached) == {("h1", 1), ("h2", 2)}


@pytest.mark.parametrize("url", ["redis://h", "redis+cluster://h1,h2", "redis+sentinel://h/m"])
def test_a_call_to_servers_that_are_all_away_is_tried_again(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise OSError("refused")

    failed: list[None] = []
    monkeypatch.setattr("redis.connection.Connection._connect", refuse)
    monkeypatch.setattr("redis.retry.sleep", lambda _: None)
    client = StoreClient(url, lambda: failed.append(None), tries=5)
    with pytest.raises(redis.ConnectionError):
        client.call("k", lambda server: server.get("k"))
    assert len(failed) == 1 + 5
    assert unusable(url, "", [0]).startswith("Redis does not answer")
    assert may_evict(url) == ""


def test_a_cluster_whose_nodes_all_went_away_is_found_again_from_the_url(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its nodes may have got other addresses; a slot that nobody holds is waited for."""

    class Nodes(RedisCluster):
        def __init__(self, *, answers: bool) -> None:
            self.answers = answers
            self.nodes_manager = SimpleNamespace(initialize=self.initialize)  # type: ignore[assignment]

        def initialize(self) -> None:
            raise RedisClusterException("cannot be connected")

        def get_node_from_key(self, key: str, replica: bool = False) -> str:  # noqa: FBT001, FBT002
            assert (key, replica) == ("k", False)
            if not self.answers:
                raise SlotNotCoveredError("not covered")
            return "node"

        def get_redis_connection(self, node: object) -> redis.Redis:
            assert node == "node"
            assert isinstance(SERVER, redis.Redis)
            return SERVER

        def close(self) -> None: ...

    made = [Nodes(answers=False), Nodes(answers=False), Nodes(answers=True)]
    monkeypatch.setattr("features.store_client.redis_client", lambda *_: made.pop(0))
    monkeypatch.setattr("redis.retry.sleep", lambda _: None)
    assert StoreClient("redis+cluster://h", tries=2).call("k", lambda server: server) is SERVER
    assert made == []
