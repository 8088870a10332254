// The last balls in words, the newest first.

import { h } from "../dom.js";
import { ball } from "../marks.js";
import { perCent, points } from "../words.js";

const SHOWN = 24; // balls of the commentary; all of them are in the overs

export function commentary({ head, points: balls }) {
  const latest = balls.slice(-SHOWN).reverse();
  return h(
    "ol",
    { class: "commentary", reversed: true },
    latest.map((point) => line(point, head.row.short[0])),
  );
}

function line(point, first) {
  return h(
    "li",
    { class: point.wicket ? "out" : "" },
    h("span", { class: "when" }, point.ball),
    ball(point.mark),
    h(
      "span",
      { class: "what" },
      point.text,
      point.milestones.length ? h("em", {}, ` ${point.milestones.join(", ")}`) : "",
      point.revision ? h("span", { class: "notice" }, "corrected") : "",
    ),
    h("span", { class: "quiet" }, `${point.runs}/${point.wickets}`),
    h("span", { class: "odd" }, `${first} ${perCent(point.chance)} (${points(point.added)})`),
  );
}
