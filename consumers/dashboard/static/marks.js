// Small marks that several parts of the page draw: a ball of an over, the bar of the chances.

import { h, width } from "./dom.js";
import { perCent } from "./words.js";

export function ball(mark) {
  const kind = mark === "W" ? "out" : mark === "4" || mark === "6" ? "boundary" : "";
  return h("span", { class: `ball ${kind}` }, mark === "." ? "\u2022" : mark);
}

export function bar(row) {
  const [first, second] = row.chances;
  return h(
    "div",
    { class: "bar" },
    h("span", { class: "one" }, `${row.short[0]} ${perCent(first)}`),
    h("div", { class: "track", "aria-hidden": "true" }, width(h("div", { class: "fill" }), first)),
    h("span", { class: "two" }, `${row.short[1]} ${perCent(second)}`),
  );
}
