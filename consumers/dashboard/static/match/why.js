// Why the chance is what it is: what each group of causes adds to one half, in points.

import { h } from "../dom.js";
import { track } from "../marks.js";
import { points, shortName } from "../words.js";

const NAMES = {
  state: "the situation",
  ground: "the ground",
  sides: "sides and competition",
  players: "the players",
  conditions: "conditions so far",
  learning: "learned beyond it",
};
const NOTE =
  "Points above 50 %; they add up to the chance, a tie counted half. In brackets: since the ball before.";

export function why({ head }) {
  if (!head.why.length) return "";
  const longest = Math.max(...head.why.map(({ share }) => Math.abs(share)), 0.01);
  return h(
    "div",
    {},
    h("p", { class: "quiet" }, `For ${shortName(head.row, head.card.batting)}:`),
    h(
      "ul",
      { class: "bars both" },
      head.why.map((reason) => line(reason, longest)),
    ),
    h("p", { class: "note" }, NOTE),
  );
}

function line({ name, share, moved }, longest) {
  const since = moved === null ? "" : ` (${points(moved)})`;
  return h(
    "li",
    {},
    h("span", {}, NAMES[name] ?? name),
    track(Math.abs(share) / longest, share < 0 ? "out" : ""),
    h("span", {}, points(share) + since),
  );
}
