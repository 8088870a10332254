"""A secured Kafka of a test's own, with every way in that Kafka has, and a token endpoint."""

import base64
import json
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from overcast.embedded import kafka, redis, secured
from overcast.embedded.children import free_ports, spawn, stop
from streams.settings import Settings
from tests.integration.deployment import DEADLINE, answers, wait_for

STRANGER = "stranger"  # a user without any right
CLIENT_SECRET = "t0kens3cr3t"  # noqa: S105  of this test
TOKEN_SECONDS = 60
SECURITY = "org.apache.kafka.common.security"
WAYS_IN = """\
sasl.enabled.mechanisms=SCRAM-SHA-512,PLAIN,OAUTHBEARER
listener.name.clients.plain.sasl.jaas.config={security}.plain.PlainLoginModule required \
user_admin="{password}";
listener.name.clients.oauthbearer.sasl.jaas.config=\
{security}.oauthbearer.OAuthBearerLoginModule required;
listener.name.clients.oauthbearer.sasl.server.callback.handler.class=\
{security}.oauthbearer.OAuthBearerValidatorCallbackHandler
sasl.oauthbearer.jwks.endpoint.url={jwks}
sasl.oauthbearer.expected.audience=overcast
"""


def _written(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _number(value: int) -> str:
    return _written(value.to_bytes((value.bit_length() + 7) // 8))


class TokenEndpoint(ThreadingHTTPServer):
    """Gives tokens to one client, signed by a key that its JWKS tells; `asked` counts them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._key = rsa.generate_private_key(65_537, 2_048)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.asked = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def keys(self) -> dict[str, Any]:
        public = self._key.public_key().public_numbers()
        key = {"kty": "RSA", "kid": "1", "use": "sig", "alg": "RS256"}
        return {"keys": [key | {"n": _number(public.n), "e": _number(public.e)}]}

    def token(self) -> dict[str, Any]:
        self.asked += 1
        now = int(time.time())
        claims = {"sub": "admin", "aud": "overcast", "iat": now, "exp": now + TOKEN_SECONDS}
        parts = [{"alg": "RS256", "kid": "1"}, claims]
        signed = ".".join(_written(json.dumps(part).encode()) for part in parts)
        signature = self._key.sign(signed.encode(), padding.PKCS1v15(), SHA256())
        return {"access_token": f"{signed}.{_written(signature)}", "expires_in": TOKEN_SECONDS}


class _Handler(BaseHTTPRequestHandler):
    server: TokenEndpoint

    def do_GET(self) -> None:
        self._answer(200, self.server.keys())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        proof = base64.b64encode(f"overcast:{CLIENT_SECRET}".encode()).decode()
        known = self.headers["Authorization"] == f"Basic {proof}"
        self._answer(200 if known else 401, self.server.token() if known else {})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None: ...


class SecuredServers:
    """The Kafka of `overcast up --secure` with more ways in, and a plain Redis."""

    def __init__(self, folder: Path) -> None:
        self.port, controller, self.store_port = free_ports(3)
        self.tokens = TokenEndpoint()
        self.made = secured.make(folder / "secured", [STRANGER])
        files = kafka.prepare(folder / "kafka", self.port, controller, print, self.made)
        ways = WAYS_IN.format(
            security=SECURITY,
            password=self.made.passwords["admin"],
            jwks=f"{self.tokens.url}/jwks",
        )
        properties = folder / "kafka/server.properties"
        properties.write_text(properties.read_text() + ways)
        allowed = f"-D{SECURITY.removesuffix('.common.security')}.sasl.oauthbearer.allowed.urls="
        run = [files.run[0], f"{allowed}{self.tokens.url}/jwks", *files.run[1:]]
        self.log = folder / "servers.log"
        assert spawn(files.format, self.log).wait(DEADLINE) == 0, self.log.read_text()
        self._broker = spawn(run, self.log)
        self._store = spawn(redis.command(self.store_port, str(folder)), self.log)
        self._folder = folder
        wait_for(lambda: redis.answers(self.store_port), "Redis", self.log, self._store)
        wait_for(lambda: self._answers("SCRAM-SHA-512"), "Kafka", self.log, self._broker)

    def _answers(self, way: str) -> bool:
        assert self._broker.poll() is None, self.log.read_text()
        return answers(self.settings(way))

    def settings(self, way: str, **more: Any) -> Settings:
        """The settings of the administrator, who comes by this way."""
        store = {"redis": f"redis://127.0.0.1:{self.store_port}/0"}
        return Settings(**self.way(way) | store | more)

    def way(self, way: str, user: str = "admin") -> dict[str, Any]:
        """The settings of Kafka alone."""
        scram = self.made.settings(user, f"127.0.0.1:{self.port}")
        if way == "mutual TLS":
            cert, key = self.certificate(user)
            return {
                "kafka": f"127.0.0.1:{self.made.certs_port}",
                "kafka_security_protocol": "SSL",
                "kafka_ssl_ca": str(self.made.ca),
                "kafka_ssl_cert": str(cert),
                "kafka_ssl_key": str(key),
            }
        if way != "OAUTHBEARER":
            return scram | {"kafka_sasl_mechanism": way}
        del scram["kafka_user"], scram["kafka_password"]
        return scram | {
            "kafka_sasl_mechanism": way,
            "kafka_oauth_endpoint": f"{self.tokens.url}/token",
            "kafka_oauth_client_id": "overcast",
            "kafka_oauth_client_secret": CLIENT_SECRET,
        }

    def certificate(self, user: str, life: timedelta = timedelta(days=1)) -> tuple[Path, Path]:
        """A certificate of a user."""
        return self.made.authority.issue(user, life=life).write(self._folder, user)

    def stop(self) -> None:
        """End the servers."""
        stop(self._broker, self._store)
        self.tokens.shutdown()
        self.tokens.server_close()
