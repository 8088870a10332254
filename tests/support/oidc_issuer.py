"""An issuer of OpenID Connect on the loopback, which signs in everybody who comes, as it is told.

It holds the page to its part: the redirect that is registered, PKCE, the client's secret, and each
code once. `spoil` changes what it answers.
"""

import base64
import hashlib
import json
import secrets
import ssl
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "page"
CLIENT_SECRET = "a secret of this test"  # noqa: S105
LIFE_SECONDS = 300


class OidcIssuer(ThreadingHTTPServer):
    """The issuer; `person` are the claims of whoever signs in next."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        if context is not None:
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.url = f"http{'s' if context else ''}://127.0.0.1:{self.server_port}"
        self.key = RSAKey.generate_key(2048, parameters={"kid": "1"})
        self.signing_key = self.key  # that of a stranger, if a test wants so
        self.redirect = ""
        self.secret = CLIENT_SECRET
        self.person: dict[str, Any] = {"sub": "17"}
        self.spoil: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "1"}
        self.described: Any = {}  # instead of its own, or all of it if it is no object
        self.sign: Callable[[dict[str, Any]], str] = self._signed
        self.signed_in = 0
        self.fetched_keys = 0
        self._codes: dict[str, dict[str, str]] = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """End the server."""
        self.shutdown()
        self.server_close()

    def description(self) -> Any:
        if not isinstance(self.described, dict):
            return self.described
        own = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "HS256"],
            "code_challenge_methods_supported": ["S256"],
        }
        return own | self.described

    def keys(self) -> dict[str, Any]:
        self.fetched_keys += 1
        return {"keys": [self.key.as_dict(private=False)]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent with a code."""
        assert asked["client_id"] == CLIENT
        assert asked["redirect_uri"] == self.redirect, "the redirect is not the registered one"
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self._codes[code] = asked
        return f"{self.redirect}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, asked: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The tokens for a code; None if it is not whom the code was given to."""
        begun = self._codes.pop(asked.get("code", ""), None)
        if begun is None or not self._is_client(asked, authorization):
            return None
        digest = hashlib.sha256(asked["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if challenge != begun["code_challenge"] or asked["redirect_uri"] != self.redirect:
            return None
        self.signed_in += 1
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "nonce": begun["nonce"], "iat": now}
        claims |= {"exp": now + LIFE_SECONDS} | self.person
        id_token = self.sign(self.spoil(claims))
        return {"access_token": "a", "token_type": "Bearer", "id_token": id_token}

    def _signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode(self.header, claims, self.signing_key)

    def _is_client(self, asked: dict[str, str], authorization: str) -> bool:
        if not self.secret:
            return asked.get("client_id") == CLIENT
        proof = base64.b64encode(f"{CLIENT}:{self.secret}".encode()).decode()
        return authorization == f"Basic {proof}"


class _Handler(BaseHTTPRequestHandler):
    server: OidcIssuer

    def do_GET(self) -> None:
        path, issuer = urlsplit(self.path), self.server
        if path.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(path.query).items()}
            self.send_response(302)
            self.send_header("Location", issuer.authorize(asked))
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif path.path == "/jwks":
            self._answer(200, issuer.keys())
        else:
            self._answer(200, issuer.description())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = {name: values[0] for name, values in parse_qs(body).items()}
        tokens = self.server.token(asked, self.headers.get("Authorization", ""))
        self._answer(200 if tokens else 400, tokens or {"error": "invalid_grant"})

    def _answer(self, status: int, body: Any) -> None:
        self.send_response(status)
        content = json.dumps(body).encode()
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None: ...
