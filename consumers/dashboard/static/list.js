// The list of matches: score, chances, who is moving. Rows keep their elements, and so the focus.

import { h, put, svg } from "./dom.js";
import { bar } from "./marks.js";
import { ago, points } from "./words.js";

const SILENT_S = 30; // seconds; after them a match in play is said to be silent
const MOVING = 0.03; // of 1, over two overs: less is noise
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

  // How long a match has been silent is told by the clock, not by a message.
  tick(now) {
    for (const { said, tag } of this.rows.values()) {
      const silent = said.state === "in play" ? (now - said.at) / 1000 : 0;
      const text = silent > SILENT_S ? `silent for ${ago(silent)}` : said.state;
      if (tag.textContent !== text) put(tag, text);
      tag.dataset.state = silent > SILENT_S ? "silent" : said.state;
    }
  }

  show(doc) {
    const sorted = [...doc.rows].sort(
      (a, b) => b.date.localeCompare(a.date) || a.id.localeCompare(b.id),
    );
    this.empty.hidden = sorted.length > 0;
    for (const [name, list] of Object.entries(this.lists)) {
      const own = sorted.filter((row) => (row.state === "result") === (name === "done"));
      this.parts[name].hidden = own.length === 0;
      this.arrange(
        list,
        own.map((row) => this.row(row)),
      );
    }
    for (const [id, kept] of this.rows)
      if (!doc.rows.some((row) => row.id === id)) {
        kept.item.remove();
        this.rows.delete(id);
      }
  }

  // Only what stands in the wrong place is moved: a moved element loses the focus.
  arrange(list, items) {
    items.forEach((item, i) => {
      if (list.children[i] !== item) list.insertBefore(item, list.children[i] ?? null);
    });
  }

  row(row) {
    let kept = this.rows.get(row.id);
    if (!kept) {
      const link = h("a", {
        class: "match",
        href: `/match/${row.id.split("/").map(encodeURIComponent).join("/")}`,
      });
      kept = { link, item: h("li", {}, link), tag: h("span", { class: "tag" }), said: null };
      this.rows.set(row.id, kept);
    }
    if (kept.said !== row) put(kept.link, card(row, kept.tag));
    kept.said = row;
    return kept.item;
  }
}

function card(row, tag) {
  return [
    h("p", { class: "meta" }, [row.event || "Match", row.date].join(" \u00b7 "), tag),
    h("p", { class: "line" }, h("strong", {}, row.teams.join(" v "))),
    h(
      "p",
      { class: "score" },
      h("span", { class: "now" }, row.score),
      row.earlier.map((told) => h("span", { class: "earlier" }, told)),
    ),
    bar(row),
    h(
      "p",
      { class: "foot" },
      spark(row.chart),
      h("span", {}, row.result || row.need || row.ball),
      moving(row),
    ),
  ];
}

function moving(row) {
  if (row.state === "result" || Math.abs(row.moved) < MOVING) return "";
  const who = row.moved > 0 ? 0 : 1;
  return h(
    "span",
    { class: who ? "moving two" : "moving one", title: "over the last twelve balls" },
    `${row.short[who]} ${points(Math.abs(row.moved))} in two overs`,
  );
}

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
