// The score, and beside it the forecast.

import { h } from "../dom.js";
import { chances } from "../marks.js";
import { points, rate, shortName } from "../words.js";

export function scoreboard({ head }) {
  return h("div", { class: "board" }, score(head), forecast(head));
}

function score({ row, card }) {
  return h(
    "div",
    { class: "batting" },
    card.earlier.map((innings) => h("p", { class: "earlier" }, innings)),
    h("p", { class: "team" }, card.batting, card.super_over ? " (super over)" : ""),
    h(
      "p",
      { class: "big" },
      `${card.runs}/${card.wickets}`,
      h("span", { class: "overs" }, `${card.overs} ov`),
    ),
    h("p", { class: "rates" }, rates(card).join(" \u00b7 ")),
    row.result || row.need ? h("p", { class: "need" }, row.result || row.need) : "",
  );
}

function rates(card) {
  const texts = [`run rate ${rate(card.run_rate)}`];
  if (card.required_rate !== null) texts.push(`required ${rate(card.required_rate)}`);
  if (card.powerplay) texts.push(`${card.powerplay} powerplay`);
  if (card.free_hit) texts.push("free hit");
  return texts;
}

function forecast({ row, card, total, win_added, leverage, innings_over }) {
  const batting = shortName(row, card.batting);
  const interval = `80 % between ${total.q10.toFixed(0)} and ${total.q90.toFixed(0)}`;
  const hanging = `${(100 * leverage).toFixed(1)} points`;
  return h(
    "div",
    { class: "odds" },
    h("p", { class: "team" }, "Win probability"),
    chances(row),
    h(
      "dl",
      {},
      figure("Live forecast", `${batting} ${total.mean.toFixed(0)}`, interval),
      figure("Last ball", `${batting} ${points(win_added)} points`, row.ball),
      innings_over ? "" : figure("Leverage", hanging, "hang on the next ball"),
    ),
  );
}

function figure(term, value, detail) {
  return h(
    "div",
    {},
    h("dt", {}, term),
    h("dd", {}, h("strong", {}, value), h("span", { class: "quiet" }, detail)),
  );
}
