// Small marks that several parts of the page draw.

import { h, width } from "./dom.js";
import { perCent } from "./words.js";

// One ball of an over: its runs, or how it went.
export function ball(mark) {
  const kind = mark === "W" ? "out" : mark === "4" || mark === "6" ? "boundary" : "";
  return h("span", { class: `ball ${kind}` }, mark === "." ? "\u2022" : mark);
}

// A bar filled up to a share of its length.
export function track(share, kind = "") {
  const fill = h("div", { class: `fill ${kind}` });
  return h("div", { class: "track", "aria-hidden": "true" }, width(fill, share));
}

// The win probabilities of both sides, with a bar between them; nothing where a match ended with
// nobody to have won it.
export function chances(row) {
  if (!row.chances) return "";
  const [first, second] = row.chances;
  return h(
    "div",
    { class: "bar" },
    h("span", { class: "one" }, `${row.short[0]} ${perCent(first)}`),
    track(first),
    h("span", { class: "two" }, `${row.short[1]} ${perCent(second)}`),
  );
}

// A paragraph in quiet type, such as that there is nothing to show yet.
export function remark(text) {
  return h("p", { class: "quiet" }, text);
}
