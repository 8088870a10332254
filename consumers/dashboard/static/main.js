// The page: which view the address names, links followed without loading, the state of the feed.

import { put } from "./dom.js";
import { Feed } from "./feed.js";
import * as fold from "./fold.js";
import { ListView } from "./list.js";
import { MatchView } from "./match.js";
import { ModelsView } from "./models.js";
import { ago } from "./words.js";

const SILENT_S = 30; // seconds without a word on a match in play before that is shown
const main = document.getElementById("main");
const told = document.getElementById("told");
const status = document.getElementById("feed");
let feed = null;
let view = null;
let state = "connecting";
let shown = "";

const STATES = {
  connecting: "connecting",
  reading: "reading the log",
  live: "live",
  lost: "reconnecting",
  unreachable: "Kafka does not answer",
  missing: "not heard of yet",
};

function route() {
  const path = decodeURIComponent(location.pathname);
  if (path.startsWith("/match/")) {
    const id = path.slice("/match/".length);
    const encoded = id.split("/").map(encodeURIComponent).join("/");
    return [
      new MatchView(main, announce),
      `match/${id}`,
      `/api/matches/${encoded}`,
      fold.match,
      "",
    ];
  }
  if (path === "/models")
    return [new ModelsView(main), "models", "/api/models", fold.models, "models"];
  return [new ListView(main), "matches", "/api/matches", fold.list, "matches"];
}

function open() {
  feed?.close();
  feed = null; // what is said while the next one is made is not of the old one's document
  view?.close?.();
  shown = location.pathname;
  const [made, channel, url, folded, page] = route();
  view = made;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.dataset.page === page) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  feed = new Feed(
    channel,
    url,
    folded,
    (doc, delta) => {
      document.title = view.title(doc);
      view.show(doc, delta);
      tick();
    },
    (said) => {
      state = said;
      tick();
    },
  );
}

// Says how fresh the page is: not live, or live and silent.
function tick() {
  const at = feed?.doc ? view.heardAt(feed.doc) : null;
  if (feed?.doc) view.tick?.(feed.now());
  const silent = at ? (feed.now() - at) / 1000 : 0;
  const stale = state === "live" && view.inPlay(feed?.doc) && silent > SILENT_S;
  const text = stale ? `feed silent for ${ago(silent)}` : (STATES[state] ?? state);
  if (status.textContent !== text) put(status, text);
  status.dataset.state = stale ? "silent" : state;
  main.dataset.stale = String(stale || state === "lost" || state === "unreachable");
}

function announce(text) {
  put(told, text);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='/']");
  const plain = !(event.metaKey || event.ctrlKey || event.shiftKey || event.button);
  if (!link || !plain || link.getAttribute("href").startsWith("/api")) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  open();
  main.focus();
  scrollTo(0, 0);
});
addEventListener("popstate", () => {
  if (location.pathname !== shown) open(); // a jump within the page is none to another
});
setInterval(tick, 1000);
open();
