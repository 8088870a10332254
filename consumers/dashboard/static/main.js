// The page: shows the view that the address names, follows links without loading, and says in what
// state the feed is.

import { showAccount } from "./account.js";
import { put } from "./dom.js";
import { Feed } from "./feed.js";
import * as fold from "./fold.js";
import { ListView } from "./list.js";
import { MatchView } from "./match.js";
import { ModelsView } from "./models.js";
import { OperatorView } from "./operator.js";
import { ago } from "./words.js";

const SILENT_S = 30; // seconds without a message while a match is in play, before that is shown
const main = document.getElementById("main");
const announcement = document.getElementById("announcement");
const status = document.getElementById("feed");
let feed = null;
let view = null;
let state = "connecting";
let shownPath = "";

const STATES = {
  connecting: "connecting",
  reading: "reading the log",
  live: "live",
  lost: "reconnecting",
  unreachable: "Kafka does not answer",
  missing: "not heard of yet",
};

// What the address names: its view, the channel that feeds it, and its link in the navigation.
function route() {
  const path = decodeURIComponent(location.pathname);
  if (path.startsWith("/match/")) {
    const id = path.slice("/match/".length);
    const encoded = id.split("/").map(encodeURIComponent).join("/");
    const url = `/api/matches/${encoded}`;
    return { view: new MatchView(main, announce), channel: `match/${id}`, url, fold: fold.match };
  }
  if (path === "/operator") {
    const view = new OperatorView(main, announce); // shown again whenever a model changes
    return { view, channel: "models", url: "/api/models", fold: fold.models, page: "operator" };
  }
  const page = path === "/models" ? "models" : "matches";
  const common = { channel: page, url: `/api/${page}`, page };
  if (page === "models") return { ...common, view: new ModelsView(main), fold: fold.models };
  return { ...common, view: new ListView(main), fold: fold.list };
}

function open() {
  feed?.close();
  feed = null; // the next feed reports before it is assigned: not with the old one's document
  view?.close?.();
  shownPath = location.pathname;
  const target = route();
  view = target.view;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.dataset.page === target.page) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  feed = new Feed(target.channel, target.url, target.fold, show, report);
}

function show(doc, delta) {
  document.title = view.title(doc);
  view.show(doc, delta);
  tick();
}

function report(feedState) {
  state = feedState;
  tick();
}

// Show how fresh the page is: not live, or live and silent.
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
  put(announcement, text);
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
  if (location.pathname !== shownPath) open(); // not for a jump within the page
});
setInterval(tick, 1000);
showAccount();
open();
