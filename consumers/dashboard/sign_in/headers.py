"""Headers of every answer: what a browser may do with it, and who may keep it."""

from starlette.datastructures import MutableHeaders

SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
POLICY = "; ".join(f"{directive} {source}" for directive, source in SOURCES.items())
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",  # for browsers that do not know frame-ancestors
    # Not `no-referrer`, under which a browser sends forms with `Origin: null`: they would look as
    # if they came from elsewhere.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
YEAR = 31_536_000  # seconds
HTTPS_ONLY = {"strict-transport-security": f"max-age={YEAR}"}
NEVER_KEPT = "no-store"


def add_headers(headers: MutableHeaders, *, https: bool, private: bool) -> None:
    """Add to an answer what it does not say itself; a private one is kept nowhere."""
    for name, value in (HEADERS | HTTPS_ONLY if https else HEADERS).items():
        headers.setdefault(name, value)
    if private:
        headers["cache-control"] = NEVER_KEPT
    else:
        headers.setdefault("cache-control", NEVER_KEPT)
