"""The pages that need no JavaScript: signing in, and what stands in the way of it."""

from functools import cache
from html import escape
from importlib import resources
from string import Template
from urllib.parse import urlencode, urlsplit

from consumers.dashboard.sign_in.entrance import Entrance
from consumers.dashboard.sign_in.origins import START, within

FORM = """\
      <form method="post" action="/session">
        <input type="hidden" name="to" value="{to}">
        <label for="token">Token</label>
        <input id="token" name="token" type="password" autocomplete="current-password" required \
autofocus>
        <button>Sign in</button>
      </form>
      <p class="quiet">Whoever runs this page can give you a token.</p>"""
BY_ISSUER = '      <p><a class="button" href="/oidc/start?{query}">Sign in with {issuer}</a></p>'
OR = '      <p class="or quiet">or</p>'
ERROR = '      <p class="error" role="alert">{text}</p>'
BACK = '      <p><a href="{to}">{text}</a></p>'


@cache
def _shell() -> Template:
    file = resources.files("consumers.dashboard") / "static/notice.html"
    return Template(file.read_text("utf-8"))


def is_api(path: str) -> bool:
    """Whether a path is asked by programs, who are answered in JSON."""
    return path.startswith("/api/")


def notice(title: str, text: str, to: str = START, back: str = "Back to the matches") -> str:
    """A page with one sentence, and a link that leads on."""
    link = BACK.format(to=escape(to), text=escape(back))
    body = f"      <p>{escape(text)}</p>\n{link}"
    return _shell().substitute(title=escape(title), body=body)


def sign_in(entrance: Entrance, to: str, error: str = "") -> str:
    """The page to sign in on, by the ways that are configured; then it leads to where one was."""
    to, parts = within(to), []
    if error:
        parts.append(ERROR.format(text=escape(error)))
    if entrance.issuer is not None:
        query, issuer = escape(urlencode({"to": to})), urlsplit(entrance.issuer.url).hostname
        parts.append(BY_ISSUER.format(query=query, issuer=escape(issuer or "")))
    if entrance.issuer is not None and entrance.tokens.exist:
        parts.append(OR)
    if entrance.tokens.exist:
        parts.append(FORM.format(to=escape(to)))
    return _shell().substitute(title="Sign in", body="\n".join(parts))
