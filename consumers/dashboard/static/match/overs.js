// The over that is being bowled, and all overs of each innings, the newest first.

import { h } from "../dom.js";
import { ball } from "../marks.js";

export function thisOver({ head }) {
  const bowler = head.card.bowler?.name ?? "";
  return h(
    "p",
    { class: "this-over" },
    h("span", { class: "quiet" }, `${head.row.result ? "Last over" : "This over"}, ${bowler}: `),
    head.card.this_over.map(ball),
  );
}

export function overs({ cards }) {
  return cards.map((card) =>
    h(
      "section",
      { "aria-label": `${card.batting}, overs` },
      h("h3", {}, card.batting),
      h("ol", { class: "overs-list" }, card.overs.map(overLine).reverse()),
    ),
  );
}

function overLine(over) {
  return h(
    "li",
    {},
    h("span", { class: "when" }, over.number + 1),
    h("span", { class: "what" }, over.bowler),
    h("span", { class: "balls" }, over.marks.map(ball)),
    h("span", {}, over.runs),
    h("span", { class: "quiet" }, over.score),
  );
}
