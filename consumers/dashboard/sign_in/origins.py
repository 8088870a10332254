"""Whether a request comes from a page of ours, and to where a person may be sent back."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers

START = "/"
LONGEST = 1_000  # characters: it is kept while somebody signs in


def is_ours(headers: Headers, public_url: str) -> bool:
    """Whether a browser says that a request comes from this page; others say nothing.

    Without a public URL the page is known by the host that the request names: a proxy may speak
    https where the page speaks http.
    """
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    if public_url:
        return origin == public_url
    host = headers.get("host", "").lower()
    return bool(host) and origin in {f"http://{host}", f"https://{host}"}


def within(to: str) -> str:
    r"""A path of this page, to which a person may be sent; the start for everything else.

    >>> within("/match/m?x=1"), within("//elsewhere/x"), within("/\\elsewhere")
    ('/match/m?x=1', '/', '/')
    """
    if not to.startswith("/") or to.startswith("//") or len(to) > LONGEST:
        return START
    if "\\" in to or " " in to or not to.isprintable():
        return START
    try:
        parts = urlsplit(to)
    except ValueError:
        return START
    return START if parts.scheme or parts.netloc else to
