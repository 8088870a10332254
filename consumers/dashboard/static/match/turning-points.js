// The balls that moved the win probability most.

import { h } from "../dom.js";
import { ball, remark } from "../marks.js";
import { points, shortName } from "../words.js";

export function turningPoints({ head, points: balls, cards }) {
  const { row } = head;
  const batting = new Map(cards.map((card) => [card.number, shortName(row, card.batting)]));
  const chosen = head.turning
    .map(([seq, rank]) => balls.find((point) => point.seq === seq && point.rank === rank))
    .filter(Boolean);
  if (!chosen.length) return remark("None yet.");
  return h(
    "ol",
    { class: "turns" },
    chosen.map((point) => turningPoint(point, row, batting.get(point.innings) ?? "")),
  );
}

function turningPoint(point, row, batting) {
  const side = point.added >= 0 ? 0 : 1;
  const score = h("span", { class: "quiet" }, ` ${point.runs}/${point.wickets}`);
  const gain = `${row.short[side]} ${points(Math.abs(point.added))}`;
  return h(
    "li",
    {},
    h("span", { class: "when" }, `${batting} ${point.ball}`),
    ball(point.mark),
    h("span", { class: "what" }, point.text, score),
    h("strong", { class: side ? "two" : "one" }, gain),
  );
}
