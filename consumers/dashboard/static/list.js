// The list of matches: score, chances, who is gaining. Rows keep their elements, and so the focus.

import { h, put, svg } from "./dom.js";
import { chances } from "./marks.js";
import { ago, points } from "./words.js";

const SILENT_S = 30; // seconds; after them a match in play is shown as silent
const GAIN = 0.03; // of 1, over two overs: less is noise
const TITLES = { play: "In play", done: "Finished" };

export class ListView {
  constructor(main) {
    this.rows = new Map();
    this.lists = { play: h("ul", { class: "matches" }), done: h("ul", { class: "matches" }) };
    this.empty = h(
      "p",
      { class: "empty" },
      "No forecast has been heard yet. Start a feed, for example: overcast replay --speed 60",
    );
    this.parts = Object.fromEntries(
      Object.entries(this.lists).map(([name, list]) => [
        name,
        h("section", { "aria-label": TITLES[name] }, h("h2", {}, TITLES[name]), list),
      ]),
    );
    put(main, h("h1", {}, "Matches"), this.empty, this.parts.play, this.parts.done);
  }

  title() {
    return "Matches \u00b7 Overcast";
  }

  heardAt(doc) {
    return Math.max(0, ...doc.rows.map((row) => row.at)) || null;
  }

  inPlay(doc) {
    return Boolean(doc?.rows.some((row) => row.state !== "result"));
  }

  // Show how long a match has been silent: by the clock, since no message will say it.
  tick(now) {
    for (const { row, tag } of this.rows.values()) {
      const silent = row.state === "in play" ? (now - row.at) / 1000 : 0;
      const text = silent > SILENT_S ? `silent for ${ago(silent)}` : row.state;
      if (tag.textContent !== text) put(tag, text);
      tag.dataset.state = silent > SILENT_S ? "silent" : row.state;
    }
  }

  show(doc) {
    const sorted = [...doc.rows].sort(
      (a, b) => b.date.localeCompare(a.date) || a.id.localeCompare(b.id),
    );
    this.empty.hidden = sorted.length > 0;
    for (const [name, list] of Object.entries(this.lists)) {
      const rows = sorted.filter((row) => (row.state === "result") === (name === "done"));
      this.parts[name].hidden = rows.length === 0;
      const items = rows.map((row) => this.item(row));
      arrange(list, items);
    }
    const ids = new Set(doc.rows.map((row) => row.id));
    for (const [id, { item }] of this.rows) {
      if (ids.has(id)) continue;
      item.remove();
      this.rows.delete(id);
    }
  }

  // The list item of a match, made once and filled again when its row has changed.
  item(row) {
    if (!this.rows.has(row.id)) this.rows.set(row.id, newItem(row.id));
    const entry = this.rows.get(row.id);
    if (entry.row !== row) put(entry.link, card(row, entry.tag));
    entry.row = row;
    return entry.item;
  }
}

function newItem(id) {
  const href = `/match/${id.split("/").map(encodeURIComponent).join("/")}`;
  const link = h("a", { class: "match", href });
  return { link, item: h("li", {}, link), tag: h("span", { class: "tag" }), row: null };
}

// Only what stands in the wrong place is moved: a moved element loses the focus.
function arrange(list, items) {
  items.forEach((item, i) => {
    if (list.children[i] !== item) list.insertBefore(item, list.children[i] ?? null);
  });
}

function card(row, tag) {
  return [
    h("p", { class: "meta" }, [row.event || "Match", row.date].join(" \u00b7 "), tag),
    h("p", { class: "line" }, h("strong", {}, row.teams.join(" v "))),
    h(
      "p",
      { class: "score" },
      h("span", { class: "now" }, row.score),
      row.earlier.map((innings) => h("span", { class: "earlier" }, innings)),
    ),
    chances(row),
    h(
      "p",
      { class: "foot" },
      spark(row.chart),
      h("span", {}, row.result || row.need || row.ball),
      gain(row),
    ),
  ];
}

function gain(row) {
  if (row.result || Math.abs(row.moved) < GAIN) return "";
  const side = row.moved > 0 ? 0 : 1;
  return h(
    "span",
    { class: side ? "moving two" : "moving one", title: "over the last twelve balls" },
    `${row.short[side]} ${points(Math.abs(row.moved))} in two overs`,
  );
}

// The course of the match as a small line.
function spark(values) {
  if (values.length < 2) return "";
  const step = 100 / (values.length - 1);
  const path = values
    .map((value, i) => `${(i * step).toFixed(1)},${(24 - 24 * value).toFixed(1)}`)
    .join(" ");
  return svg(
    "svg",
    { class: "spark", viewBox: "0 -1 100 26", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("line", { x1: "0", y1: "12", x2: "100", y2: "12" }),
    svg("polyline", { points: path }),
  );
}
